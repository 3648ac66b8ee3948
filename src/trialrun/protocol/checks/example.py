"""The small study that every check's example is laid over.

An example is a piece of a protocol file. Each of its top-level blocks is merged into the study's block of the same
name, key by key, down to the values; a list replaces a list. A key with the value `absent` takes the key out.
"""

from __future__ import annotations

import copy
from typing import Any

from trialrun.protocol.source import KeyPath, Plain, parse_source
from trialrun.protocol.writing import Leaf, Tree, render
from trialrun.registry.record import Record

STUDY = """\
format: trialrun/1
trial: NCT00000000
title: An example study
sponsor: Example Hospital
version: 1
phase: 2
design:
  allocation: not applicable
  model: single group
  masking: none (open label)
  purpose: treatment
calendar:
  day 1: first dose
  start on: Mon
  closed days: Sat, Sun
  week n: day 7n + 1
arms:
  A:
    name: Treatment
    type: experimental
    drugs: examplin
drugs:
  examplin:
    name: Examplin
    route: oral
    dose: 100 mg
    days: every 7 from 1 to 78
visits:
  screening: day -28..-1
  baseline: day 1, before first dose
  week 4: day 29, window -3..+3
  week 12: day 85, window -3..+3
activities:
  informed consent: screening
  blood count: screening, baseline, week 4, week 12
  pain score: baseline, week 4, week 12
forms:
  consent:
    records: informed consent
    items:
      signed: date and time
  laboratory:
    records: blood count
    items:
      haemoglobin: number 30..220 g/L
  pain:
    records: pain score
    items:
      pain: number 0..10
eligibility:
  anchor when missing: screening
  include:
    I1:
      says: Age 18 years or older at screening
    I2:
      says: Haemoglobin above 100 g/L at screening
  exclude:
    E1:
      says: Allergy to examplin
objectives:
  endpoints:
    P1:
      level: primary
      says: Change in pain score from baseline to week 12
      time frame: week 12
      collected by: pain score
      summary: change from baseline
      at: week 12
      baseline: baseline
  estimands:
    P1:
      population: all participants with at least one dose
      intercurrent events:
        treatment stopped: treatment policy
      summary: mean change with 95 % confidence interval
size:
  enrol: 40
  reason: detects a difference of 0.45 standard deviations with 80 % power
stopping:
  - two related deaths
"""

RECORD: dict[str, Any] = {
    "protocolSection": {
        "identificationModule": {
            "nctId": "NCT00000000",
            "briefTitle": "An example study",
            "organization": {"fullName": "Example Hospital"},
        },
        "statusModule": {
            "statusVerifiedDate": "2026-06",
            "overallStatus": "RECRUITING",
            "startDateStruct": {"date": "2026-03-01", "type": "ACTUAL"},
            "primaryCompletionDateStruct": {"date": "2027-12", "type": "ESTIMATED"},
            "completionDateStruct": {"date": "2028-03", "type": "ESTIMATED"},
        },
        "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Example Hospital", "class": "OTHER"}},
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE2"],
            "designInfo": {"allocation": "NA", "interventionModel": "SINGLE_GROUP"},
            "enrollmentInfo": {"count": 40, "type": "ESTIMATED"},
        },
        "armsInterventionsModule": {
            "armGroups": [{"label": "Treatment", "type": "EXPERIMENTAL", "interventionNames": ["Drug: Examplin"]}],
            "interventions": [{"type": "DRUG", "name": "Examplin", "description": "100 mg orally once a week"}],
        },
        "outcomesModule": {
            "primaryOutcomes": [{"measure": "Change in pain score from baseline to week 12", "timeFrame": "week 12"}]
        },
        "eligibilityModule": {
            "eligibilityCriteria": (
                "Inclusion Criteria:\n\n1. Age 18 years or older at screening\n"
                "2. Haemoglobin above 100 g/L at screening\n\nExclusion Criteria:\n\n1. Allergy to examplin"
            ),
            "minimumAge": "18 Years",
            "sex": "ALL",
        },
    }
}

TODAY = "2026-11-24"
"""The date examples are judged on."""


def example_text(blocks: str) -> str:
    """The example study with blocks laid over it, as the text of a protocol file."""
    plain: Plain = parse_source(STUDY, "example.yaml").plain
    marks: dict[KeyPath, tuple[str, ...]] = {}
    if blocks.strip():
        over = parse_source(blocks, "example.yaml")
        plain, marks = _merged(plain, over.plain), over.marks
    tree = _as_tree(plain, (), marks)
    assert isinstance(tree, dict)
    return "\n".join(render(tree)) + "\n"


def example_record(changes: tuple[tuple[str, Any], ...]) -> Record:
    """The example record with values changed: `statusModule.overallStatus` → a value; None takes the field out."""
    document = copy.deepcopy(RECORD)
    for path, value in changes:
        *above, last = path.split(".")
        place = document["protocolSection"]
        for key in above:
            place = place.setdefault(key, {})
        if value is None:
            place.pop(last, None)
        else:
            place[last] = value
    return Record.from_json(document)


def _merged(base: Plain, over: Plain) -> Plain:
    if not isinstance(base, dict) or not isinstance(over, dict):
        return over
    merged = dict(base)
    for key, value in over.items():
        if value == "absent":
            merged.pop(key, None)
        else:
            merged[key] = _merged(merged[key], value) if key in merged else value
    return merged


_Marks = dict[KeyPath, tuple[str, ...]]


def _entry(value: Plain, path: KeyPath, marks: _Marks) -> Leaf | dict[str, Tree]:
    """An entry of a list: a text, or a block of keys."""
    if isinstance(value, dict):
        return {key: _as_tree(inner, (*path, key), marks) for key, inner in value.items()}
    return Leaf(str(value), ", ".join(marks.get(path, ())))


def _as_tree(plain: Plain, path: KeyPath, marks: _Marks) -> Tree:
    if isinstance(plain, dict):
        return {key: _as_tree(value, (*path, key), marks) for key, value in plain.items()}
    if isinstance(plain, list):
        return [_entry(value, (*path, index), marks) for index, value in enumerate(plain)]
    return Leaf(plain, ", ".join(marks.get(path, ())))
