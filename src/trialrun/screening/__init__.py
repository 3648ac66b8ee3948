"""Criteria × patients: verdicts with their evidence."""
