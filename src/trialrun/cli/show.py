"""`trialrun show`: a record in the reader's order."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from trialrun.cli.options import Flag
from trialrun.cli.records import find_record
from trialrun.cli.terminal import say, say_heading, say_json, say_wrapped, warn
from trialrun.errors import EXIT_DONE

_LABEL_WIDTH = 20


def show(nct: str, /, *, home: Path | None = None, json: Flag = False) -> int:
    """Show a registered trial: can I join, what is done, how, by whom, where.

    Example: `trialrun show NCT04062006`

    Parameters
    ----------
    nct
        Number of the trial, or a file with its record or record page.
    home
        Folder of the store; the user's data folder unless given.
    json
        Print the record itself, in the registry's shape.
    """
    from trialrun.registry.reading import sections, source_line

    found = find_record(nct, home)
    record = found.record
    if json:
        say_json(record.to_json())
        return EXIT_DONE
    say_wrapped(f"{record.title} ({record.nct_id})")
    for section in sections(record, date.today()):
        say_heading(section.heading)
        for label, text in section.lines:
            _line(label, text)
    say()
    say_wrapped(source_line(record))
    warn(f"Shown from the {found.origin}.")
    return EXIT_DONE


def _line(label: str, text: str) -> None:
    if not label:
        say_wrapped(text)
    elif len(label) < _LABEL_WIDTH:
        say_wrapped(text, indent=" " * _LABEL_WIDTH, first=label.ljust(_LABEL_WIDTH))
    else:
        say_wrapped(label)
        say_wrapped(text, indent=" " * _LABEL_WIDTH)
