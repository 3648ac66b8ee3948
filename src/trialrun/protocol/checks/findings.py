"""What a check is, and what it finds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from trialrun.errors import Place
from trialrun.protocol.load import ProtocolFile
from trialrun.protocol.model import Decision, Protocol
from trialrun.protocol.references import resolve
from trialrun.protocol.source import KeyPath
from trialrun.registry.record import Record


class Severity(StrEnum):
    """How much a finding matters.

    A *conflict* is a contradiction between texts that a person must decide: an error as long as no row of
    `decisions` records it, because nothing would be blocked by it; a warning once a row does.
    """

    ERROR = "error"
    WARNING = "warning"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Case:
    """What checks look at.

    Args:
        file: The protocol and its text.
        record: The registry's record, where there is one to compare with.
        today: The date that status and dates are judged on.
    """

    file: ProtocolFile
    record: Record | None
    today: date

    @property
    def protocol(self) -> Protocol:
        """The protocol itself."""
        return self.file.protocol


@dataclass(frozen=True, slots=True)
class Remark:
    """What the function of a check yields: about which value, in which words, quoting which texts.

    Args:
        path: The value it is about; () for the file or the record as a whole.
        message: The finding in words, with the values found.
        texts: The words that contradict each other, for conflicts.
        hint: What to do.
        start: The character of the value that is meant.
    """

    path: KeyPath
    message: str
    texts: tuple[str, ...] = ()
    hint: str | None = None
    start: int = 0


@dataclass(frozen=True, slots=True)
class Check:
    """One check, with what its page in the docs shows.

    Args:
        id: `L01`, `L02`, …
        title: The mistake in a few words.
        severity: How much it matters.
        why: What goes wrong in a study that has it; with sources where a rule is cited.
        look: The check itself; yields a remark per finding.
        fails: Blocks of a protocol file (YAML) that the check finds something in, laid over the example file.
        passes: The same, mended.
        record_fails: For checks against a record: dotted path → value, laid over the example record.
        record_passes: The same, mended.
        acceptable: Whether a named person may accept it; not where the study cannot be run as long as it stands.
    """

    id: str
    title: str
    severity: Severity
    why: str
    look: Callable[[Case], Iterable[Remark]]
    fails: str = ""
    passes: str = ""
    record_fails: tuple[tuple[str, Any], ...] = ()
    record_passes: tuple[tuple[str, Any], ...] = ()
    acceptable: bool = True

    @property
    def can_be_accepted(self) -> bool:
        """Whether accepting it helps: a contradiction needs a row of `decisions`, which holds back what it blocks."""
        return self.acceptable and self.severity is not Severity.CONFLICT

    def __post_init__(self) -> None:
        if not re.fullmatch(r"L\d{2}", self.id):
            raise ValueError(f"'{self.id}' is not the id of a check")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a check found, with its place."""

    check: Check
    remark: Remark
    place: Place
    recorded_as: str | None
    accepted: bool

    @property
    def id(self) -> str:
        """The id of the check."""
        return self.check.id

    @property
    def subject(self) -> str:
        """The value it is about, as a dotted path."""
        return ".".join(str(part) for part in self.remark.path)

    @property
    def is_error(self) -> bool:
        """Whether it must be mended before the protocol is used."""
        if self.check.severity is Severity.CONFLICT:
            return self.recorded_as is None
        return self.check.severity is Severity.ERROR


def findings(case: Case, checks: Iterable[Check]) -> tuple[Finding, ...]:
    """Runs checks; what was accepted by a named person stays in the list, marked.

    Returns:
        Findings in the order of the file.
    """
    found = [_finding(case, check, remark) for check in checks for remark in check.look(case)]
    return tuple(sorted(found, key=lambda item: (item.place.line, item.place.column, item.id, item.remark.message)))


def _finding(case: Case, check: Check, remark: Remark) -> Finding:
    accepted = case.protocol.accepted
    subject = ".".join(str(part) for part in remark.path)
    return Finding(
        check,
        remark,
        case.file.source.place(remark.path, remark.start),
        _recorded_as(case.file, remark) if check.severity is Severity.CONFLICT else None,
        check.can_be_accepted and (check.id in accepted or f"{check.id} {subject}" in accepted),
    )


def _recorded_as(file: ProtocolFile, remark: Remark) -> str | None:
    """The conflict or question that records a contradiction: marked on its value, or quoting its texts."""
    rows = file.protocol.decisions
    for mark in file.source.marks.get(remark.path, ()):
        if mark in rows and mark.startswith("C"):
            return mark
    quoting = (key for key, row in rows.items() if _quotes(row, remark.texts))
    about = (key for key, row in rows.items() if key.startswith("C") and is_about(file, row, remark.path))
    return next(quoting, None) or next(about, None)


def _quotes(row: Decision, texts: tuple[str, ...]) -> bool:
    """Whether a row quotes each of the texts, whole or in part."""
    words = [_words(text) for text in row.texts]
    return bool(texts) and bool(words) and all(any(_overlap(_words(text), own) for own in words) for text in texts)


def _overlap(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether the shorter text's words stand nearly all in the longer one."""
    short, long = sorted((set(one), set(other)), key=len)
    return len(short) > 0 and len(short & long) >= 0.6 * len(short)


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[a-z0-9]+", text.casefold()))


def is_about(file: ProtocolFile, row: Decision, path: KeyPath) -> bool:
    """Whether a row is about a value, or about something that holds it."""
    about = (resolve(file.source.plain, dotted) for dotted in row.about)
    return any(place is not None and path[: len(place)] == place for place in about)


def open_row(key: str, row: Decision) -> dict[str, Any]:
    """A conflict, question or assumption as `check --json` and `decide --json` give it."""
    kind = {"C": "conflict", "Q": "question", "A": "assumption"}[key[0]]
    return {
        "id": key,
        "kind": kind,
        "asks": row.asks,
        "texts": list(row.texts),
        "options": dict(row.options),
        "proposal": row.proposal,
        "blocks": [name for name in row.blocks if name != "none"],
    }


def remarks(*found: Iterator[Remark]) -> Iterator[Remark]:
    """Several streams of remarks as one."""
    for stream in found:
        yield from stream
