"""FHIR R4 ValueSets as terms: the codes a ValueSet lists, or those of its expansion."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from trialrun.errors import InputError, shortened
from trialrun.vocabulary.code_systems import code_system
from trialrun.vocabulary.concepts import Concept, Domain

MAX_BYTES = 64_000_000
MAX_DEPTH = 50


def read_value_set(path: Path, name: str, domain: Domain, broader: tuple[str, ...] = ()) -> Concept:
    """A concept of this name that means every code of a ValueSet file.

    Raises:
        InputError: the file cannot be read, is no ValueSet, or defines its codes by rules instead of listing them.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"'{path}' is larger than {MAX_BYTES // 1_000_000} MB")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"'{path}' cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InputError(f"'{path}' is not UTF-8 text") from None
    codes = value_set_codes(text, path.name)
    return Concept(name, domain, codes=codes, broader=broader, source=f"FHIR ValueSet {path.name}")


def value_set_codes(text: str, file: str) -> dict[str, tuple[str, ...]]:
    """Code system → codes of a ValueSet.

    Raises:
        InputError: as above.
    """
    try:
        resource = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        raise InputError(f"'{file}' is not JSON") from None
    if not isinstance(resource, dict) or resource.get("resourceType") != "ValueSet":
        raise InputError(f"'{file}' is no FHIR ValueSet", hint='Its "resourceType" must be "ValueSet".')
    expansion = _part(resource, "expansion", file)
    pairs = list(_expanded(expansion, file)) if "contains" in expansion else list(_composed(resource, file))
    if not pairs:
        raise InputError(f"'{file}' lists no codes", hint="Expand the ValueSet on a terminology server and save that.")
    codes: dict[str, dict[str, None]] = {}
    for system, code in pairs:
        codes.setdefault(code_system(system), {})[code] = None
    return {system: tuple(found) for system, found in codes.items()}


def _composed(resource: dict[str, object], file: str) -> Iterator[tuple[str, str]]:
    compose = _part(resource, "compose", file)
    if compose.get("exclude"):
        raise InputError(f"'{file}' excludes codes, which needs a terminology server", hint=_EXPAND)
    for include in _parts(compose, "include", file):
        for rule in ("filter", "valueSet"):
            if include.get(rule):
                raise InputError(f"'{file}' names its codes by {_RULES[rule]} and does not list them", hint=_EXPAND)
        listed = _parts(include, "concept", file)
        if not listed:
            raise InputError(f"'{file}' includes a whole code system and does not list its codes", hint=_EXPAND)
        yield from (_coding(include.get("system"), entry, file) for entry in listed)


def _expanded(expansion: dict[str, object], file: str) -> Iterator[tuple[str, str]]:
    waiting = [(entry, 1) for entry in _parts(expansion, "contains", file)]
    while waiting:
        entry, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise InputError(f"'{file}' nests its expansion more than {MAX_DEPTH} levels deep")
        waiting += [(inner, depth + 1) for inner in _parts(entry, "contains", file)]
        # A heading of the expansion has no code, or is marked as not to be used.
        if entry.get("code") and entry.get("abstract") is not True:
            yield _coding(entry.get("system"), entry, file)


def _coding(system: object, entry: dict[str, object], file: str) -> tuple[str, str]:
    code = entry.get("code")
    if not isinstance(system, str) or not isinstance(code, str) or not code.strip():
        raise InputError(f"'{file}' has a code without a system or a system without a code: {shortened(str(entry))}")
    return system, code.strip()


def _part(holder: dict[str, object], key: str, file: str) -> dict[str, object]:
    value = holder.get(key, {})
    if not isinstance(value, dict):
        raise InputError(f"'{file}': \"{key}\" is not an object")
    return value


def _parts(holder: dict[str, object], key: str, file: str) -> list[dict[str, object]]:
    value = holder.get(key, [])
    if not isinstance(value, list) or not all(isinstance(part, dict) for part in value):
        raise InputError(f"'{file}': \"{key}\" is not a list of objects")
    return value


_EXPAND = "Expand the ValueSet on a terminology server ($expand) and save the answer."
_RULES = {"filter": "a filter", "valueSet": "another ValueSet"}
