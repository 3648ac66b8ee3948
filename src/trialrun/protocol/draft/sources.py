"""Several sources of one trial, merged field by field; who states what, and where they differ."""

from __future__ import annotations

import re
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
        filled: Paths that the first source does not state, with the id of the source they were taken from.
    """

    record: Record
    labels: dict[str, str]
    differences: tuple[tuple[str, Difference], ...]
    filled: tuple[tuple[str, str], ...] = ()

    def source_of(self, where: str) -> str:
        """The source that states a field, named as provenance names fields: `S2` of `interventions[0].name`."""
        field = _FIELD.match(where)
        if field is None or field["name"] not in _MODULES:
            return "S1"
        path = f"protocolSection.{_MODULES[field['name']]}{field['rest']}"
        return next((key for start, key in self.filled if _lies_in(path, start)), "S1")


_FIELD = re.compile(r"(?:time frame of )?(?P<name>outcome [PSO]|[PSO](?=\d)|[A-Za-z]+)\d*(?P<rest>[\[.\]\w]*)")
_MODULES = {
    "nctId": "identificationModule.nctId",
    "briefTitle": "identificationModule.briefTitle",
    "orgStudyId": "identificationModule.orgStudyIdInfo.id",
    "leadSponsor": "sponsorCollaboratorsModule.leadSponsor.name",
    "briefSummary": "descriptionModule.briefSummary",
    "detailedDescription": "descriptionModule.detailedDescription",
    "phases": "designModule.phases",
    "enrollmentInfo": "designModule.enrollmentInfo.count",
    "armGroups": "armsInterventionsModule.armGroups",
    "interventions": "armsInterventionsModule.interventions",
    "eligibilityCriteria": "eligibilityModule.eligibilityCriteria",
    "outcome P": "outcomesModule.primaryOutcomes",
    "outcome S": "outcomesModule.secondaryOutcomes",
    "outcome O": "outcomesModule.otherOutcomes",
    "P": "outcomesModule.primaryOutcomes",
    "S": "outcomesModule.secondaryOutcomes",
    "O": "outcomesModule.otherOutcomes",
}
"""The fields that a draft names as the place it read from."""
_IDENTITIES = ("name", "label", "measure")


def _lies_in(path: str, start: str) -> bool:
    return path.startswith(start) and path[len(start) : len(start) + 1] in ("", ".", "[")


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
    taken: list[tuple[str, str]] = []
    for number, source in enumerate(sources[1:], 2):
        if source.record.nct_id != first.nct_id:
            raise InputError(
                f"{source.label} is {source.record.nct_id}, but {sources[0].label} is {first.nct_id}",
                hint="One draft is made from sources of one trial.",
            )
        found += [(f"S{number}", difference) for difference in differences(first, source.record) if _real(difference)]
        other = source.record.to_json()
        other.pop("_provenance", None)
        paths: list[str] = []
        document = _filled(document, other, "", paths)
        taken += [(path, f"S{number}") for path in paths]
    labels = {f"S{number}": source.label for number, source in enumerate(sources, 1)}
    return Merged(Record.from_json(document), labels, tuple(found), tuple(taken))


def _real(difference: Difference) -> bool:
    """Differences of escapes and white space are none."""
    return _folded(difference.first) != _folded(difference.second)


def _folded(value: Any) -> str:
    return " ".join(unescape(str(value)).split()).casefold()


def _filled(document: Any, other: Any, path: str, taken: list[str]) -> Any:
    """The document with fields it does not state taken from another; what it states stays."""
    if isinstance(document, dict) and isinstance(other, dict):
        filled = dict(document)
        for key, value in other.items():
            inner = f"{path}.{key}" if path else key
            if key in document:
                filled[key] = _filled(document[key], value, inner, taken)
            else:
                filled[key] = value
                taken.append(inner)
        return filled
    if isinstance(document, list) and isinstance(other, list) and _are_the_same_things(document, other):
        pairs = enumerate(zip(document, other, strict=True))
        return [_filled(its, value, f"{path}[{index}]", taken) for index, (its, value) in pairs]
    if document in (None, [], "") and other not in (None, [], ""):
        taken.append(path)
        return other
    return document


def _are_the_same_things(one: list[Any], other: list[Any]) -> bool:
    """Whether two lists name the same things in the same order, so that one may add to what the other says of them."""
    return len(one) == len(other) and all(
        isinstance(its, dict)
        and isinstance(value, dict)
        and any(key in its and its[key] == value.get(key) for key in _IDENTITIES)
        for its, value in zip(one, other, strict=True)
    )


def quoted(key: str, value: Any) -> str:
    """One side of a difference as a conflict quotes it."""
    return f"{key}: {shortened(str(value), 200)}"
