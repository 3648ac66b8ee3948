"""What is still open inside a criterion: each innermost rule nobody can answer yet, and what its answer would do.

A rule and its finding have the same shape and are walked side by side. What must turn out which way before an open rule
matters follows from where it stands. Nobody is kept out by `E6.b.1 and E6.b.2` once E6.b.1 is no; so E6.b.2 matters
only if E6.b.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from trialrun.criteria.meaning.finding import Finding
from trialrun.criteria.model import AllOf, AnyOf, Asked, AtLeast, Except, IfThen, Not, Part, Rule
from trialrun.criteria.printing import print_rule
from trialrun.criteria.truth import Truth, all_of, any_of, at_least, opposite

MOST_FORESEEN = 300
"""Open rules of one criterion up to which it is worked out what each answer does; the work grows with their square."""

_Place = tuple[str, Rule]
"""The item a rule stands in, and the rule."""


@dataclass(frozen=True, slots=True)
class OpenRule:
    """An innermost rule that is unknown and keeps its criterion unknown.

    Args:
        criterion: Id of the criterion: `E6`.
        item: Id of the criterion or part whose rule it stands in: `E6.b.2`.
        rule: The rule itself.
        finding: Its finding, with what is missing.
        only_if: Rules, in words, that must hold first; while one is open this need not be asked.
        yes, no: What the criterion becomes if this is answered so, the rules of `only_if` holding and nothing else
            being known.
        after_yes, after_no: What is still open then and matters next, each with the item it stands in.
        foreseen: Whether `yes` and `no` were worked out; not where a criterion has more open rules than anybody writes.
    """

    criterion: str
    item: str
    rule: Rule
    finding: Finding
    only_if: tuple[str, ...] = ()
    yes: Truth = None
    no: Truth = None
    after_yes: tuple[_Place, ...] = ()
    after_no: tuple[_Place, ...] = ()
    foreseen: bool = True


def open_rules(criterion: str, rules: Mapping[str, Rule], finding: Finding, wanted: bool) -> tuple[OpenRule, ...]:
    """The open rules of a criterion, in the order they are written.

    Args:
        criterion: Its id.
        rules: All rules by the id of their item.
        finding: The criterion's finding.
        wanted: The answer that lets a person join: yes for an inclusion, no for an exclusion.
    """
    top = Part(criterion)
    walk = _Walk(rules)
    found = list(walk.inside(top, finding, _Where(criterion, wanted)))
    if len(found) > MOST_FORESEEN:
        return tuple(OpenRule(criterion, where.item, rule, its, foreseen=False) for rule, its, where in found)
    return tuple(_told(one, criterion, top, finding, walk, wanted=wanted) for one in found)


def open_items(criterion: str, rules: Mapping[str, Rule], finding: Finding, wanted: bool) -> tuple[OpenRule, ...]:
    """The innermost items of a criterion in which a rule about the record is open, each as a whole: its rule is a `Part`.

    The arguments are those of `open_rules`. `yes` and `no` say what an answer to the whole item does.
    """
    top = Part(criterion)
    walk = _Walk(rules)
    found = list(walk.inside(top, finding, _Where(criterion, wanted)))
    names = dict.fromkeys(where.item for rule, _, where in found if not isinstance(rule, Asked))
    items = [walk.items[name] for name in names]
    if len(found) > MOST_FORESEEN:
        return tuple(OpenRule(criterion, rule.id, rule, its, foreseen=False) for rule, its, _ in items)
    told = (_told(one, criterion, top, finding, walk, wanted=wanted) for one in items)
    return tuple(replace(one, item=rule.id) for one, (rule, *_) in zip(told, items, strict=True))


@dataclass(frozen=True, slots=True)
class _Where:
    """Where the walk is: the item, the answer wanted there, what must hold before, and the parts on the way."""

    item: str
    wanted: bool
    first: Mapping[_Place, bool] = field(default_factory=dict)
    path: tuple[str, ...] = ()


_Found = tuple[Rule, Finding, _Where]


@dataclass(frozen=True, slots=True)
class _Walk:
    """A walk over one criterion. A part that is named twice is walked once, and then no condition is told for it."""

    rules: Mapping[str, Rule]
    seen: set[str] = field(default_factory=set)
    repeated: set[str] = field(default_factory=set)
    items: dict[str, tuple[Part, Finding, _Where]] = field(default_factory=dict)

    def inside(self, rule: Rule, finding: Finding, where: _Where) -> Iterator[_Found]:
        """The open innermost rules of a rule."""
        if finding.truth is not None:
            return
        match rule:
            case Part(id=name):
                if name in self.seen:
                    self.repeated.add(name)
                    return
                self.seen.add(name)
                self.items[name] = (rule, finding, where)
                there = replace(where, item=name, path=(*where.path, name))
                yield from self.inside(self.rules[name], finding, there)
            case Not(rule=inner):
                yield from self.inside(inner, _opposite(finding), replace(where, wanted=not where.wanted))
            case AllOf() | AnyOf() | AtLeast() | IfThen() | Except():
                first = dict(where.first)
                for member, its in members(rule, finding):
                    yield from self.inside(member, its, replace(where, first=dict(first)))
                    if its.truth is None and _one_is_enough(rule, where.wanted):
                        first[(where.item, member)] = not where.wanted
            case _:
                yield rule, finding, where


def members(rule: Rule, finding: Finding) -> tuple[tuple[Rule, Finding], ...]:
    """The rules a rule is made of, each with its finding, so that its answer is theirs by `and`, `or` or a count."""
    match rule:
        case AllOf(rules=rules) | AnyOf(rules=rules) | AtLeast(rules=rules):
            inner: tuple[Rule, ...] = rules
        case IfThen(condition=condition, then=then):
            inner = (Not(condition), then)
        case Except(rule=main, but=but):
            inner = (main, Not(but))
        case _:
            inner = ()
    return tuple(zip(inner, finding.parts, strict=True)) if inner else ()


def _one_is_enough(rule: Rule, wanted: bool) -> bool:
    """Whether one member that answers as wanted settles the rule: one no for `and`, one yes for `or`."""
    if isinstance(rule, AllOf | Except):
        return not wanted
    return wanted and isinstance(rule, AnyOf | IfThen)


def _told(one: _Found, criterion: str, top: Part, finding: Finding, walk: _Walk, *, wanted: bool) -> OpenRule:
    rule, its, where = one
    first = {} if walk.repeated & set(where.path) else dict(where.first)
    place = (where.item, rule)
    if_yes, if_no = (_supposed(walk.rules, first, place, answer=answer) for answer in (True, False))
    conditions = tuple(_condition(*pair) for pair in first.items())
    return OpenRule(
        criterion,
        where.item,
        rule,
        its,
        conditions,
        if_yes.truth(top, finding, criterion),
        if_no.truth(top, finding, criterion),
        tuple(dict.fromkeys(if_yes.next_ones(top, finding, criterion, wanted))),
        tuple(dict.fromkeys(if_no.next_ones(top, finding, criterion, wanted))),
    )


def _supposed(rules: Mapping[str, Rule], first: Mapping[_Place, bool], place: _Place, *, answer: bool) -> _Supposed:
    """One answer beside those that hold first; an item that is answered is so wherever it is named."""
    known: dict[str, Truth] = {place[1].id: answer} if isinstance(place[1], Part) else {}
    return _Supposed(rules, {**first, place: answer}, known)


def _condition(place: _Place, truth: bool) -> str:
    rule = place[1]
    if truth:
        return print_rule(rule)
    return print_rule(rule.rule if isinstance(rule, Not) else Not(rule))


@dataclass(frozen=True, slots=True)
class _Supposed:
    """Answers that are supposed, and what the parts become then."""

    rules: Mapping[str, Rule]
    given: Mapping[_Place, bool]
    known: dict[str, Truth] = field(default_factory=dict)

    def truth(self, rule: Rule, finding: Finding, item: str) -> Truth:
        """The answer to a rule once the inner rules that are given have theirs."""
        if (item, rule) in self.given:
            return self.given[(item, rule)]
        if finding.truth is not None:
            return finding.truth
        match rule:
            case Part(id=name):
                if name not in self.known:
                    self.known[name] = self.truth(self.rules[name], finding, name)
                return self.known[name]
            case Not(rule=inner):
                return opposite(self.truth(inner, _opposite(finding), item))
        truths = [self.truth(inner, inside, item) for inner, inside in members(rule, finding)]
        match rule:
            case AllOf() | Except():
                return all_of(truths)
            case AnyOf() | IfThen():
                return any_of(truths)
            case AtLeast(number=number):
                return at_least(number, truths)
            case _:
                return None

    def next_ones(self, rule: Rule, finding: Finding, item: str, wanted: bool) -> Iterator[_Place]:
        """The innermost rules that are open then and matter whatever the others say, each with its item."""
        if self.truth(rule, finding, item) is not None:
            return
        match rule:
            case Part(id=name):
                yield from self.next_ones(self.rules[name], finding, name, wanted)
            case Not(rule=inner):
                yield from self.next_ones(inner, _opposite(finding), item, not wanted)
            case AllOf() | AnyOf() | AtLeast() | IfThen() | Except():
                for member, its in members(rule, finding):
                    if self.truth(member, its, item) is not None:
                        continue
                    yield from self.next_ones(member, its, item, wanted)
                    if _one_is_enough(rule, wanted):
                        return
            case _:
                yield item, rule


def _opposite(finding: Finding) -> Finding:
    return replace(finding, truth=opposite(finding.truth))
