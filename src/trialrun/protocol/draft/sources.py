"""Several sources of one trial, merged field by field; who states what, and where they differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from trialrun.errors import InputError, shortened
from trialrun.registry.compare import Difference, differences
from trialrun.registry.reading import unescape
from trialrun.registry.record import Record


@dataclass(frozen=True, slots=True)
class Source:
    """A record and how the draft names it: `record NCT04062006 of the store, processed 2020-07-28`."""

    record: Record
    label: str


@dataclass(frozen=True, slots=True)
class Merged:
    """One record from several.

    Args:
        record: Each field from the first source that states it.
        labels: `S1`, `S2`, … with the sources' names.
        differences: Fields two sources state differently, with the later source's id.
    """

    record: Record
    labels: dict[str, str]
    differences: tuple[tuple[str, Difference], ...]

    def key_for(self, path: str) -> str:
        """The sources of a field, as comments name them."""
        return "S1" if len(self.labels) == 1 else "S1" + "".join(self._also(path))

    def _also(self, path: str) -> list[str]:
        differing = {key for key, difference in self.differences if difference.path.startswith(path)}
        return [f" not {key}" for key in self.labels if key in differing]


def merge(sources: Sequence[Source]) -> Merged:
    """Merges sources of one trial.

    Raises:
        InputError: there is none, or they are of different trials.
    """
    if not sources:
        raise InputError("a draft needs a record", hint="Example: trialrun draft NCT04062006")
    first = sources[0].record
    document = first.to_json()
    found: list[tuple[str, Difference]] = []
    for number, source in enumerate(sources[1:], 2):
        if source.record.nct_id != first.nct_id:
            raise InputError(
                f"{source.label} is {source.record.nct_id}, but {sources[0].label} is {first.nct_id}",
                hint="One draft is made from sources of one trial.",
            )
        found += [(f"S{number}", difference) for difference in differences(first, source.record) if _real(difference)]
        other = source.record.to_json()
        other.pop("_provenance", None)
        document = _filled(document, other)
    labels = {f"S{number}": source.label for number, source in enumerate(sources, 1)}
    return Merged(Record.from_json(document), labels, tuple(found))


def _real(difference: Difference) -> bool:
    """Differences of escapes and white space are none."""
    return _folded(difference.first) != _folded(difference.second)


def _folded(value: Any) -> str:
    return " ".join(unescape(str(value)).split()).casefold()


def _filled(document: Any, other: Any) -> Any:
    """The document with fields it does not state taken from another; what it states stays."""
    if isinstance(document, dict) and isinstance(other, dict):
        filled = {key: _filled(value, other[key]) if key in other else value for key, value in document.items()}
        return {**filled, **{key: value for key, value in other.items() if key not in document}}
    return document if document not in (None, [], "") else other


def quoted(key: str, value: Any) -> str:
    """One side of a difference as a conflict quotes it."""
    return f"{key}: {shortened(str(value), 200)}"
