"""One person against one protocol: every criterion with its sentence, rule, verdict, evidence and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from trialrun.criteria.meaning.case import Answered, Case
from trialrun.criteria.meaning.days import Anchors
from trialrun.criteria.meaning.finding import Finding, Gap
from trialrun.criteria.meaning.history import History, SetAside
from trialrun.criteria.meaning.rules import evaluate, question_ids, whole_id
from trialrun.criteria.model import Promise, Rule
from trialrun.criteria.printing import print_promise
from trialrun.patients.person import DEATH_WITHOUT_DATE, Event, Person
from trialrun.screening.facts import Facts
from trialrun.screening.given import Accepted, accepted
from trialrun.screening.verdicts import Standing, Verdict, standing_of
from trialrun.vocabulary.concepts import Domain

if TYPE_CHECKING:
    from trialrun.protocol.load import ProtocolFile
    from trialrun.protocol.rules import Item, Rules
    from trialrun.vocabulary.terms import Vocabulary


@dataclass(frozen=True, slots=True)
class Explained:
    """A criterion, or a part of one, answered for a person.

    Args:
        id: `I3` or `I3.4.e`.
        excludes: Whether it stands among the exclusions.
        says: The registered sentence.
        rule: The rule's wording; None where the item only promises.
        verdict: Met, not met or unknown.
        finding: The answer with its rows.
        facts: The facts behind the verdict, in words, without what is true of the whole page.
        assumes: Ids of the undecided items its rule rests on.
        role: What was taken for granted of the one who answered it.
        note: A remark of the protocol file.
        referral: Advice that the sentence gives, if any.
        parts: Its parts.
    """

    id: str
    excludes: bool
    says: str
    rule: str | None
    verdict: Verdict
    finding: Finding
    facts: tuple[str, ...] = ()
    assumes: tuple[str, ...] = ()
    role: str = ""
    note: str = ""
    referral: str = ""
    parts: tuple[Explained, ...] = ()

    @property
    def is_against(self) -> bool:
        """Whether it keeps the person out."""
        return self.verdict is (Verdict.MET if self.excludes else Verdict.NOT_MET)

    def deciding(self) -> tuple[Explained, ...]:
        """Its innermost parts that answer as it does itself: those it rests on."""
        agreeing = [part for part in self.parts if part.finding.truth is self.finding.truth]
        return tuple(inner for part in agreeing for inner in part.deciding()) or (self,)

    @property
    def assumed(self) -> tuple[str, ...]:
        """What was taken for granted, in words: that nothing recorded means no, and who answered."""
        return (*self.finding.assumed, *((self.role,) if self.role else ()))

    @property
    def own_facts(self) -> tuple[str, ...]:
        """The facts as they are told behind its id, which an answer's fact begins with: `no, by Li Wei`."""
        return tuple(words.removeprefix(f"{self.id}: ") for words in self.facts)

    @property
    def missing(self) -> tuple[Gap, ...]:
        """What is missing, where the verdict is unknown."""
        return self.finding.gaps if self.verdict is Verdict.UNKNOWN else ()


@dataclass(frozen=True, slots=True)
class Duty:
    """A promise that starts with enrolment: watched by conduct, not judged at screening."""

    id: str
    says: str
    rule: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A person against a protocol.

    Args:
        trial, protocol_hash: The protocol and its version.
        vocabulary: Identity of the terms that read the rows.
        person: The person's id.
        anchors: The dates used.
        standing: Excluded, possible or eligible.
        criteria: Every criterion in the protocol's order.
        rules: The rule of each criterion and part that is decided at screening, by its id.
        duties: What must stay true after enrolment.
        events: The rows, by id, for showing evidence.
        set_aside: Rows that were not looked at, and why.
        remarks: What a reader must know first.
        deceased: Whether the person is recorded as dead by the screening date; who is dead joins no trial.
        unused: The remarks on answers that were given and not used.
    """

    trial: str
    protocol_hash: str
    vocabulary: str
    person: str
    anchors: Anchors
    standing: Standing
    criteria: tuple[Explained, ...]
    rules: Mapping[str, Rule]
    duties: tuple[Duty, ...]
    events: Mapping[str, Event]
    set_aside: tuple[SetAside, ...]
    remarks: tuple[str, ...] = ()
    deceased: bool = False
    unused: tuple[str, ...] = ()

    def against(self) -> tuple[Explained, ...]:
        """The criteria that keep the person out."""
        return tuple(one for one in self.criteria if one.is_against)

    def unknown(self) -> tuple[Explained, ...]:
        """The criteria nobody can answer yet."""
        return tuple(one for one in self.criteria if one.verdict is Verdict.UNKNOWN)

    def stand_ins(self) -> tuple[str, ...]:
        """Items that a person's answer decides although the record could have: each stands in for a missing row."""
        return tuple(dict.fromkeys(name for one in self.criteria for name in _stand_ins(one)))

    def roles(self) -> dict[str, tuple[str, ...]]:
        """What was taken for granted of those who answered, each with the items it is about."""
        items: dict[str, list[str]] = {}
        for one in (inner for top in self.criteria for inner in with_parts(top) if inner.role):
            for words in one.role.split("; "):
                items.setdefault(words, []).append(one.id)
        return {words: tuple(dict.fromkeys(names)) for words, names in items.items()}

    def taken_as_no(self) -> int:
        """How many times nothing, or nothing more, being recorded was taken for an answer."""
        return len({words for one in self.criteria for words in one.finding.assumed})

    def assumed(self) -> tuple[str, ...]:
        """Undecided items of the protocol that any verdict rests on."""
        return in_order(mark for one in self.criteria for mark in all_assumed(one))


