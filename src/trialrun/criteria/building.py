"""From the parse tree to the model: names are looked up, units and levels checked, each slip placed at its word."""

from __future__ import annotations

import re
from math import isfinite
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from lark import Token, Transformer, v_args

from trialrun.criteria.formulas import find_formula, formula_names
from trialrun.criteria.limits import WrittenLimit, fitted
from trialrun.criteria.model import (
    Age,
    AllOf,
    Anchor,
    AnyOf,
    Asked,
    At,
    AtLeast,
    Between,
    Compare,
    Comparison,
    Computed,
    DailyDose,
    Each,
    Earlier,
    Ever,
    Except,
    Found,
    Happened,
    IfNone,
    IfThen,
    Level,
    Limit,
    Measured,
    Minus,
    Multiple,
    Not,
    Number,
    Part,
    Per,
    Pick,
    Promise,
    Range,
    Reference,
    Route,
    Rule,
    SexIs,
    Stopped,
    Term,
    Terms,
    Unchanged,
    Value,
    Verb,
    Way,
    Who,
    Window,
    Within,
)
from trialrun.errors import GrammarError
from trialrun.vocabulary.calendar import Duration
from trialrun.vocabulary.concepts import Domain, Scale
from trialrun.vocabulary.equivalents import equivalence
from trialrun.vocabulary.routes import route_named

if TYPE_CHECKING:
    from trialrun.vocabulary.terms import Vocabulary

_CONDITIONS = (Domain.CONDITION, Domain.OBSERVATION)
_TESTS = (Domain.MEASUREMENT,)
_DRUGS = (Domain.DRUG,)
_DOMAINS: dict[Verb, tuple[Domain, ...]] = {
    Verb.DIAGNOSED: _CONDITIONS,
    Verb.HAD: _CONDITIONS,
    Verb.TOOK: _DRUGS,
    Verb.VACCINATED: (Domain.IMMUNISATION,),
    Verb.UNDERWENT: (Domain.PROCEDURE,),
    Verb.ALLERGIC: (Domain.ALLERGY, Domain.DRUG),
}
_WORDS = {
    "CONDITION": "a diagnosis",
    "DRUG": "a drug or drug class",
    "MEASUREMENT": "a test",
    "IMMUNISATION": "a vaccine",
    "PROCEDURE": "a procedure",
    "ALLERGY": "a substance",
}
_VERBS = {
    "DIAGNOSED": Verb.DIAGNOSED,
    "HAD": Verb.HAD,
    "TOOK": Verb.TOOK,
    "VACCINATED": Verb.VACCINATED,
    "UNDERWENT": Verb.UNDERWENT,
    "ALLERGIC": Verb.ALLERGIC,
}
_ANCHORS = {"enrollment": Anchor.ENROLMENT, "first dose": Anchor.DAY_1, "study end": Anchor.END_OF_STUDY}
_NAMED = TypeVar("_NAMED", Happened, Unchanged, Stopped, Each)


