"""The title of a laboratory test without the words that do not make it another test."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ADDED = re.compile(
    r"[\s,]*(?:\[(?:mass/volume|moles/volume|substance/volume|enzymatic activity/volume|#/volume|units/volume)\]"
    r"|\bby automated count|\b(?:level|measurement|result|test|value)s?)\s*$",
    re.IGNORECASE,
)
_SPECIMEN = re.compile(
    r"(?:[\s,]+(?:in|of|from)?\s*|\s*\()(?:serum\s*(?:or|and|/)\s*plasma|serum|plasma|(?:venous\s+)?(?:whole\s+)?blood)\)?\s*$"
    r"|^\s*(?:serum|plasma)\s+(?!(?:or|and)\b)",
    re.IGNORECASE,
)


_METHOD = re.compile(r"\s+by\s+.+$", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"\b(?:urin\w*|csf|cerebrospinal|stool|f(?:a)?ec(?:es|al)|sputum|saliva|sweat|pleural|ascit\w*|synovial|semen|dialysate"
    r"|ratio|clearance|fetal|foetal|antibod\w+|antigen|gene|mutation|index|per(?:cent)?ile)\b",
    re.IGNORECASE,
)
"""Words that make a title that of another test: another fluid, a ratio, what binds to it."""


def telling_another(text: str) -> list[str]:
    """The words of a title that make it another test than its name alone would be: creatinine in *urine*."""
    return _ELSEWHERE.findall(text)


def without_method(text: str) -> str:
    """A title without how it was measured: "by manual count"."""
    return _METHOD.sub("", text)


def bare_titles(text: str) -> Iterator[str]:
    """A title, then shorter: without "level", "test" and the like, property, automated count; serum, plasma, blood.

    One of them must be the whole name of a test: creatinine in urine, fetal hemoglobin, an AST/ALT ratio are others.
    """
    yield text
    while True:
        shorter = _ADDED.sub("", text)
        if shorter == text:
            shorter = _SPECIMEN.sub("", text, count=1)
        if shorter == text or not shorter.strip():
            return
        text = shorter
        yield text
