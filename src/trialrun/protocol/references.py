"""References between the blocks of a protocol file: every name that is used must exist.

Part of loading: a file whose names do not meet is not a protocol.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from trialrun.errors import GrammarError, Problem, did_you_mean, shortened
from trialrun.protocol.days import DayList
from trialrun.protocol.model import Criterion, Decision, Drug, Protocol
from trialrun.protocol.source import KeyPath, Plain, SourceTree
from trialrun.protocol.timing import ANCHORS, FromAnchor, OnDay, VisitTiming
from trialrun.vocabulary.calendar import LONGEST_STUDY
from trialrun.vocabulary.dose import unit_kind

BLOCKABLE = (
    "dose orders",
    "calendar",
    "eligibility",
    "eligibility sign-off",
    "consent text",
    "first screening",
    "analysis",
    "safety",
    "none",
)
"""What an open item may block, besides a criterion, an endpoint or a visit by its name."""

_DECISION_ID = re.compile(r"[CQA][1-9]\d{0,3}")
_CRITERION_ID = {"include": "I", "exclude": "E", "other": "N"}
_FINDING_ID = re.compile(r"L\d{2}( .+)?")


def reference_problems(protocol: Protocol, source: SourceTree) -> Iterator[Problem]:
    """Every name that does not exist, every cycle of anchors, every decision that does not hold together."""
    yield from _arms(protocol, source)
    yield from _drugs(protocol, source)
    yield from _visits(protocol, source)
    yield from _collection(protocol, source)
    yield from _criteria(protocol, source)
    yield from _endpoints(protocol, source)
    yield from _decisions(protocol, source)
    yield from _marks(protocol, source)
    for finding in protocol.accepted:
        if not _FINDING_ID.fullmatch(finding):
            yield source.problem(
                ("accepted", finding),
                f"'{finding}' is not a finding",
                key=True,
                hint="Write L14, or L14 and its subject.",
            )


def window_days(key: str) -> DayList | None:
    """The days a window of a drug is given for: `days 1-26`; None for `all days`.

    Raises:
        GrammarError: for another key.
    """
    if key == "all days":
        return None
    if key.startswith("days ") or key.startswith("day "):
        start = key.index(" ") + 1
        try:
            return DayList.parse(key[start:])
        except GrammarError as error:
            raise error.shifted(start) from None
    raise GrammarError(f"'{key}' does not say which days", 0, len(key), "Write: days 1-26, or: all days")


def resolve(plain: Plain, dotted: str) -> KeyPath | None:
    """The path of a value named with dots (`drugs.rhIL-2.dose`); keys may contain dots themselves."""
    if isinstance(plain, dict):
        for key, inner in plain.items():
            if dotted == key:
                return (key,)
            if dotted.startswith(key + "."):
                rest = resolve(inner, dotted[len(key) + 1 :])
                if rest is not None:
                    return (key, *rest)
    elif isinstance(plain, list):
        head, _, rest_text = dotted.partition(".")
        if head.isdigit() and int(head) < len(plain):
            if not rest_text:
                return (int(head),)
            rest = resolve(plain[int(head)], rest_text)
            return None if rest is None else (int(head), *rest)
    return None


def _unknown(source: SourceTree, path: KeyPath, what: str, name: str, known: Iterable[str]) -> Problem:
    words = list(known)
    hint = did_you_mean(name, words) or (f"The file has {len(words)} of them." if words else f"The file has no {what}.")
    return source.problem(path, f"there is no {what} '{shortened(name)}'", hint=hint, width=len(name))


def _missing(
    source: SourceTree, path: KeyPath, what: str, names: Iterable[str], known: Iterable[str]
) -> Iterator[Problem]:
    words = list(known)
    for name in names:
        if name not in words:
            yield _unknown(source, path, what, name, words)


def _arms(protocol: Protocol, source: SourceTree) -> Iterator[Problem]:
    for key, arm in protocol.arms.items():
        yield from _missing(source, ("arms", key, "drugs"), "drug", arm.drugs, protocol.drugs)


def _drugs(protocol: Protocol, source: SourceTree) -> Iterator[Problem]:
    for key, drug in protocol.drugs.items():
        for visit, where in ((drug.body_size.height, "height"), (drug.body_size.weight, "weight")):
            if visit is not None:
                yield from _missing(source, ("drugs", key, "body size", where), "visit", [visit], protocol.visits)
        yield from _units(key, drug, source)
        yield from _windows(key, drug, source)
        yield from _cycle_days(key, drug, source)


def _units(key: str, drug: Drug, source: SourceTree) -> Iterator[Problem]:
    """Dose, rounding and cap must measure the same: international units and milligrams do not convert."""
    if drug.dose is None:
        return
    unit = drug.dose.amount.unit
    for name, amount in (("round", drug.round_to), ("cap", drug.cap)):
        if amount is not None and unit_kind(amount.unit) != unit_kind(unit):
            message = f"the dose is in {unit}, '{name}' in {amount.unit}; the two do not convert"
            yield source.problem(("drugs", key, name), message, hint=f"Write it in {unit}.")


def _windows(key: str, drug: Drug, source: SourceTree) -> Iterator[Problem]:
    for words in drug.window:
        try:
            window_days(words)
        except GrammarError as error:
            yield source.problem(("drugs", key, "window", words), error.message, hint=error.hint, key=True)


def _cycle_days(key: str, drug: Drug, source: SourceTree) -> Iterator[Problem]:
    if drug.cycle is None:
        if drug.cycles is not None:
            yield source.problem(("drugs", key, "cycles"), "cycles need a length", hint="Add: cycle: 21 days", key=True)
        return
    length = drug.cycle.whole_days
    if length is None or length == 0:
        yield source.problem(("drugs", key, "cycle"), "a cycle is counted in days or weeks", hint="Write: 21 days")
    elif drug.days is not None and (
        drug.days.open_series or any(not 1 <= number <= length for number in drug.days.numbers)
    ):
        yield source.problem(
            ("drugs", key, "days"),
            f"days of a cycle lie between 1 and {length}",
            hint="Or leave the cycle out.",
        )


def _visits(protocol: Protocol, source: SourceTree) -> Iterator[Problem]:
    epochs = {epoch for arm in protocol.arms.values() for epoch in arm.epochs}
    for name, timing in protocol.visits.items():
        if epochs and timing.epoch is not None and timing.epoch not in epochs:
            yield _unknown(source, ("visits", name), "epoch", timing.epoch, epochs)
        yield from _missing(source, ("visits", name), "anchor", timing.anchors, [*ANCHORS, *protocol.visits])
        if isinstance(timing.when, FromAnchor) and timing.when.anchor == "consent" and timing.when.direction == -1:
            yield source.problem(
                ("visits", name),
                "nothing of a study happens before consent",
                hint="Count from another anchor.",
            )
    yield from _cycles(protocol, source)
    yield from _too_far(protocol, source)
    yield from _before_consent(protocol, source)


def _cycles(protocol: Protocol, source: SourceTree) -> Iterator[Problem]:
    graph = {
        name: {anchor for anchor in timing.anchors if anchor in protocol.visits and not _is_fixed(protocol, anchor)}
        for name, timing in protocol.visits.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = list(reversed(error.args[1]))
        words = " → ".join(circle)
        yield source.problem(
            ("visits", circle[0]),
            f"these visits wait for each other: {words}",
            hint="Give one of them a study day.",
            key=True,
        )


def _too_far(protocol: Protocol, source: SourceTree) -> Iterator[Problem]:
    """Visits that, counted on from the last day that is named, may lie beyond any calendar."""
    longest: dict[str, float] = {}
    for name, timing in protocol.visits.items():
        own = [timing.when.duration] if isinstance(timing.when, FromAnchor) else []
        own += [bound.duration for bound in timing.not_before if bound.duration is not None]
        longest[name] = sum(duration.typical_days for duration in own)
    total = sum(longest.values())
    if total and total + _last_named_day(protocol) > LONGEST_STUDY:
        name = max(longest, key=lambda name: longest[name])
        yield source.problem(
            ("visits", name), "the visits reach more than forty years from day 1", hint="Check the unit."
        )


def _last_named_day(protocol: Protocol) -> int:
    found = [0]
    for timing in protocol.visits.values():
        if isinstance(timing.when, OnDay):
            found.append((timing.when.last or timing.when.day).offset.days)
    for drug in protocol.drugs.values():
        if drug.days is not None and drug.days.numbers:
            found.append(drug.days.numbers[-1] + (drug.cycles or 0) * int(drug.cycle.typical_days if drug.cycle else 0))
    return max(found)


def _is_fixed(protocol: Protocol, name: str) -> bool:
    timing = protocol.visits[name]
    return isinstance(timing.when, OnDay) and not timing.not_before


def _before_consent(protocol: Protocol, source: SourceTree) -> Iterator[Problem]:
    """A window that opens before the earliest day of the visit at which consent is given."""
    consent = [
        protocol.visits[visit]
        for activity, where in protocol.activities.items()
        if "consent" in activity.casefold()
        for visit in where.visits
        if visit in protocol.visits
    ]
    first = min((_opens(timing) for timing in consent if isinstance(timing.when, OnDay)), default=None)
    if first is None:
        return
    for name, timing in protocol.visits.items():
        if isinstance(timing.when, OnDay) and _opens(timing) < first:
            yield source.problem(
                ("visits", name),
                f"the window of '{name}' opens before the visit at which consent is given",
                hint="No procedure of a study comes before consent: narrow the window.",
            )


def _opens(timing: VisitTiming) -> int:
    """The first allowed offset of a visit that has a study day."""
    assert isinstance(timing.when, OnDay)
    return timing.when.day.offset.days - timing.window.before


def _collection(protocol: Protocol, source: SourceTree) -> Iterator[Problem]:
    for activity, where in protocol.activities.items():
        path: KeyPath = ("activities", activity)
        yield from _missing(source, path, "visit", where.names, [*protocol.visits, "consent"])
    for name, form in protocol.forms.items():
        yield from _missing(source, ("forms", name, "records"), "activity", form.records, protocol.activities)
        if not form.items:
            yield source.problem(("forms", name, "items"), f"the form '{name}' has no item")


def _criteria(protocol: Protocol, source: SourceTree) -> Iterator[Problem]:
    for block, letter in _CRITERION_ID.items():
        criteria: Mapping[str, Criterion] = getattr(protocol.eligibility, block)
        for key, criterion in criteria.items():
            path: KeyPath = ("eligibility", block, key)
            if not re.fullmatch(rf"{letter}[1-9]\d*", key):
                yield source.problem(
                    path, f"'{key}' is not a criterion's id", hint=f"Write {letter}1, {letter}2, …", key=True
                )
            yield from _parts(key, criterion, path, source)


def _parts(parent: str, criterion: Criterion, path: KeyPath, source: SourceTree) -> Iterator[Problem]:
    for key, part in criterion.parts.items():
        inner: KeyPath = (*path, "parts", key)
        if not re.fullmatch(re.escape(parent) + r"\.[a-z0-9]{1,4}", key):
            yield source.problem(
                inner, f"'{key}' is not a part of {parent}", hint=f"Write {parent}.1 or {parent}.a", key=True
            )
        yield from _parts(key, part, inner, source)


def _endpoints(protocol: Protocol, source: SourceTree) -> Iterator[Problem]:
    for key, endpoint in protocol.objectives.endpoints.items():
        path: KeyPath = ("objectives", "endpoints", key)
        yield from _missing(source, (*path, "at"), "visit", endpoint.at, protocol.visits)
        yield from _missing(source, (*path, "collected by"), "activity", endpoint.collected_by, protocol.activities)
        if endpoint.baseline is not None:
            yield from _missing(source, (*path, "baseline"), "visit", [endpoint.baseline], protocol.visits)
    for key in protocol.objectives.estimands:
        if key not in protocol.objectives.endpoints:
            yield _unknown(source, ("objectives", "estimands", key), "endpoint", key, protocol.objectives.endpoints)


def criterion_ids(protocol: Protocol) -> tuple[str, ...]:
    """The ids of all criteria and their parts, in the file's order."""

    def walk(criteria: Mapping[str, Criterion]) -> Iterator[str]:
        for key, criterion in criteria.items():
            yield key
            yield from walk(criterion.parts)

    rules = protocol.eligibility
    return (*walk(rules.include), *walk(rules.exclude), *walk(rules.other))