@v_args(inline=True)
class Builder(Transformer[Token, Any]):
    """Builds the model from the leaves up.

    Raises:
        GrammarError: wrapped by lark; a term, unit or level is not known, or does not fit.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__(visit_tokens=False)
        self._vocabulary = vocabulary

    # --- rules ---

    def rule(self, inner: Rule) -> Rule:
        return inner

    def conjunction(self, *items: Any) -> AllOf:
        return AllOf(_without_tokens(items))

    def disjunction(self, *items: Any) -> AnyOf:
        return AnyOf(_without_tokens(items))

    def exception(self, rule: Rule, _word: Token, but: Rule) -> Except:
        return Except(rule, but)

    def conditional(self, _if: Token, condition: Rule, _then: Token, then: Rule) -> IfThen:
        return IfThen(condition, then)

    def negation(self, _word: Token, rule: Rule) -> Not:
        return Not(rule)

    def at_least(self, word: Token, *rules: Rule) -> AtLeast:
        number = int(word.split()[2])
        if not 1 <= number <= len(rules):
            raise _wrong(word, f"{number} of {len(rules)} cannot be asked", "Count the entries in the parentheses.")
        return AtLeast(number, rules)

    def policed(self, atom: Rule, word: Token, policy: Token) -> Rule:
        return _with_policy(atom, IfNone(" ".join(policy.lower().split())), word)

    # --- atoms ---

    def comparison(self, value: Value, compare: Compare, limit: WrittenLimit) -> Comparison:
        return Comparison(value, compare, fitted(value, limit, self._vocabulary))

    def in_range(self, value: Value, _between: Token, low: Token, _and: Token, high: Token, *unit: Token) -> Comparison:
        if _number(low) > _number(high):
            raise _wrong(low, f"nothing lies between {low} and {high}", f"Write here: between {high} and {low}")
        limit = _written(Range(_number(low), _number(high), str(unit[0]) if unit else ""), unit[0] if unit else high)
        return Comparison(value, Compare.EQ, fitted(value, limit, self._vocabulary))

    def found(self, value: Value, word: Token, finding: Token) -> Found:
        if not isinstance(value, Measured) or self._scale(value) is not Scale.FINDING:
            raise _wrong(
                word, "only a test that is positive or negative can be asked so", "Compare it with a number and a unit."
            )
        if value.pick not in (Pick.ANY, Pick.EVERY, Pick.LATEST, Pick.FIRST):
            raise _wrong(
                word,
                f"'{value.pick}' does not go with positive or negative",
                "Write here: any, every, latest or first.",
            )
        said: Literal["positive", "negative"] = "positive" if finding.lower() == "positive" else "negative"
        return Found(value, said)

    def sex_is(self, _sex: Token, _is: Token, name: Token) -> SexIs:
        return SexIs("female" if name.lower() == "female" else "male")

    def happened(self, word: Token, terms: _Names, *rest: Window | _But) -> Happened:
        verb = _VERBS[word.type.removeprefix("NOT_")]
        window = next((item for item in rest if not isinstance(item, _But)), Ever())
        for item in rest:
            if isinstance(item, _But):
                terms = _Names(terms.any_of, (*terms.but, *item.names))
        what = self._terms(terms, _DOMAINS[verb])
        if verb is Verb.TOOK:
            self._refuse_vaccines(terms, what)
        return Happened(verb, what, window)

    def _refuse_vaccines(self, names: _Names, what: Terms) -> None:
        """A vaccine is given, and recorded as such: asked for as a drug it would never be found."""
        for token, term in zip(names.any_of, what.any_of, strict=True):
            if self._vocabulary.get(term.name).domain is Domain.IMMUNISATION:
                raise _wrong(token, f"'{token}' is a vaccine", f"Write: vaccinated with {term.name} …")

    def not_happened(self, word: Token, terms: _Names, *rest: Window | _But) -> Not:
        return Not(self.happened(word, terms, *rest))

    def hospitalised(self, _word: Token, *window: Window) -> Happened:
        return Happened(Verb.HOSPITALISED, None, window[0] if window else Ever())

    def not_hospitalised(self, word: Token, *window: Window) -> Not:
        return Not(self.hospitalised(word, *window))

    def on_drug(self, _on: Token, terms: _Names, _at: Token, anchor: Token) -> Happened:
        return Happened(Verb.TOOK, self._terms(terms, _DRUGS), At(_anchor(anchor)))

    def not_on_drug(self, on: Token, terms: _Names, at: Token, anchor: Token) -> Not:
        return Not(self.on_drug(on, terms, at, anchor))

    def unchanged(
        self, _dose: Token, terms: _Names, _word: Token, length: Duration, _before: Token, anchor: Token
    ) -> Unchanged:
        return Unchanged(self._terms(terms, _DRUGS), length, _anchor(anchor))

    def stopped(
        self, _last: Token, terms: _Names, _word: Token, length: Duration, _before: Token, anchor: Token
    ) -> Stopped:
        return Stopped(self._terms(terms, _DRUGS), length, _anchor(anchor))

    def each(self, _each: Token, terms: _Names, *ways: Way | Token) -> Each:
        return Each(self._terms(terms, _DRUGS), tuple(way for way in ways if isinstance(way, Way)))

    def asked(self, who: Token, verb: Token, words: Token) -> Asked:
        return Asked(Who(who.lower()), verb.lower(), _quoted(words))

    def part(self, name: Token) -> Part:
        return Part(str(name))

    # --- ways of `each` ---

    def way_never(self, _word: Token) -> Way:
        return Way(Route.NEVER)

    def way_taken(self, _word: Token, anchor: Token) -> Way:
        return Way(Route.TAKEN, _anchor(anchor))

    def way_not_taken(self, _word: Token, anchor: Token) -> Way:
        return Way(Route.NOT_TAKEN, _anchor(anchor))

    def way_unchanged(self, _word: Token, length: Duration, _before: Token, anchor: Token) -> Way:
        return Way(Route.UNCHANGED, _anchor(anchor), length)

    def way_stopped(self, _word: Token, length: Duration, _before: Token, anchor: Token) -> Way:
        return Way(Route.STOPPED, _anchor(anchor), length)

    # --- values ---

    def value(self, inner: Value) -> Value:
        return inner

    def minus(self, left: Value, word: Token, right: Value) -> Minus:
        for side in (left, right):
            if isinstance(side, Measured) and side.pick in (Pick.ANY, Pick.EVERY):
                raise _wrong(
                    word, f"'{side.pick}' is many values, and a difference needs one", "Write here: latest or first."
                )
        return Minus(left, right)

    def age(self, _age: Token, _at: Token, anchor: Token) -> Age:
        return Age(_anchor(anchor))

    def measured(self, pick: Token, name: Token, *window: Window) -> Measured:
        return Measured(Pick(" ".join(pick.lower().split())), self._test(name), window[0] if window else Ever())

    def named(self, name: Token, *window: Window) -> Value:
        """A name without `latest`: a formula, or a test of which the latest result counts."""
        when = window[0] if window else Ever()
        formula = find_formula(str(name))
        if formula is not None:
            return Computed(formula.name, when)
        return Measured(Pick.LATEST, self._test(name), when)

    def daily_dose(self, word: Token, terms: _Names, *rest: Any) -> DailyDose:
        equivalent = next((item for item in rest if isinstance(item, Token)), None)
        window = next((item for item in rest if not isinstance(item, Token)), None)
        highest = word.lower().startswith("highest")
        if isinstance(window, Earlier | Ever) or (highest and not isinstance(window, Within | Between)):
            raise _wrong(word, "the highest dose needs a window of days", "Add: within 1 month before screening")
        if not highest and window is not None and not isinstance(window, At):
            raise _wrong(word, "the dose of which day of that window?", f"Write here: highest {word.lower()}")
        name = "" if equivalent is None else self._term(equivalent, _DRUGS).name
        if equivalent is not None and equivalence(name) is None:
            raise _wrong(equivalent, f"no doses are known that equal {name}", "Write here: prednisone")
        per = Per.WEEK if "weekly" in word.lower() else Per.DAY
        return DailyDose(self._terms(terms, _DRUGS), window or At(Anchor.SCREENING), name, per=per)

    def as_drug(self, _as: Token, name: Token) -> Token:
        return name

    # --- limits ---

    def number(self, number: Token, *unit: Token) -> WrittenLimit:
        return _written(Number(_number(number), str(unit[0]) if unit else ""), unit[0] if unit else number)

    def reference(self, number: Token, _x: Token, limit: Token) -> WrittenLimit:
        return _written(Reference(_factor(number), "ULN" if limit.upper() == "ULN" else "LLN"), limit)

    def multiple(self, number: Token, _x: Token, value: Value) -> WrittenLimit:
        return _written(Multiple(_factor(number), value), number)

    def level(self, name: Token) -> WrittenLimit:
        return _written(Level(str(name)), name)

    def compare(self, sign: Token) -> Compare:
        return Compare(str(sign).replace("≥", ">=").replace("≤", "<="))

    def unit(self, word: Token) -> Token:
        return word

    # --- terms, windows, durations ---

    def one_term(self, name: Token) -> tuple[Token, ...]:
        return (name,)

    def term_list(self, *names: Token) -> tuple[Token, ...]:
        return names

    def but(self, _except: Token, names: tuple[Token, ...]) -> _But:
        return _But(names)

    def terms(self, *items: Any) -> _Names:
        names = next(item for item in items if isinstance(item, tuple))
        return _Names(names, items[-1].names if isinstance(items[-1], _But) else ())

    def within(self, _word: Token, length: Duration, _before: Token, anchor: Token) -> Within:
        return Within(length, _anchor(anchor))

    def between(
        self, word: Token, longer: Duration, _and: Token, shorter: Duration, _before: Token, anchor: Token
    ) -> Between:
        try:
            return Between(longer, shorter, _anchor(anchor))
        except ValueError as error:
            raise _wrong(word, str(error), f"Write here: between {shorter} and {longer} before {anchor}") from None

    def earlier(self, _word: Token, length: Duration, _before: Token, anchor: Token) -> Earlier:
        return Earlier(length, _anchor(anchor))

    def at(self, _word: Token, anchor: Token) -> At:
        return At(_anchor(anchor))

    def duration(self, number: Token, unit: Token) -> Duration:
        try:
            return Duration.parse(f"{number} {unit}")
        except GrammarError as error:
            raise _wrong(number, error.message, error.hint or "Write a whole number: 6 months") from None

    # --- promises ---

    def promise(self, duty: _Duty, start: Token, end: tuple[Duration | None, Anchor]) -> Promise:
        return Promise(duty.duty, duty.what, duty.words, _anchor(start), end[1], end[0])

    def no_increase(self, _word: Token, terms: _Names) -> _Duty:
        return _Duty("no increase", self._terms(terms, _DRUGS))

    def no_events(self, _word: Token, terms: _Names) -> _Duty:
        return _Duty("none", self._terms(terms, (Domain.DRUG, Domain.IMMUNISATION)))

    def in_words(self, words: Token) -> _Duty:
        return _Duty("words", None, _quoted(words))

    def until_anchor(self, anchor: Token) -> tuple[Duration | None, Anchor]:
        return None, _anchor(anchor)

    def until_after(self, length: Duration, _after: Token, anchor: Token) -> tuple[Duration | None, Anchor]:
        return length, _anchor(anchor)

    # --- names ---

    def _terms(self, names: _Names, domains: tuple[Domain, ...]) -> Terms:
        return Terms(
            tuple(self._term(name, domains) for name in names.any_of),
            tuple(self._term(name, domains) for name in names.but),
        )

    def _term(self, token: Token, domains: tuple[Domain, ...]) -> Term:
        """The vocabulary's name for the words, whole or behind a route: `intravenous antibiotic`.

        A route goes before another word for a term (`systemic steroid`), and where both are words for one drug
        (`intravenous immunoglobulin`): whoever writes a route asks for it.
        """
        words = " ".join(token.split())
        concept = self._vocabulary.find(domains, words)
        first, _, rest = words.partition(" ")
        route = route_named(first)
        behind = self._vocabulary.find(domains, rest) if route and rest and Domain.DRUG in domains else None
        by_its_name = concept is not None and concept.name.casefold() == words.casefold()
        if behind is not None and (concept is behind or not by_its_name):
            return Term(behind.name, route)
        if concept is not None:
            return Term(concept.name)
        raise self._unknown(token, domains)

    def _test(self, token: Token) -> str:
        concept = self._vocabulary.find(_TESTS, " ".join(token.split()))
        if concept is None:
            formula = find_formula(str(token))
            if formula is not None:
                raise _wrong(
                    token, f"'{formula.name}' is computed from the latest values", "Leave the word before it out."
                )
            raise self._unknown(token, _TESTS)
        if concept.measure is None:
            hint = 'Ask in words: investigator confirms "…"'
            raise _wrong(token, f"how the values of '{concept.name}' compare is not known", hint)
        return concept.name

    def _unknown(self, token: Token, domains: tuple[Domain, ...]) -> GrammarError:
        words = " ".join(token.split())
        near = self._vocabulary.nearest(domains, words)
        if near is None and domains == _TESTS:
            near = next((name for name in formula_names() if words.casefold() in name.casefold()), None)
        what = _WORDS.get(domains[0].name, "a term")
        hint = (
            f"Did you mean '{near}'?"
            if near
            else 'Add it to the file\'s terms, or ask in words: investigator confirms "…"'
        )
        return _wrong(token, f"'{words}' is not {what} that is known here", hint)

    def _scale(self, value: Measured) -> Scale:
        measure = self._vocabulary.get(value.test).measure
        assert measure is not None
        return measure.scale


class _Names:
    """Names as written, before they are looked up."""

    def __init__(self, any_of: tuple[Token, ...], but: tuple[Token, ...]) -> None:
        self.any_of, self.but = any_of, but


class _But:
    """Names that are left out."""

    def __init__(self, names: tuple[Token, ...]) -> None:
        self.names = names


class _Duty:
    """What a promise asks."""

    def __init__(self, duty: Literal["none", "no increase", "words"], what: Terms | None, words: str = "") -> None:
        self.duty, self.what, self.words = duty, what, words


def _written(limit: Limit, token: Token) -> WrittenLimit:
    return WrittenLimit(limit, token.start_pos or 0, len(token))


def _with_policy(atom: Rule, policy: IfNone, word: Token) -> Rule:
    """The atom with its missing policy, where it has one."""
    from dataclasses import replace

    if isinstance(atom, Not):
        return Not(_with_policy(atom.rule, policy, word))
    if isinstance(atom, Happened | Unchanged | Stopped | Each):
        return replace(atom, if_none=policy)
    if isinstance(atom, Comparison) and isinstance(atom.value, DailyDose):
        return replace(atom, value=replace(atom.value, if_none=policy))
    raise _wrong(
        word,
        "only events and drugs can count as 'no' when nothing is recorded",
        "A test without a result stays unknown; leave the words out.",
    )


def _without_tokens(items: tuple[Any, ...]) -> tuple[Rule, ...]:
    return tuple(item for item in items if not isinstance(item, Token))


def _anchor(token: Token) -> Anchor:
    word = " ".join(token.lower().split())
    return _ANCHORS.get(word) or Anchor(word)


_THOUSAND_POINT = re.compile(r"-?\d{1,3}\.\d\d0")
"""A number that much of Europe writes for a thousand times as much."""


def _number(token: Token) -> float:
    if _THOUSAND_POINT.fullmatch(token):
        plain = token.rstrip("0").rstrip(".")
        raise _wrong(
            token, f"is '{token}' {plain} or {token.replace('.', '')}?", f"Write {plain}, or {token.replace('.', ',')}"
        )
    number = float(token.replace(",", ""))
    if not isfinite(number):
        raise _wrong(token, "no number is that large", None)
    return number


def _factor(token: Token) -> float:
    factor = _number(token)
    if factor < 0:
        raise _wrong(token, "a multiple is not negative", "Write a number from 0 on, for example 3 x ULN.")
    return factor


def _quoted(token: Token) -> str:
    words = " ".join(token[1:-1].split())
    if not words:
        raise _wrong(token, "nothing stands between the quotes", 'Write: investigator confirms "…"')
    return words


def _wrong(token: Token, message: str, hint: str | None) -> GrammarError:
    return GrammarError(message, token.start_pos or 0, len(token.rstrip()), hint)
