"""Eligibility: registry prose split into criteria, each carrying its text."""