def _decisions(protocol: Protocol, source: SourceTree) -> Iterator[Problem]:
    known = [*BLOCKABLE, *criterion_ids(protocol), *protocol.objectives.endpoints, *protocol.visits]
    for key, row in protocol.decisions.items():
        path: KeyPath = ("decisions", key)
        if not _DECISION_ID.fullmatch(key):
            hint = "C and a number for a conflict, Q for a question, A for an assumption."
            yield source.problem(path, f"'{key}' is not an id", hint=hint, key=True)
        if row.asks is None and not row.texts:
            yield source.problem(path, f"{key} asks nothing", hint="Add 'asks:' or 'texts:'.", key=True)
        for name in row.blocks:
            if name not in known:
                yield _unknown(source, (*path, "blocks"), "blockable thing, criterion, endpoint or visit", name, known)
        for index, about in enumerate(row.about):
            if resolve(source.plain, about) is None:
                yield source.problem((*path, "about", index), f"the file has no '{shortened(about)}'", width=len(about))
        yield from _choice(key, row, path, source)


def _choice(key: str, row: Decision, path: KeyPath, source: SourceTree) -> Iterator[Problem]:
    if row.is_open:
        if row.use is not None:
            yield source.problem(
                (*path, "use"),
                f"{key} has a choice but nobody who made it",
                hint="Write decisions with: trialrun decide",
            )
        target = row.options.get(row.proposal or "")
    else:
        if row.use is None or row.reason is None or row.decided_on is None:
            yield source.problem(
                path,
                f"{key} is decided without {_lacking(row)}",
                hint="Write decisions with: trialrun decide",
                key=True,
            )
        if row.options and row.use is not None and row.use not in row.options:
            yield _unknown(source, (*path, "use"), f"option of {key}", row.use, row.options)
        target = row.options.get(row.use or "")
    if row.options and row.is_open and row.proposal is not None and row.proposal not in row.options:
        yield _unknown(source, (*path, "proposal"), f"option of {key}", row.proposal, row.options)
    if row.sets is not None:
        yield from _stands(key, row.sets, target, path, source)


