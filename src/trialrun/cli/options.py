"""Options that several commands share."""

from __future__ import annotations

from datetime import date
from typing import Annotated, TypeAlias

from cyclopts import Parameter

from trialrun.errors import GrammarError, UsageError
from trialrun.vocabulary.calendar import parse_date

Flag: TypeAlias = Annotated[bool, Parameter(negative="", show_default=False)]
"""An option without a value: it is off unless it is named."""


def day(text: str, option: str) -> date:
    """The date an option gives.

    Raises:
        UsageError: it is no date.
    """
    try:
        return parse_date(text)
    except GrammarError as error:
        raise UsageError(f"{option}: {error}", hint=error.hint) from None


def day_or_today(text: str | None, option: str) -> date:
    """The date an option gives, or today.

    Raises:
        UsageError: it is no date.
    """
    return date.today() if text is None else day(text, option)
