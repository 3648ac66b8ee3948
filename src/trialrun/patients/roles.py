"""The role of a person who answers, as it stands beside the name: `Li Wei, investigator`.

An answer is worth what the one who gives it may say. The role is read from what stands after the first comma, else in
brackets, else from the whole words where they are nothing but a role ("the participant"). Anything else is a name, and
the role is not stated.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Role(StrEnum):
    """What somebody is in a trial, as far as it decides which questions they may answer."""

    INVESTIGATOR = "investigator"
    PARTICIPANT = "participant"
    OTHER = "other"
    """A role that is stated and is neither: a study nurse, a relative."""
    NOT_STATED = "not stated"


_ROLES: dict[Role, tuple[str, ...]] = {
    Role.OTHER: (
        "nurse", "coordinator", "pharmacist", "monitor", "data manager", "assistant", "secretary", "student",
        "relative", "partner", "husband", "wife", "spouse", "daughter", "parent", "mother", "father", "caregiver",
    ),
    Role.PARTICIPANT: ("participant", "patient", "subject", "volunteer"),
    Role.INVESTIGATOR: (
        "investigator", "sub-investigator", "subinvestigator", "co-investigator", "physician", "doctor", "md",
    ),
}  # fmt: skip
"""Words that name a role, by the role they stand for. The first list that has a word wins: "participant's wife" is one
of the others, and so is "investigator's assistant"."""


def role_of(by: str) -> Role:
    """The role that stands beside a name.

    >>> role_of("Li Wei, investigator").value, role_of("the participant").value, role_of("Li Wei").value
    ('investigator', 'participant', 'not stated')
    """
    outside = re.sub(r"\([^)]*\)", " ", by)
    before, comma, after = outside.partition(",")
    candidates = [after] if comma and before.strip() else []
    candidates += re.findall(r"\(([^)]*)\)", by)
    for text in candidates:
        role = _role_in(text)
        if role is not Role.NOT_STATED:
            return role
    whole = " ".join(outside.casefold().split()).removeprefix("the ")
    return next((role for role, words in _ROLES.items() if whole in words), Role.NOT_STATED)


def _role_in(text: str) -> Role:
    folded = text.casefold()
    for role, words in _ROLES.items():
        if any(re.search(rf"(?<![\w-]){re.escape(word)}(?!\w)", folded) for word in words):
            return role
    return Role.NOT_STATED