def _lacking(row: Decision) -> str:
    lacking = [
        name
        for name, value in (("use", row.use), ("reason", row.reason), ("decided on", row.decided_on))
        if value is None
    ]
    return " and ".join(f"'{name}'" for name in lacking)


def _stands(key: str, sets: str, target: str | None, path: KeyPath, source: SourceTree) -> Iterator[Problem]:
    """The value a decision sets must stand in the file as the option says."""
    where = resolve(source.plain, sets)
    if where is None:
        yield source.problem((*path, "sets"), f"the file has no '{shortened(sets)}'", width=len(sets))
        return
    found = value_at(source.plain, where)
    if target is not None and (not isinstance(found, str) or " ".join(found.split()) != target):
        yield source.problem(
            where,
            f"{key} says '{target}', but here stands '{shortened(str(found))}'",
            hint=f"Write the value of {key}.",
        )


def value_at(plain: Plain, path: KeyPath) -> Plain:
    """The value at a path that exists."""
    for part in path:
        plain = plain[part]  # type: ignore[index]
    return plain


def _marks(protocol: Protocol, source: SourceTree) -> Iterator[Problem]:
    for path, marks in source.marks.items():
        for mark in marks:
            if mark not in protocol.decisions:
                yield source.problem(
                    path,
                    f"[{mark}] is marked here, but 'decisions' has no {mark}",
                    hint=f"Add {mark} below decisions.",
                )
