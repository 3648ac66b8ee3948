"""The role of a person who answers, as it stands beside the name: `Li Wei, investigator`.

An answer is worth what the one who gives it may say, so that a role counts only where it is read as a whole: neither
"former investigator" nor "patient advocate" is what one of its words says. What stands after the first comma or in brackets
is a role, and one that is not known here is another role. Without either it is a name whose role is not stated, or nothing
but a role ("the participant").
"""

from __future__ import annotations

import re
from enum import StrEnum


class Role(StrEnum):
    """What somebody is in a trial, as far as it decides which questions they may answer."""

    INVESTIGATOR = "investigator"
    PARTICIPANT = "participant"
    OTHER = "other"
    """Whatever else is stated: a study nurse, a relative, something that is no role."""
    NOT_STATED = "not stated"


COUNT_AS_INVESTIGATOR = ("investigator", "sub-investigator", "physician", "doctor", "MD")
"""What to write after the name of somebody who may answer for the investigator."""

_KINDS = r"(?:(?:principal|chief|lead|coordinating|site|local|study|trial|clinical|treating|attending|responsible) )*"
_WHOLE: dict[Role, re.Pattern[str]] = {
    Role.INVESTIGATOR: re.compile(
        rf"(?:the )?{_KINDS}(?:(?:sub|co)[- ]?)?investigator|(?:the )?{_KINDS}(?:physician|doctor)|m\.?d\.?"
    ),
    Role.PARTICIPANT: re.compile(
        r"(?:the )?(?:(?:study|trial|research|healthy) )?(?:participant|patient|subject|volunteer)"
    ),
}
"""Roles as they are written, whole."""

_BRACKETS = re.compile(r"\([^)]*\)")
_DEGREE = re.compile(r"(?:ph\.?d|m\.?sc|b\.?sc|mph|mbbs|frcp|facp|prof|professor)\.?")
"""Says nothing of a role."""

_NO_NAME = re.compile(
    r"\b(?:investigators?|participants?|patients?|subjects?|volunteers?|nurse|coordinator|pharmacist|monitor|manager|"
    r"assistant|secretary|sponsor|interpreter|relative|husband|wife|spouse|caregiver)\b|^(?:the|a|an|not|no) "
)
"""What is in no name: words that hold it state some role, if not one that counts."""


def role_of(by: str) -> Role:
    """The role that stands beside a name.

    >>> role_of("Li Wei, investigator").value, role_of("the participant").value, role_of("Li Wei").value
    ('investigator', 'participant', 'not stated')
    >>> role_of("Ana Ruiz, sister").value
    'other'
    """
    text = " ".join(re.sub("[\u2010\u2011]", "-", by.casefold()).split())
    text = _BRACKETS.sub(lambda found: found[0].replace(",", ";"), text)  # commas in there part no name from its role
    name, comma, after = text.partition(",")
    if not comma:
        name = " ".join(_BRACKETS.sub(" ", text).split())
        alone = _role(name)
        if alone is not Role.NOT_STATED:
            return alone
        after = ",".join(_BRACKETS.findall(text))
    stated = [one for part in re.split(r"[,;()]", after) if (one := part.strip()) and not _DEGREE.fullmatch(one)]
    if not stated:
        return Role.OTHER if _NO_NAME.search(name) else Role.NOT_STATED
    roles = {_role(one) for one in stated}
    return roles.pop() if len(roles) == 1 and Role.NOT_STATED not in roles else Role.OTHER


def _role(words: str) -> Role:
    """The role that some words are; not stated where they are none that is known."""
    return next((role for role, whole in _WHOLE.items() if whole.fullmatch(words)), Role.NOT_STATED)
