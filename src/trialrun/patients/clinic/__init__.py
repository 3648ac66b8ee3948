"""The virtual clinic: made-up people of any number, the same ones for the same seed."""
