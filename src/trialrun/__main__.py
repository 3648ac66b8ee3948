"""Runs trialrun as `python -m trialrun`."""

from trialrun.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
