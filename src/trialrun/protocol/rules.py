"""The rules of a protocol's criteria: read from their wording, joined where a criterion has parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from trialrun.criteria.model import AllOf, AnyOf, Asked, Part, Promise, Rule, Who, atoms
from trialrun.criteria.parsing import (
    IF_IN_EXCLUSION,
    MAX_NESTING,
    asks_if,
    parse_promise,
    parse_rule,
    without_questions,
)
from trialrun.criteria.printing import print_rule
from trialrun.criteria.walk import depth
from trialrun.errors import GrammarError, Problem, ProblemsError, did_you_mean
from trialrun.protocol.model import Criterion, Protocol
from trialrun.protocol.source import KeyPath, SourceTree

if TYPE_CHECKING:
    from trialrun.vocabulary.terms import Vocabulary


@dataclass(frozen=True, slots=True)
class Item:
    """A criterion or a part of one.

    Args:
        id: `I3` or `I3.4.e`.
        criterion: Its block of the file.
        path: The way to that block.
        excludes: Whether it stands among the exclusions.
        marks: Ids of the open items its rule rests on.
        parts: Ids of its parts, in order.
    """

    id: str
    criterion: Criterion
    path: KeyPath
    excludes: bool
    marks: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rules:
    """All criteria of a protocol in a form that runs.

    Args:
        items: Every criterion and part by id, in the file's order.
        tops: Ids of the criteria themselves, inclusions first.
        rules: The rule of each item that is decided at screening.
        promises: What must stay true after enrolment, by the item that asks it.
    """

    items: Mapping[str, Item]
    tops: tuple[str, ...]
    rules: Mapping[str, Rule]
    promises: Mapping[str, Promise] = field(default_factory=dict)

    @property
    def judged(self) -> tuple[str, ...]:
        """The criteria that screening decides; one that only promises is watched later and keeps nobody out."""
        return tuple(name for name in self.tops if name in self.rules)

    @cached_property
    def wordings(self) -> Mapping[str, str]:
        """The canonical wording of each rule."""
        return {name: print_rule(rule) for name, rule in self.rules.items()}


def read_rules(protocol: Protocol, source: SourceTree, vocabulary: Vocabulary) -> Rules:
    """Reads every rule and promise of a protocol.

    A criterion without a rule is asked of the investigator in its registered words. A criterion with parts and no rule
    of its own holds when all of them hold, and an exclusion when any of them does; parts that only promise are left
    out of that.

    Raises:
        ProblemsError: with every rule that cannot be read, at its word.
    """
    items = {item.id: item for item in _items(protocol, source)}
    problems: list[Problem] = []
    rules: dict[str, Rule] = {}
    promises: dict[str, Promise] = {}
    for item in items.values():
        if item.criterion.rule is not None:
            try:
                rules[item.id] = parse_rule(item.criterion.rule, vocabulary, exclusion=item.excludes)
            except GrammarError as error:
                problems.append(_problem(item, "rule", error, source))
        if item.criterion.on_study is not None:
            try:
                promises[item.id] = parse_promise(item.criterion.on_study, vocabulary)
            except GrammarError as error:
                problems.append(_problem(item, "on study", error, source))
    for item in reversed(items.values()):
        if item.id not in rules and (joined := _joined(item, rules, promises)) is not None:
            rules[item.id] = joined
    problems += _bad_references(items, rules, source)
    problems += _ifs_reached(items, rules, source)
    if problems:
        raise ProblemsError(problems)
    tops = tuple(item.id for item in items.values() if "." not in item.id)
    return Rules(items, tops, rules, promises)


def _items(protocol: Protocol, source: SourceTree) -> Iterator[Item]:
    criteria = protocol.eligibility
    for block, rows in (("include", criteria.include), ("exclude", criteria.exclude)):
        for key, criterion in rows.items():
            yield from _with_parts(key, criterion, ("eligibility", block, key), source, excludes=block == "exclude")


def _with_parts(key: str, criterion: Criterion, path: KeyPath, source: SourceTree, *, excludes: bool) -> Iterator[Item]:
    marks = tuple(dict.fromkeys(source.marks.get((*path, "rule"), ()) + source.marks.get((*path, "on study"), ())))
    yield Item(key, criterion, path, excludes, marks, tuple(criterion.parts))
    for name, part in criterion.parts.items():
        yield from _with_parts(name, part, (*path, "parts", name), source, excludes=excludes)


def _problem(item: Item, key: str, error: GrammarError, source: SourceTree) -> Problem:
    message = f"{item.id}, {key}: {error.message}"
    return source.problem((*item.path, key), message, hint=error.hint, start=error.start, width=error.width)


def _joined(item: Item, rules: Mapping[str, Rule], promises: Mapping[str, Promise]) -> Rule | None:
    """The rule of an item that has none of its own; None for one that only promises."""
    if item.parts:
        parts = tuple(Part(name) for name in item.parts if name in rules)
        if not parts:
            return None
        if len(parts) == 1:
            return parts[0]
        return AnyOf(parts) if item.excludes else AllOf(parts)
    if item.id in promises:
        return None
    return Asked(Who.INVESTIGATOR, "judges", item.criterion.says.replace('"', "'"))


def _bad_references(items: Mapping[str, Item], rules: Mapping[str, Rule], source: SourceTree) -> Iterator[Problem]:
    """Parts that are not there, or that lead back to the rule that names them, and rules that rest on too many others."""
    named = {name: _parts_named(rule) for name, rule in rules.items()}
    depths = _depths(rules, named)
    for name, parts in named.items():
        path = (*items[name].path, "rule")
        for part in parts:
            if part not in rules:
                hint = did_you_mean(part, [key for key in rules if key != name])
                yield source.problem(path, f"{name}, rule: there is no rule {part}", hint=hint)
            elif name not in depths and _reaches(part, name, named):
                message = f"{name}, rule: {part} leads back to {name}"
                yield source.problem(path, message, hint="A rule cannot rest on itself.")
        below = max((depths.get(part, 0) for part in parts), default=0)
        if depths.get(name, 0) > MAX_NESTING >= below:
            message = f"{name}, rule: rules rest on one another more than {MAX_NESTING} deep"
            yield source.problem(path, message, hint="Name fewer rules in a row.")


def _ifs_reached(items: Mapping[str, Item], rules: Mapping[str, Rule], source: SourceTree) -> Iterator[Problem]:
    """Exclusions that name an inclusion which asks `if … then …`, itself or through others that it names.

    Told where the name of the inclusion stands. The rules of exclusions themselves were looked at when they were read.
    """
    named = {name: _parts_named(rule) for name, rule in rules.items()}
    users: dict[str, list[str]] = {}
    for name, parts in named.items():
        for part in parts:
            users.setdefault(part, []).append(name)
    asking = [name for name, rule in rules.items() if asks_if(rule) and not items[name].excludes]
    known = set(asking)
    for name in asking:  # grows while it is walked
        fresh = [user for user in dict.fromkeys(users.get(name, ())) if user not in known and not items[user].excludes]
        known.update(fresh)
        asking += fresh
    for name, parts in named.items():
        for part in dict.fromkeys(parts):
            if items[name].excludes and part in known:
                text = without_questions(items[name].criterion.rule or "")
                found = re.search(rf"\b{re.escape(part)}(?![\w-]|\.\w)", text)
                start = found.start() if found else 0
                message = f"{name}, rule: {part} asks 'if … then …': {IF_IN_EXCLUSION}"
                hint = "Write out the condition and what is excluded: … and …"
                yield source.problem((*items[name].path, "rule"), message, hint=hint, start=start, width=len(part))


def _parts_named(rule: Rule) -> tuple[str, ...]:
    return tuple(atom.id for atom in atoms(rule) if isinstance(atom, Part))


def _depths(rules: Mapping[str, Rule], named: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """How deep each rule goes with all that it names; none of a rule that leads back to itself, or to such a one."""
    users: dict[str, list[str]] = {}
    for name, parts in named.items():
        for part in set(parts) & rules.keys():
            users.setdefault(part, []).append(name)
    waiting = {name: len(set(parts) & rules.keys()) for name, parts in named.items()}
    ready = [name for name, count in waiting.items() if count == 0]
    depths: dict[str, int] = {}
    for name in ready:  # grows while it is walked
        depths[name] = depth(rules[name]) + max((depths.get(part, 0) for part in named[name]), default=0)
        for user in users.get(name, ()):
            waiting[user] -= 1
            if waiting[user] == 0:
                ready.append(user)
    return depths


def _reaches(start: str, goal: str, named: Mapping[str, tuple[str, ...]]) -> bool:
    seen, ahead = {start}, [start]
    for name in ahead:  # grows while it is walked
        fresh = [part for part in named.get(name, ()) if part not in seen]
        seen.update(fresh)
        ahead += fresh
    return goal in seen
