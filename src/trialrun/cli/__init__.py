"""Commands, output, exit codes."""
