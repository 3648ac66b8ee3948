"""Many people screened, as JSON: the answer of `trialrun screen` without `--person`."""

from __future__ import annotations

from typing import Any

from trialrun.screening.candidates import Candidate
from trialrun.screening.crowd import Crowd
from trialrun.screening.funnel import FunnelRow, Lever
from trialrun.screening.screened import Need


def crowd_json(crowd: Crowd, limit: int = 0) -> dict[str, Any]:
    """The answer, field by field as docs/json.md tells.

    Args:
        crowd: The people.
        limit: How many candidates are listed; 0 = all.
    """
    funnel = crowd.funnel
    shown = crowd.candidates[: limit or None]
    return {
        "trial": crowd.trial,
        "protocol_hash": crowd.protocol_hash,
        "vocabulary": crowd.vocabulary,
        "source": crowd.source,
        "engine": "python",
        "on": crowd.anchors.on.isoformat(),
        "anchors": [
            {"anchor": anchor.value, "date": when.isoformat(), "projected": anchor in crowd.anchors.projected}
            for anchor, when in crowd.anchors.dates.items()
        ],
        "persons": funnel.persons,
        "eligible": funnel.eligible,
        "possible": funnel.possible,
        "asked_only": funnel.asked_only,
        "excluded": funnel.excluded,
        "deceased": funnel.deceased,
        "undecided": list(crowd.undecided),
        "no_coverage": crowd.no_coverage,
        "taken_as_no": crowd.silent,
        "stand_ins": crowd.stand_ins,
        "roles": list(crowd.roles),
        "remarks": list(crowd.remarks),
        "criteria": [_row(row) for row in funnel.rows],
        "levers": [_lever(one) for one in funnel.levers],
        "suppliers": [_lever(one) for one in funnel.suppliers],
        "candidates_total": len(crowd.candidates),
        "candidates": [_candidate(one) for one in shown],
        "read": crowd.report.as_json(),
    }


def _row(row: FunnelRow) -> dict[str, Any]:
    return {
        "id": row.criterion.id,
        "excludes": row.criterion.excludes,
        "says": row.criterion.says,
        "met": row.met,
        "not_met": row.not_met,
        "unknown": row.unknown,
        "remaining": row.remaining,
        "sure": row.sure,
        "alone": row.alone,
        "eligible_without": row.would_join,
        "possible_without": row.would_stay,
    }


def _lever(one: Lever) -> dict[str, Any]:
    return {**_need(one.need), "waiting": one.waiting, "settles": one.settles, "criteria": list(one.criteria)}


def _need(need: Need) -> dict[str, str]:
    return {"who": need.who, "what": need.what}


def _candidate(one: Candidate) -> dict[str, Any]:
    return {
        "person": one.person,
        "standing": one.standing.value,
        "unknown": list(one.unknown),
        "ask": [{**_need(need), "criteria": list(items)} for need, items in one.needs],
    }
