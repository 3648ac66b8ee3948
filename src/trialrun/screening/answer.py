"""An explanation as JSON: the answer of `trialrun screen --person`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from trialrun.criteria.meaning.case import PROJECTED
from trialrun.screening.evidence import evidence_rows
from trialrun.screening.explanation import Explained, Explanation
from trialrun.screening.questions import Question, questions
from trialrun.screening.verdicts import Verdict


def explanation_json(found: Explanation) -> dict[str, Any]:
    """The answer, field by field as docs/json.md tells."""
    return {
        "trial": found.trial,
        "protocol_hash": found.protocol_hash,
        "vocabulary": found.vocabulary,
        "on": found.anchors.on.isoformat(),
        "anchors": [
            {"anchor": anchor.value, "date": when.isoformat(), "projected": anchor in found.anchors.projected}
            for anchor, when in found.anchors.dates.items()
        ],
        "person": found.person,
        "verdict": found.standing.value,
        "remarks": list(found.remarks),
        "criteria": [_criterion(one, found) for one in found.criteria],
        "questions": [_question(one) for one in questions(found)],
        "promises": [asdict(duty) for duty in found.duties],
        "set_aside": [asdict(row) for row in found.set_aside],
    }


def _question(one: Question) -> dict[str, Any]:
    row = asdict(one)
    del row["person"]
    return {**row, "only_if": one.only_if or None}


def _criterion(one: Explained, found: Explanation) -> dict[str, Any]:
    finding = one.finding
    unknown = one.verdict is Verdict.UNKNOWN
    return {
        "id": one.id,
        "excludes": one.excludes,
        "says": one.says,
        "rule": one.rule,
        "verdict": one.verdict.value,
        "reason": finding.gaps[0].reason.value if unknown and finding.gaps else None,
        "assumes": list(one.assumes),
        "assumed": list(one.assumed),
        "because": [*one.facts, *(note for note in finding.notes if note.endswith(PROJECTED))],
        "evidence": [asdict(row) for row in evidence_rows(finding, found.events)],
        "missing": [
            {"reason": gap.reason.value, "what": gap.words, "row": gap.row or None, "who": gap.supplier}
            for gap in one.missing
        ],
        "note": one.note,
        "referral": one.referral,
        "parts": [_criterion(part, found) for part in one.parts],
    }
