"""Registry prose read for what can be run: doses, dosing days, routes, time frames, durations.

Precision before recall: what is ambiguous is not read.
"""
