"""Records as the registry states them: model, readers, status, store."""
