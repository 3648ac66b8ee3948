"""One participant's days, many participants' days, and how they are shown."""
