"""The hash of a protocol's meaning: of what it says, not of how the file is laid out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from trialrun.protocol.days import DayList
from trialrun.protocol.model import Block, Protocol


def meaning_hash(protocol: Protocol, terms: str = "") -> str:
    """SHA-256 (hexadecimal) of the canonical form, and of the study's own terms where it has some.

    White space, comments, the order of the blocks and values written out although they are the default make
    no difference. The order inside a block of names (visits, criteria) is part of the meaning: it is the order
    people read them in.

    Args:
        protocol: The protocol.
        terms: Hash of what the study's terms file says: who changes it changes what the rules mean.
    """
    canonical = json.dumps(meaning(protocol), ensure_ascii=False, separators=(",", ":")) + terms
    return hashlib.sha256(canonical.encode()).hexdigest()


def meaning(value: object) -> Any:
    """A value as plain JSON: blocks by their keys without defaults, grammar values as they print."""
    if isinstance(value, Block):
        fields = type(value).model_fields
        return {
            field.alias or name: meaning(getattr(value, name))
            for name, field in fields.items()
            if field.is_required() or meaning(getattr(value, name)) != meaning(field.get_default())
        }
    if isinstance(value, Mapping):
        return [[key, meaning(inner)] for key, inner in value.items()]
    if isinstance(value, DayList):
        more = value.open_series
        return [list(value.numbers), [more.start.number, more.step] if more else None]
    if isinstance(value, tuple):
        return [meaning(inner) for inner in value]
    if value is None or isinstance(value, bool | int):
        return value
    return str(value)
