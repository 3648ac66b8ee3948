"""Checks that read a protocol, alone and against its record, for mistakes and for what nobody has decided."""
