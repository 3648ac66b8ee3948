"""Open questions as a file to fill in: what `trialrun screen --ask` writes and `--answers` reads back."""

from __future__ import annotations

from collections.abc import Iterable

from trialrun.csv_text import csv_text
from trialrun.patients.answers import ASKING, COLUMNS
from trialrun.screening.questions import Question


def asking_csv(rows: Iterable[Question]) -> str:
    """Questions about one or many people as CSV, one a line; answer, name and date are left empty.

    The columns are those of an answers file, and more that say who is asked what, when it matters and what each answer
    does. Lines that stay empty are read as not answered.
    """
    return csv_text([(*COLUMNS, *ASKING), *(_line(one) for one in rows)])


def _line(one: Question) -> tuple[str, ...]:
    return (one.person, one.item, "", "", "", one.who, one.words, one.only_if, one.yes, one.no)
