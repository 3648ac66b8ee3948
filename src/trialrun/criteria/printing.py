"""The wording of a rule: what a clinician reads aloud, and what reads back as the same rule."""

from __future__ import annotations

import re
from decimal import Decimal

from trialrun.criteria.model import (
    Age,
    AllOf,
    AnyOf,
    Asked,
    At,
    AtLeast,
    Atom,
    Between,
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
    Window,
    Within,
)
from trialrun.vocabulary.dose import plain_number

RESERVED = "within|between|before|after|at|and|or|not|except|if|then|is|as|minus|from|until|unchanged|x|×"
"""Words of the language that no bare name of a term contains; such names go into brackets."""

_BARE = re.compile(rf"(?!(?:[IEO]\d+(?:\.\w+)*)$)(?:(?!(?:{RESERVED})(?![\w-]))[\w][\w'’+/.-]*(?:\s|$))+")
_LEADING = re.compile(r"(?:any|age|sex|latest|first|lowest|highest|every|no|on|each)\b(?!-)", re.IGNORECASE)
_NOT_VERBS = {
    Verb.DIAGNOSED: "not diagnosed",
    Verb.HAD: "did not have",
    Verb.TOOK: "did not take",
    Verb.VACCINATED: "not vaccinated with",
    Verb.UNDERWENT: "did not undergo",
    Verb.HOSPITALISED: "not hospitalised",
    Verb.ALLERGIC: "not allergic to",
}


def print_rule(rule: Rule) -> str:
    """The canonical wording of a rule."""
    text = _rule(rule)
    return text[1:-1] if _has_policy(rule) else text


def print_promise(promise: Promise) -> str:
    """The canonical wording of a promise."""
    if promise.duty == "words":
        duty = f'"{promise.words}"'
    else:
        assert promise.what is not None
        duty = ("no increase of " if promise.duty == "no increase" else "no ") + _terms(promise.what, never_any=True)
    until = promise.end.value if promise.after is None else f"{promise.after} after {promise.end.value}"
    return f"{duty} from {promise.start.value} until {until}"


def print_window(window: Window) -> str:
    """The wording of a window; empty for `ever`."""
    return "".join(_window(window))


def print_terms(terms: Terms) -> str:
    """The wording of terms."""
    return _terms(terms)


def print_way(way: Way) -> str:
    """The wording of one way of an `each` rule."""
    return _way(way)


def print_value(value: Value) -> str:
    """The wording of a value."""
    return _value(value)


def _rule(rule: Rule) -> str:
    match rule:
        case AllOf(rules=rules):
            return " and ".join(_operand(item) for item in rules)
        case AnyOf(rules=rules):
            return " or ".join(_operand(item) for item in rules)
        case AtLeast(number=number, rules=rules):
            return f"at least {number} of (" + "; ".join(_rule(item) for item in rules) + ")"
        case IfThen(condition=condition, then=then):
            return f"if {_clause(condition)} then {_clause(then)}"
        case Except(rule=inner, but=but):
            return f"{_operand(inner)} except {_operand(but)}"
        case Not(rule=inner):
            return _negated(inner)
        case _:
            return _atom(rule)


def _operand(rule: Rule) -> str:
    """A rule as a part of a longer one: in parentheses where it is not one atom."""
    text = _rule(rule)
    return f"({text})" if isinstance(rule, AllOf | AnyOf | IfThen | Except) else text


def _clause(rule: Rule) -> str:
    text = _rule(rule)
    return f"({text})" if isinstance(rule, IfThen) else text


def _negated(inner: Rule) -> str:
    if isinstance(inner, Happened):
        return _policed(_happened(inner, negated=True), inner.if_none)
    text = _operand(inner)
    return f"not {text}"


def _has_policy(rule: Rule) -> bool:
    if isinstance(rule, Not):
        return isinstance(rule.rule, Happened) and rule.rule.if_none is not IfNone.UNKNOWN
    if isinstance(rule, Comparison):
        return isinstance(rule.value, DailyDose) and rule.value.if_none is not IfNone.UNKNOWN
    return isinstance(rule, Happened | Unchanged | Stopped | Each) and rule.if_none is not IfNone.UNKNOWN


def _policed(text: str, policy: IfNone) -> str:
    return text if policy is IfNone.UNKNOWN else f"({text}, if nothing recorded: {policy.value})"


