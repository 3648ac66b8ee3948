def equivalent_of(leaves, as_drug):
    return 1.0 if leaves == ("prednisone",) else None
