"""A protocol file drafted from what is registered: what the prose states is written, everything else is asked."""
