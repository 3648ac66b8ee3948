"""The protocol file: model, reading with positions, drafting, checks, decisions, schedule."""
