"""Scripts that write docs and the demo."""