def _atom(rule: Atom) -> str:
    match rule:
        case Comparison(value=value, compare=compare, limit=limit):
            text = (
                f"{_value(value)} {_limit(limit) if isinstance(limit, Range) else f'{compare.value} {_limit(limit)}'}"
            )
            return _policed(text, value.if_none) if isinstance(value, DailyDose) else text
        case Found(result=result, finding=finding):
            return f"{_value(result)} is {finding}"
        case SexIs(sex=sex):
            return f"sex is {sex}"
        case Happened(if_none=policy):
            return _policed(_happened(rule), policy)
        case Unchanged(drugs=drugs, length=length, anchor=anchor, if_none=policy):
            return _policed(
                f"dose of {_terms(drugs, always_any=True)} unchanged for {length} before {anchor.value}", policy
            )
        case Stopped(drugs=drugs, length=length, anchor=anchor, if_none=policy):
            return _policed(f"last dose of {_terms(drugs)} at least {length} before {anchor.value}", policy)
        case Each(drugs=drugs, ways=ways, if_none=policy):
            return _policed(f"each {_terms(drugs, never_any=True)}: " + ", or ".join(_way(way) for way in ways), policy)
        case Asked(who=who, verb=verb, words=words):
            return f'{who.value} {verb} "{words}"'
        case Part(id=name):
            return name


def _happened(rule: Happened, *, negated: bool = False) -> str:
    verb = _NOT_VERBS[rule.verb] if negated else rule.verb.value
    if rule.verb is Verb.TOOK and isinstance(rule.window, At):
        verb = "not on" if negated else "on"
    elif negated and rule.verb is Verb.TOOK and isinstance(rule.window, Ever):
        verb = "never took"
    words = [verb]
    if rule.what is not None:
        words.append(_terms(rule.what))
    return " ".join([*words, *_window(rule.window)])


def _way(way: Way) -> str:
    anchor = way.anchor.value if way.anchor else ""
    match way.route:
        case Route.NEVER:
            return "never taken"
        case Route.TAKEN:
            return f"taken at {anchor}"
        case Route.NOT_TAKEN:
            return f"not taken at {anchor}"
        case Route.UNCHANGED:
            return f"unchanged for {way.length} before {anchor}"
        case Route.STOPPED:
            return f"stopped at least {way.length} before {anchor}"


def _value(value: Value) -> str:
    match value:
        case Age(anchor=anchor):
            return f"age at {anchor.value}"
        case Measured(pick=pick, test=test, window=window):
            return " ".join([pick.value, test if _is_bare(Term(test)) else f"[{test}]", *_window(window)])
        case Computed(formula=formula, window=window):
            return " ".join([formula, *_window(window)])
        case DailyDose(drugs=drugs, window=window, equivalent=equivalent, per=per):
            dose = "daily dose of" if per is Per.DAY else "weekly dose of"
            words = [dose if isinstance(window, At) else f"highest {dose}", _terms(drugs)]
            return " ".join([*words, *(["as", equivalent] if equivalent else []), *_window(window)])
        case Minus(left=left, right=right):
            return f"{_value(left)} minus {_value(right)}"


def _limit(limit: Limit) -> str:
    match limit:
        case Number(value=value, unit=unit):
            return _quantity(value, unit)
        case Range(low=low, high=high, unit=unit):
            return f"between {_number(low)} and {_quantity(high, unit)}"
        case Reference(factor=factor, limit=reference):
            return f"{_number(factor)} x {reference}"
        case Level(name=name):
            return name
        case Multiple(factor=factor, value=value):
            return f"{_number(factor)} x {_value(value)}"


def _quantity(value: float, unit: str) -> str:
    if value == 1 and unit in ("years", "months"):
        return f"1 {unit[:-1]}"
    return f"{_number(value)} {unit}".rstrip()


def _number(value: float) -> str:
    return plain_number(Decimal(repr(value)))


def _window(window: Window) -> list[str]:
    match window:
        case Ever():
            return []
        case Within(length=length, anchor=anchor):
            return [f"within {length} before {anchor.value}"]
        case Between(longer=longer, shorter=shorter, anchor=anchor):
            return [f"between {longer} and {shorter} before {anchor.value}"]
        case Earlier(length=length, anchor=anchor):
            return [f"at least {length} before {anchor.value}"]
        case At(anchor=anchor):
            return [f"at {anchor.value}"]


def _terms(terms: Terms, *, always_any: bool = False, never_any: bool = False) -> str:
    many = len(terms.any_of) > 1 or not _is_bare(terms.any_of[0])
    text = _list(terms.any_of) if many else _term(terms.any_of[0])
    if (many or always_any) and not never_any:
        text = f"any {text}"
    return f"{text} except {_list(terms.but)}" if terms.but else text


def _list(terms: tuple[Term, ...]) -> str:
    return "[" + ", ".join(_term(term) for term in terms) + "]"


def _term(term: Term) -> str:
    return f"{term.route} {term.name}" if term.route else term.name


def _is_bare(term: Term) -> bool:
    text = _term(term)
    return _BARE.fullmatch(text) is not None and _LEADING.match(text) is None
