"""The people: the person contract that every reader fills and every evaluator reads, and the readers themselves."""
