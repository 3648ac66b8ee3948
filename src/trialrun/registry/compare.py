"""Two records field by field, wherever both state one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from trialrun.registry.record import Record


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that two records state differently."""

    path: str
    first: Any
    second: Any


def differences(first: Record, second: Record) -> tuple[Difference, ...]:
    """Fields both records state, with other values; provenance is not compared."""
    one, other = first.to_json(), second.to_json()
    one.pop("_provenance", None)
    other.pop("_provenance", None)
    return tuple(_compare(one, other, ""))


def _compare(one: Any, other: Any, path: str) -> Iterator[Difference]:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in (key for key in one if key in other):
            yield from _compare(one[key], other[key], f"{path}.{key}" if path else key)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, (inner, its) in enumerate(zip(one, other, strict=True)):
            yield from _compare(inner, its, f"{path}[{index}]")
    elif one != other:
        yield Difference(path, one, other)
