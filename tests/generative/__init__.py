"""Tests: generative."""
