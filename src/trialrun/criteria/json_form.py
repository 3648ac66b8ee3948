"""Rules as JSON and back: the form other programs read, with its schema."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from trialrun.criteria.model import Promise, Rule
from trialrun.errors import InputError

if TYPE_CHECKING:
    from pydantic import TypeAdapter


def rule_to_json(rule: Rule) -> dict[str, Any]:
    """A rule as JSON values."""
    document: dict[str, Any] = _rules().dump_python(rule, mode="json")
    return document


def rule_from_json(document: Any) -> Rule:
    """The rule of a JSON document.

    Raises:
        InputError: it is none.
    """
    from pydantic import ValidationError

    try:
        return _rules().validate_python(document)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the document"
        raise InputError(f"this is no rule: {where}: {first['msg']}", hint="See: trialrun schema --of rule") from None


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