def explain(
    file: ProtocolFile,
    person: Person,
    anchors: Anchors,
    vocabulary: Vocabulary,
    answers: Mapping[str, Answered] | None = None,
    *,
    remarks: tuple[str, ...] = (),
) -> Explanation:
    """Answers every criterion of a protocol for one person; remarks of the caller stand beside its own.

    Answers of persons who are not the ones asked are not used, and are remarked on (`screening.given`).
    """
    rules = file.rules
    history = History(person, anchors.on, vocabulary)
    given = accepted(answers or {}, rules.rules)
    case = Case(history, anchors, given.answers, rules.rules)
    findings = {name: evaluate(name, case) for name in rules.rules}
    facts = Facts(rules.rules, findings, {row.id: row for row in history.rows(*Domain)})
    telling = _Telling(rules, findings, facts, given, frozenset(file.open_items()))
    criteria = tuple(telling.explained(rules.items[name]) for name in rules.judged)
    standing = standing_of((one.excludes, one.finding.truth) for one in criteria)
    deceased = _deceased(person, anchors.on)
    unused = (*given.refused, *_of_no_item(rules, answers or {}))
    if deceased:
        standing = Standing.EXCLUDED
    return Explanation(
        file.protocol.trial,
        file.hash,
        vocabulary.identity,
        person.id,
        anchors,
        standing,
        criteria,
        rules.rules,
        tuple(_duties(rules)),
        {event.id: event for event in person.events},
        history.set_aside,
        (*deceased, *remarks, *_empty(person), *unused),
        bool(deceased),
        unused,
    )


def all_assumed(one: Explained) -> tuple[str, ...]:
    """Undecided items that a criterion or one of its parts rests on."""
    return in_order([*one.assumes, *(mark for part in one.parts for mark in all_assumed(part))])


def in_order(marks: Iterable[str]) -> tuple[str, ...]:
    """Ids of undecided items, each once, by letter and number: A2 before A10."""
    return tuple(sorted(set(marks), key=lambda mark: (mark[:1], int(mark[1:]) if mark[1:].isdecimal() else 0, mark)))


def roles_in_words(roles: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """What was taken for granted of each who answered, in one sentence each: `Li Wei is taken to be … (I2.2) and to …`."""
    said: dict[str, list[str]] = {}
    for words, items in roles.items():
        name, _, taken = words.partition(" is taken ")
        said.setdefault(name, []).append(f"{taken} ({', '.join(items)})")
    return tuple(f"{name} is taken {' and '.join(taken)}" for name, taken in said.items())


def with_parts(one: Explained) -> Iterator[Explained]:
    """A criterion and all its parts, in the protocol's order."""
    yield one
    for part in one.parts:
        yield from with_parts(part)


def _stand_ins(one: Explained) -> Iterator[str]:
    return (inner.id for inner in with_parts(one) if inner.finding.answered)


@dataclass(frozen=True, slots=True)
class _Telling:
    """What is needed to tell a criterion: the rules, their findings, the facts behind them and who answered."""

    rules: Rules
    findings: Mapping[str, Finding]
    facts: Facts
    given: Accepted
    undecided: frozenset[str]

    def explained(self, item: Item) -> Explained:
        """A criterion with its parts, answered."""
        finding = self.findings.get(item.id, Finding(None))
        criterion = item.criterion
        names = (name for name in item.parts if name in self.findings)
        return Explained(
            item.id,
            item.excludes,
            criterion.says,
            self.rules.wordings.get(item.id),
            Verdict.of(finding.truth),
            finding,
            self.facts.of(item.id, finding),
            in_order(mark for mark in item.marks if mark in self.undecided),
            self._role(item.id),
            criterion.note or "",
            criterion.referral or "",
            tuple(self.explained(self.rules.items[name]) for name in names),
        )

    def _role(self, item: str) -> str:
        """What was taken for granted of whoever answered an item, or the numbered questions of its rule."""
        words = (words for name, words in self.given.assumed.items() if name.partition("/")[0] == item)
        return "; ".join(dict.fromkeys(words))


def _duties(rules: Rules) -> Iterator[Duty]:
    for name, promise in rules.promises.items():
        yield Duty(name, rules.items[name].criterion.says, _wording(promise))


def _wording(promise: Promise) -> str:
    return print_promise(promise)


def _deceased(person: Person, on: date) -> tuple[str, ...]:
    """A remark where the person is recorded as dead by the screening date; who is dead joins no trial."""
    if person.death is not None:
        return (f"Recorded as deceased on {person.death}.",) if person.death.first <= on else ()
    dead = any(event.source_text == DEATH_WITHOUT_DATE for event in person.events)
    return ("Recorded as deceased, without a date.",) if dead else ()


def _empty(person: Person) -> tuple[str, ...]:
    return () if person.events else ("The record holds no rows.",)


def _of_no_item(rules: Rules, answers: Mapping[str, Answered]) -> Iterator[str]:
    unasked = [name for name in answers if name not in rules.rules]
    known = set(_answerable(rules)) if unasked else ()
    for name in unasked:
        if name not in known:
            yield f"The answer to '{name}' belongs to no item of this protocol and was not used."


def _answerable(rules: Rules) -> Iterator[str | None]:
    for key, rule in rules.rules.items():
        yield from question_ids(rule, key).values()
        yield whole_id(rule, key)
