"""trialrun: takes a registered clinical trial and runs it."""

__version__ = "0.1.0"
