"""Rules as JSON and back: the form other programs read, with its schema."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from trialrun.criteria.model import Promise, Rule
from trialrun.criteria.parsing import IF_IN_EXCLUSION, MAX_NESTING, asks_if, read_again
from trialrun.criteria.printing import print_rule
from trialrun.errors import GrammarError, InputError, shortened

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from trialrun.vocabulary.terms import Vocabulary

_SEE = "See: trialrun schema --of rule"
_INNER = ("rule", "but", "condition", "then")
_DEEPEST_ATOM = 12
"""`each` inside nothing: its ways, their length, its amount. Deeper than any of it, and never slow to look at."""


def rule_to_json(rule: Rule) -> dict[str, Any]:
    """A rule as JSON values."""
    document: dict[str, Any] = _rules().dump_python(rule, mode="json")
    return document


def rule_from_json(document: Any, vocabulary: Vocabulary, *, exclusion: bool = False) -> Rule:
    """The rule of a JSON document, held to every check of a written rule: its canonical wording is read again.

    Args:
        document: JSON values, as `rule_to_json` gives them; keys with a default may be left out.
        vocabulary: The terms it may name, by the names of the vocabulary.
        exclusion: Whether it stands among the exclusions, where `if … then …` would exclude everybody.

    Raises:
        InputError: it is none; it names what is not known, or compares what does not fit; or its names, units or
            numbers are not in the canonical spelling.
    """
    rule = _built(document, 1)
    if (key := _unknown_key(document, rule_to_json(rule))) is not None:
        raise InputError(f"this is no rule: '{key}' is not a key here", hint=_SEE)
    if exclusion and asks_if(rule):
        raise InputError(f"this is no rule here: {IF_IN_EXCLUSION}")
    return _checked(rule, vocabulary)


def _built(document: Any, level: int) -> Rule:
    """The rule from its innermost parts outwards: each object is looked at once, however deep it stands."""
    from pydantic import ValidationError

    if level > MAX_NESTING:
        raise InputError(f"this is no rule: rules inside rules more than {MAX_NESTING} deep", hint="Divide it.")
    parts: dict[str, Any] = {}
    if isinstance(document, dict):
        for key, inner in document.items():
            if key in _INNER and isinstance(inner, dict):
                parts[key] = _built(inner, level + 1)
            elif key == "rules" and isinstance(inner, list | tuple):
                parts[key] = tuple(_built(one, level + 1) for one in inner)
        document = {**document, **parts}
    rest = {key: value for key, value in document.items() if key not in parts} if parts else document
    if _is_deep(rest):
        raise InputError("this is no rule: objects inside objects that no rule has", hint=_SEE)
    try:
        return _rules().validate_python(document)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the document"
        raise InputError(f"this is no rule: {where}: {first['msg']}", hint=_SEE) from None


def _is_deep(document: Any) -> bool:
    """Whether objects stand inside one another deeper than in any atom."""
    level = [document]
    for _ in range(_DEEPEST_ATOM):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list | tuple)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return bool(level)


def _checked(rule: Rule, vocabulary: Vocabulary) -> Rule:
    """The rule, if its wording gives the same one."""
    wording = shortened(print_rule(rule), 200)
    try:
        read = read_again(rule, vocabulary)
    except GrammarError as error:
        raise InputError(f"this is no rule: {error.message}; it says: {wording}", hint=error.hint) from None
    if read != rule:
        said = shortened(print_rule(read), 200)
        same = "its tree is not the one that its wording gives" if said == wording else f"canonically it is: {said}"
        raise InputError(f"this is no rule in its canonical form; it says: {wording}", hint=f"Mend it: {same}")
    return rule


def _unknown_key(given: Any, known: Any) -> str | None:
    """The first key of a document that its rule does not have."""
    if isinstance(given, dict) and isinstance(known, dict):
        pairs = [(value, known.get(key)) for key, value in given.items()]
        wrong = next((str(key) for key in given if key not in known), None)
    elif isinstance(given, list | tuple) and isinstance(known, list):
        pairs, wrong = list(zip(given, known, strict=False)), None
    else:
        return None
    return wrong or next((key for one, other in pairs if (key := _unknown_key(one, other)) is not None), None)


def rule_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a rule's JSON form."""
    schema = _rules().json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "trialrun rule", **schema}


def promise_to_json(promise: Promise) -> dict[str, Any]:
    """A promise as JSON values."""
    document: dict[str, Any] = _promises().dump_python(promise, mode="json")
    return document


@lru_cache(maxsize=1)
def _rules() -> TypeAdapter[Rule]:
    from pydantic import TypeAdapter

    return TypeAdapter(Rule)


@lru_cache(maxsize=1)
def _promises() -> TypeAdapter[Promise]:
    from pydantic import TypeAdapter

    return TypeAdapter(Promise)
