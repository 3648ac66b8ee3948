"""Tests by purpose; see README.md."""
