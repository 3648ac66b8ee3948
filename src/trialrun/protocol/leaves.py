"""The leaves of a protocol file: lines of text read by small grammars, each with what an editor shows for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, PlainValidator, WithJsonSchema

from trialrun.errors import GrammarError, did_you_mean, shortened
from trialrun.protocol.activities import names_list
from trialrun.protocol.days import DayList
from trialrun.vocabulary.calendar import WEEKDAYS, Duration, PartialDate
from trialrun.vocabulary.dose import Amount, Dose

NOT_STATED = "not stated"

V = TypeVar("V")


_MARKS = r"(\s*\[[CQA]\d+(\s*,\s*[CQA]\d+)*\])?"
"""An open item may be marked at the end of any value; the reader takes the mark off before the value is read."""


def described(pattern: str | None = None, *examples: str, says: str) -> WithJsonSchema:
    """What editors show for a line of text: a pattern, examples, and what it says."""
    schema: dict[str, Any] = {"type": "string", "description": says}
    if pattern:
        schema["pattern"] = pattern.removesuffix("$") + _MARKS + "$"
    if examples:
        schema["examples"] = list(examples)
    return WithJsonSchema(schema)


def read_line(value: object) -> str:
    """One line of text, white space folded.

    Raises:
        GrammarError: it is a block or a list, or empty; all readers of this file raise it.
    """
    if not isinstance(value, str):
        found = "a list" if isinstance(value, list) else "a block of keys"
        raise GrammarError(f"found {found} where a line of text belongs")
    text = " ".join(value.split())
    if not text:
        raise GrammarError("nothing is written here", 0, 1, "Write a value, or leave the key out.")
    return text


def raw(value: object) -> str:
    """Text with its own spacing, for the grammars that report positions."""
    read_line(value)
    assert isinstance(value, str)
    return value


def one_of(words: tuple[str, ...]) -> Any:
    """A reader that takes some words only."""

    def read(value: object) -> str:
        text = read_line(value)
        if text not in words:
            hint = did_you_mean(text, words) or "Known: " + ", ".join(words) + "."
            raise GrammarError(f"'{shortened(text)}' is not known here", 0, len(text), hint)
        return text

    return read


def read_names(value: object) -> tuple[str, ...]:
    """Names with commas between them."""
    return names_list(raw(value))


def read_week_convention(value: object) -> bool:
    """Whether `week n` is day 7n + 1."""
    text = read_line(value)
    if text not in ("day 7n", "day 7n + 1"):
        raise GrammarError(
            f"'{shortened(text)}' is not a week convention", 0, len(text), "Write: day 7n + 1, or day 7n"
        )
    return text.endswith("+ 1")


def read_weekdays(value: object) -> tuple[str, ...]:
    """Weekdays as Mon … Sun."""
    names = names_list(raw(value))
    for name in names:
        if name not in WEEKDAYS:
            raise GrammarError(f"'{name}' is not a weekday", 0, len(name), "Write Mon, Tue, Wed, Thu, Fri, Sat or Sun")
    return names


def read_yes_no(value: object) -> bool:
    """yes or no."""
    return bool(one_of(("yes", "no"))(value) == "yes")


def read_whole(value: object) -> int:
    """A whole number, thousands separated or not."""
    text = read_line(value).replace(",", "")
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise GrammarError(f"'{shortened(text)}' is not a whole number", 0, len(text), "Write digits: 15")
    return int(text)


def read_round_to(value: object) -> Amount:
    """The step of `to 50,000 IU`."""
    text = raw(value)
    if not text.startswith("to "):
        raise GrammarError(f"'{shortened(text)}' does not say to what", 0, len(text), "Write: to 50,000 IU")
    try:
        step = Amount.parse(text[3:])
    except GrammarError as error:
        raise error.shifted(3) from None
    if step.value == Decimal(0):
        raise GrammarError("rounding to zero is no rounding", 3, len(text) - 3)
    return step


def read_cap(value: object) -> Amount | None:
    """The largest dose; None for `none stated`."""
    text = raw(value)
    return None if text.strip() in ("none stated", "none") else Amount.parse(text)


def read_dose(value: object) -> Dose | None:
    """A dose; None for `not stated`."""
    text = raw(value)
    return None if text.strip() == NOT_STATED else Dose.parse(text)


def read_days(value: object) -> DayList | None:
    """Dosing days; None for `not stated`."""
    text = raw(value)
    return None if text.strip() == NOT_STATED else DayList.parse(text)


def read_cycles(value: object) -> int | None:
    """How many cycles; None for `until stopped`."""
    return None if read_line(value) == "until stopped" else read_whole(value)


Text = Annotated[str, PlainValidator(read_line), described(says="A line of text.")]
Names = Annotated[tuple[str, ...], PlainValidator(read_names), described(says="Names, with commas between them.")]
YesNo = Annotated[bool, PlainValidator(read_yes_no), described("^(yes|no)$", says="yes or no.")]
WholeNumber = Annotated[int, PlainValidator(read_whole), described(r"^[\d,]+$", "15", says="A whole number.")]
Date = Annotated[
    PartialDate,
    PlainValidator(lambda value: PartialDate.parse(raw(value))),
    described(r"^\d{4}(-\d{2}(-\d{2})?)?$", "2026-12-07", says="A date."),
]
Span = Annotated[
    Duration,
    PlainValidator(lambda value: Duration.parse(raw(value))),
    described(r"^\d+ (minute|hour|day|week|month|year)s?$", "3 months", says="An amount of time."),
]


class FrozenMap(Mapping[str, V]):
    """A map that keeps its order and cannot be changed."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, V] | None = None) -> None:
        self._items = dict(items or {})

    def __getitem__(self, key: str) -> V:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return f"FrozenMap({self._items!r})"

    def __deepcopy__(self, memo: dict[int, Any]) -> FrozenMap[V]:
        return self


NONE_GIVEN: FrozenMap[Any] = FrozenMap()

Table = Annotated[Mapping[str, V], AfterValidator(FrozenMap)]
