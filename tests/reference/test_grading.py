"""Laboratory grades against the machine-readable rules of pharmaverse/admiral, around every threshold.

The rules are R code of the form `condition ~ "grade", …`; the first that is true decides, and none is grade 0. They take
the worst case where symptoms decide, which is the upper end of our range. Two of them differ from the words of CTCAE
v5.0 that stand beside them, by an equality; those edges are left out below.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from types import CodeType
from typing import Any

import pytest

from trialrun.vocabulary.analytes import analytes
from trialrun.vocabulary.grading import Grade, NotGraded, grade, terms

UNITS = {concept.name: concept.measure.unit or "" for concept in analytes() if concept.measure}
TESTS = {term.name: term.test for term in terms()}
NAMES = [term.name for term in terms()]
FILES = ("ctcae_v5_lab_grades.json", "ctcae_v5_lab_grades_us.json")
# CTCAE: "150 mg/dL - 300 mg/dL" and "2.0 - 2.5 x baseline", both ends included; admiral: above.
EDGES = {("Hypertriglyceridemia", 1.71), ("Hypertriglyceridemia", 150.0), ("GGT increased", 2 * 200.0)}


def _rules(shared_data: Path, file: str) -> list[dict[str, Any]]:
    path = shared_data / "science" / file
    if not path.exists():
        pytest.skip(f"{file} is absent")
    rules: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return rules


def _python(condition: str) -> str:
    """One R condition as Python; a comparison with a missing value raises, which counts as not true."""
    text = re.sub(r"signif\((.*?), signif_dig\)", r"(\1)", condition)
    text = text.replace("!(BNRIND %in% high_indicator)", "(not ABNORMAL)").replace(
        "BNRIND %in% high_indicator", "ABNORMAL"
    )
    text = re.sub(r"!is\.na\((\w+)\)", r"(\1 is not None)", text)
    text = re.sub(r"is\.na\((\w+)\)", r"(\1 is None)", text)
    return text.replace("&", " and ").replace("|", " or ")


@cache
def _compiled(block: str) -> tuple[tuple[CodeType, int | None], ...]:
    lines = re.findall(r"(.+?) ~ (\"\d\"|NA_character_)(?:,\s*|$)", block.strip())
    return tuple(
        (
            compile(_python(condition).strip(), "rule", "eval"),
            None if answer.startswith("NA") else int(answer.strip('"')),
        )
        for condition, answer in lines
    )


def _by_rule(rule: dict[str, Any], known: dict[str, float | bool | None]) -> int | None:
    for block in ("NA", 4, 3, 2, 1):
        for condition, answer in _compiled(rule.get(f"GRADE_{block}_CODE", "")):
            try:
                true = eval(condition, {}, known)
            except TypeError:
                true = False
            if true:
                return answer
    return 0


def _scenarios(rule: dict[str, Any]) -> Iterator[tuple[float | None, float | None, float | None, bool]]:
    """Limits of normal and baselines that lie to the normal side of all absolute thresholds."""
    absolute = [abs(float(number)) for number in re.findall(r"[<>]=? (\d+(?:\.\d+)?) ~", _code(rule))]
    lows = [max(absolute, default=100.0) * 1.3, None]
    highs = [min(absolute, default=100.0) * 0.8, None]
    for low, high in product(lows, highs):
        for baseline, abnormal in ((None, False), (100.0, False), (200.0, True)):
            yield low, high, baseline, abnormal


def _code(rule: dict[str, Any]) -> str:
    return " , ".join(str(rule[key]) for key in sorted(rule) if key.endswith("_CODE"))


def _values(rule: dict[str, Any], low: float | None, high: float | None, baseline: float | None) -> Iterator[float]:
    """Every threshold, a little below it and a little above it."""
    code = _code(rule)
    points = {float(number) for number in re.findall(r"[<>]=? (?:signif\()?(\d+(?:\.\d+)?)\b(?!\*)", code)}
    for name, base in (("ANRLO", low), ("ANRHI", high), ("BASE", baseline)):
        if base is not None:
            points |= {base} | {float(times) * base for times in re.findall(rf"(\d+(?:\.\d+)?)\*{name}", code)}
            points |= {base + float(more) for more in re.findall(rf"{name} \+ (\d+)", code)}
    if baseline is not None and "PCHG" in code:
        points |= {baseline * (100 - float(drop)) / 100 for drop in ("25", "50", "75")}
    for point in sorted(points):
        yield from (point, point * 0.999, point * 1.001)


@pytest.mark.parametrize("file", FILES)
def test_grades_agree_around_every_threshold(file: str, shared_data: Path) -> None:
    compared = 0
    for rule in _rules(shared_data, file):
        term = rule["TERM"].strip()
        assert term in NAMES, term
        unit = rule.get("UNIT_CHECK") or UNITS[TESTS[term]]
        if file.endswith("_us.json") and "(Ionized)" in term:
            continue  # CTCAE prints ionized calcium in mmol/L only; admiral's mg/dL are rounded
        for low, high, baseline, abnormal in _scenarios(rule):
            for value in _values(rule, low, high, baseline):
                if (term, value) in EDGES:
                    continue
                known = {"AVAL": value, "ANRLO": low, "ANRHI": high, "BASE": baseline, "ABNORMAL": abnormal}
                known["PCHG"] = None if baseline is None else 100 * (value - baseline) / baseline
                wanted = _by_rule(rule, known)
                found = grade(
                    term, value, unit, low=low, high=high, baseline=baseline,
                    baseline_abnormal=abnormal if baseline is not None else None,
                )  # fmt: skip
                assert _agrees(found, wanted, abnormal), (
                    term,
                    value,
                    unit,
                    low,
                    high,
                    baseline,
                    abnormal,
                    wanted,
                    found,
                )
                compared += 1
    assert compared > 2_000


def _agrees(found: Grade | NotGraded, wanted: int | None, abnormal: bool) -> bool:
    """Where all is known, the worst case is the rule's grade; where something is missing, it lies in the range.

    The rules ask for the limit of normal even where an abnormal baseline decides; ours do not.
    """
    if isinstance(found, NotGraded):
        return wanted is None or "baseline" in found.reason or "limit" in found.reason
    if wanted is None:
        return found.number is None or abnormal
    told = [name for name in found.missing if not name.startswith("whether")]
    return found.low <= wanted <= found.high if told else found.high == wanted


def test_every_term_is_carried(shared_data: Path) -> None:
    assert sorted(NAMES) == sorted(rule["TERM"].strip() for rule in _rules(shared_data, FILES[0]))
