"""Benchmarks: figures with their rival in the same run; never a test that fails on time."""
