"""What a rule means for one person: the slow, obvious definition that every fast path must agree with."""
