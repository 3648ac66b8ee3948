"""Results in words: positive or negative, and levels of an ordinal.

Both read what is surely meant and nothing else. `Not detected` is negative; `false positive`, `see comment` and a text
that says two things are None, which the evaluator keeps as unknown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from math import inf, isfinite
from typing import Literal

from trialrun.vocabulary.concepts import Measure, Scale

Finding = Literal["positive", "negative", "indeterminate"]

_LONGEST = 120
"""A longer text is a report and not a result."""

# Answers as codes. SNOMED CT (International) and LOINC answer codes as they stand in openly published records, and the
# interpretation codes of HL7. ND and NR are left out: "not detected" or "not done", "non-reactive" or "not reported".
_CODES: Mapping[str, Finding] = {
    "10828004": "positive",
    "260373001": "positive",
    "11214006": "positive",
    "52101004": "positive",
    "260385009": "negative",
    "260415000": "negative",
    "131194007": "negative",
    "2667000": "negative",
    "82334004": "indeterminate",
    "419984006": "indeterminate",
    "42425007": "indeterminate",
    "LA6576-8": "positive",
    "LA11882-0": "positive",
    "LA9633-4": "positive",
    "LA6577-6": "negative",
    "LA11883-8": "negative",
    "LA9634-2": "negative",
    "LA11884-6": "indeterminate",
    "POS": "positive",
    "DET": "positive",
    "NEG": "negative",
    "IND": "indeterminate",
}
_POSITIVE = r"positive|pos|positiv[oae]?|reactive|reactivo|reagente|detected|present|pregnant"
# Longest first: what is taken away by one pattern is not seen by the next.
_NEGATIVE = re.compile(
    rf"\b(?:not|no|nao|non)\b[\s-]*(?:\w+\s+){{0,4}}?(?:{_POSITIVE})\b"
    r"|\bnonreactive\b|\b(?:none|never) (?:detected|seen)\b|\bundetect(?:ed|able)\b|\babsent\b"
    r"|\b(?:negative|neg|negativ[oae]?)\b|阴性|未检出|[无非]反应性"
)
_UNSURE = re.compile(
    r"\b(?:indeterminate|indet|equivocal|inconclusive|borderline|gr[ae]y[ -]?zone|trace)\b"
    rf"|\b(?:weak|weakly|low|faintly) (?:{_POSITIVE})\b|弱阳性|可疑"
)
_SURE = re.compile(rf"\b(?:{_POSITIVE})\b|阳性|检出|反应性")
# A denial that no pattern took away turns what is left into something else.
_DENIAL = re.compile(r"\b(?:no|not|non|nor|nao|without|neither|never|nil|none)\b")
# Words after which a text speaks of something else than this result.
_ELSEWHERE = re.compile(
    r"\b(?:false|falsely|control|previous|previously|prior|formerly|history|unless|if|or|vs|mother|partner|pending"
    r"|c reactive|not negative|cancel\w*|repeat\w*|not done|not tested|rule out|cannot|invalid|error|probable|possible|likely|presumptive)\b"
)
_SIGNS: Mapping[str, Finding] = {"(+)": "positive", "(-)": "negative", "(±)": "indeterminate", "(+-)": "indeterminate"}
_PLUSES = re.compile(r"[1-4]?\+{1,4}|\([1-4]?\+{1,4}\)")
_SNOMED_KIND = re.compile(r"\((?:finding|qualifier value|disorder|observable entity)\)")

_LEVEL_WORD = re.compile(
    "class|grade|stage|category|level|score|status|nyha|ecog|who|ps|asa|child|pugh|turcotte|ccs|killip|ckd|ctcae"
    "|functional|performance|physical|type|fitzpatrick|skin|mrs|mmrc|rankin|scale|modified|ajcc|clinical|cancer|kdigo"
    "|g|gr|the|is|of"
)
_UP = re.compile(r"^(?:>=|≥|at least\b|from\b)|\b(?:or|and) (?:higher|more|above|greater|worse|over)$|\+$")
_DOWN = re.compile(r"^(?:<=|≤|at most\b|up to\b)|\b(?:or|and) (?:lower|less|below|better|under)$")
_ABOVE = re.compile(r"^>(?!=)|^(?:above|more than|greater than)\b")
_BELOW = re.compile(r"^<(?!=)|^(?:below|less than)\b")
_JOINED = re.compile(r"\s*(?:-|/|\bto\b|\bor\b|\band\b)\s*")
_ROMAN = {"1": "i", "2": "ii", "3": "iii", "4": "iv", "5": "v", "6": "vi"}
_PUGH_POINTS = {"a": (5, 6), "b": (7, 9), "c": (10, 15)}


def finding(value_text: str, value_code: str = "") -> Finding | None:
    """What a result in words or a coded answer says.

    Args:
        value_text: `Positive`, `Non-reactive`, `Not detected`, `++`, `阴性(-)`.
        value_code: SNOMED CT, LOINC answer or HL7 interpretation code, without its system.

    Returns:
        None where nothing is said, two things are said, or code and text disagree.
    """
    coded = _CODES.get(value_code.strip())
    said = _said(value_text)
    if coded is not None and said is not None and coded != said:
        return None
    return coded or said


def _said(text: str) -> Finding | None:
    if len(text) > _LONGEST:
        return None
    plain = _SNOMED_KIND.sub(" ", _plain(text))
    sign = _sign(plain)
    if sign is not None:
        return sign
    words = re.sub(r"[=:;,.()\[\]+±]|(?<!\w)-|-(?!\w)", " ", plain)
    words = " ".join(words.split())
    if _ELSEWHERE.search(words):
        return None
    found: list[Finding] = []
    for pattern, meaning in _PATTERNS:
        words, times = pattern.subn(" ", words)
        found += [meaning] * times
    if found:
        alone = len(found) == 1 and not _DENIAL.search(words)
        agrees = found[0] == "positive" or not _PLUSES.search(plain)
        return found[0] if alone and agrees else None
    return _sign_behind(plain)


_PATTERNS: tuple[tuple[re.Pattern[str], Finding], ...] = (
    (_NEGATIVE, "negative"),
    (_UNSURE, "indeterminate"),
    (_SURE, "positive"),
)


def _sign(plain: str) -> Finding | None:
    """A result that is a sign alone; a lone dash is how many systems print "nothing"."""
    bare = plain.replace(" ", "")
    if bare in _SIGNS:
        return _SIGNS[bare]
    return "positive" if _PLUSES.fullmatch(bare) else None


def _sign_behind(plain: str) -> Finding | None:
    """Words that only name the test, with pluses behind: `Urine glucose test = ++`."""
    before, equals, after = plain.rpartition("=")
    return "positive" if equals and not _DENIAL.search(before) and _PLUSES.fullmatch(after.strip()) else None


def level(
    measure: Measure,
    value_text: str = "",
    value: float | None = None,
    value_code: str = "",
    answers: Mapping[str, int] | None = None,
) -> tuple[int, int] | None:
    """The level of an ordinal a result names: the lowest and the highest it may be, counted from 0.

    Args:
        measure: An ordinal; its levels, lowest first.
        value_text: `III`, `Class III`, `NYHA 3`, `II-III`, `≥ III`.
        value: A number, where the result is one.
        value_code: A coded answer.
        answers: Coded answer → number of the level (`analytes.facts(name).answers`).

    Returns:
        `(2, 2)` for class III of I to IV, `(1, 2)` for II-III; None where no level is named for sure.
    """
    if measure.scale is not Scale.ORDINAL or not measure.levels:
        return None
    if answers and value_code.strip() in answers:
        number = answers[value_code.strip()]
        return (number, number)
    if value_text.strip():
        return _level_of_text(measure.levels, value_text)
    if value is None or not isfinite(value) or value != int(value):
        return None
    return _level_of_word(measure.levels, str(int(value)))


def _level_of_text(levels: tuple[str, ...], text: str) -> tuple[int, int] | None:
    if len(text) > _LONGEST:
        return None
    plain = " ".join(_plain(text).replace("–", "-").replace("—", "-").split()).strip(" .")
    bare, edge = _edge(plain)
    spans = []
    for part in _JOINED.split(_without_names(bare)):
        words = [word for word in re.split(r"[\s:=,()]+", part) if word and not _LEVEL_WORD.fullmatch(word)]
        if len(words) > 1:
            return None
        spans += [_level_of_word(levels, word) for word in words]
    known = [span for span in spans if span is not None]
    if not known or len(known) != len(spans) or len(known) > 2:
        return None
    low, high = min(low for low, _ in known), max(high for _, high in known)
    return _opened(low, high, edge, len(levels) - 1)


def _without_names(text: str) -> str:
    """Names with a dash in them would look like a span."""
    return re.sub(r"\bchild-(?:turcotte-)?pugh\b|\bckd-?g?(?=\d)|\bg(?=[1-5])", " ", text)


def _edge(text: str) -> tuple[str, str]:
    for pattern, edge in ((_UP, ">="), (_DOWN, "<="), (_ABOVE, ">"), (_BELOW, "<")):
        if pattern.search(text):
            return pattern.sub("", text).strip(), edge
    return text, ""


def _opened(low: int, high: int, edge: str, top: int) -> tuple[int, int] | None:
    first = {">=": low, ">": high + 1}.get(edge, 0 if edge else low)
    last = {"<=": high, "<": low - 1}.get(edge, top if edge else high)
    return (first, last) if 0 <= first <= last <= top else None


def _level_of_word(levels: tuple[str, ...], word: str) -> tuple[int, int] | None:
    """A word that is a level, its number, the number of a Roman level, or the part that several levels share."""
    folded = [label.casefold() for label in levels]
    if word in folded:
        at = folded.index(word)
        return (at, at)
    if word in _ROMAN and _ROMAN[word] in folded:
        at = folded.index(_ROMAN[word])
        return (at, at)
    shared = [at for at, label in enumerate(folded) if word.isdigit() and re.fullmatch(rf"{word}[a-z]", label)]
    if shared:
        return (min(shared), max(shared))
    if folded == ["a", "b", "c"]:
        return _pugh(folded, word)
    parted = re.fullmatch(r"([ivx]+|\d)[abc]\d?", word)
    return _level_of_word(levels, parted[1]) if parted and parted[1] != word else None


def _pugh(folded: list[str], word: str) -> tuple[int, int] | None:
    """`B7`: the class with its points, which must agree."""
    match = re.fullmatch(r"([abc])(\d{1,2})", word)
    low, high = _PUGH_POINTS[match[1]] if match else (inf, -inf)
    if match is None or not low <= int(match[2]) <= high:
        return None
    at = folded.index(match[1])
    return (at, at)


def _plain(text: str) -> str:
    """Small letters, ASCII where letters have one (Ⅲ, full width), no invisible characters."""
    shown = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    return unicodedata.normalize("NFKC", shown).casefold().replace("ã", "a").replace("−", "-").strip()
