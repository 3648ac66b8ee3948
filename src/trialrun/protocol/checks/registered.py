"""Checks of the record: its status and dates, and the protocol against what is registered."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trialrun.criteria.splitting import split
from trialrun.criteria.text import Role
from trialrun.errors import shortened
from trialrun.protocol.checks.findings import Case, Check, Remark, Severity
from trialrun.protocol.source import KeyPath
from trialrun.registry.reading import outcomes_by_level, phase_words, unescape
from trialrun.registry.record import Record
from trialrun.registry.status import UNKNOWN, in_words, status_on


def l45(case: Case) -> Iterator[Remark]:
    """A status that the registry's rule makes Unknown."""
    if case.record is None:
        return
    status = status_on(case.record, case.today)
    if status.derived == UNKNOWN:
        since = f" since {status.unknown_from}" if status.unknown_from else ""
        message = f"by the registry's rule the status is Unknown{since}; last registered: {in_words(status.last_known)}"
        yield Remark((), message, hint="The sponsor has to update the record.")


def l46(case: Case) -> Iterator[Remark]:
    """A start date that has passed while the record says not yet recruiting."""
    if case.record is None:
        return
    start = case.record.status.start_date_struct.partial
    last_known = case.record.status.last_known_status or case.record.status.overall_status
    if start is not None and start.last < case.today and last_known == "NOT_YET_RECRUITING":
        yield Remark((), f"the start date {start} has passed, but the record says 'Not yet recruiting'")


def l47(case: Case) -> Iterator[Remark]:
    """Estimated dates that lie in the past."""
    if case.record is None:
        return
    status = case.record.status
    past = [
        f"{name} {struct.date}"
        for name, struct in (
            ("start", status.start_date_struct),
            ("primary completion", status.primary_completion_date_struct),
            ("study completion", status.completion_date_struct),
        )
        if struct.type == "ESTIMATED" and struct.partial is not None and struct.partial.last < case.today
    ]
    if past:
        yield Remark(
            (), f"estimated dates lie in the past: {', '.join(past)}", hint="They have become actual, or changed."
        )


def l48(case: Case) -> Iterator[Remark]:
    """Size, phase, arms, outcomes and criteria that differ from the record."""
    if case.record is None:
        return
    yield from _size_and_phase(case, case.record)
    yield from _arms(case, case.record)
    yield from _outcomes(case, case.record)
    yield from _criteria(case, case.record)


def l49(case: Case) -> Iterator[Remark]:
    """Number, title and sponsor that differ from the record."""
    if case.record is None:
        return
    protocol, record = case.protocol, case.record
    pairs = (
        ("trial", protocol.trial, record.nct_id),
        ("title", protocol.title, unescape(record.title)),
        ("sponsor", protocol.sponsor, record.sponsors.lead_sponsor.name),
    )
    for key, here, there in pairs:
        if there is not None and _folded(here) != _folded(there):
            yield Remark((key,), f"{key} is '{shortened(here)}' here and '{shortened(there)}' in the record")
    own = record.identification.organization.full_name
    lead = record.sponsors.lead_sponsor.name
    if own and lead and _folded(own) != _folded(lead):
        yield Remark(("sponsor",), f"the record names two sponsors: '{lead}' and '{own}'")


def l50(case: Case) -> Iterator[Remark]:
    """A number of arms that does not go with the design."""
    model, arms = case.protocol.design.model, len(case.protocol.arms)
    if model == "single group" and arms > 1:
        yield Remark(("design", "model"), f"a single group has one arm; here are {arms}")
    if model in ("parallel", "crossover", "factorial") and arms == 1:
        yield Remark(("design", "model"), f"a {model} design has two or more arms; here is 1")


def l56(case: Case) -> Iterator[Remark]:
    """No arm."""
    if not case.protocol.arms:
        hint = "Write the groups below 'arms', with the drugs each is given; a study without groups has one arm."
        yield Remark((), "there is no arm: nobody can say who is given what", hint=hint)


def _size_and_phase(case: Case, record: Record) -> Iterator[Remark]:
    registered = record.design.enrollment_info.count
    if registered is not None and case.protocol.size.enrol not in (None, registered):
        yield Remark(("size", "enrol"), f"{case.protocol.size.enrol} participants here, {registered} in the record")
    if record.design.phases and case.protocol.phase not in ("not stated", phase_words(record)):
        yield Remark(("phase",), f"phase {case.protocol.phase} here, {phase_words(record)} in the record")


def _arms(case: Case, record: Record) -> Iterator[Remark]:
    registered = len(record.arms.arm_groups)
    if registered and case.protocol.arms and registered != len(case.protocol.arms):
        yield Remark(("arms",), f"{len(case.protocol.arms)} arms here, {registered} in the record")


def _outcomes(case: Case, record: Record) -> Iterator[Remark]:
    if record.is_page and not outcomes_by_level(record):
        return  # a record page shows no outcomes, registered or not
    here = {_folded(endpoint.says): key for key, endpoint in case.protocol.objectives.endpoints.items()}
    for key, outcome in outcomes_by_level(record):
        measure = unescape(outcome.measure or "")
        own = here.pop(_folded(measure), None)
        if own is None:
            yield Remark(
                ("objectives", "endpoints"), f"the registered outcome {key} is missing: '{shortened(measure)}'"
            )
            continue
        endpoint = case.protocol.objectives.endpoints[own]
        if _folded(endpoint.time_frame or "") != _folded(unescape(outcome.time_frame or "")):
            path: KeyPath = ("objectives", "endpoints", own, "time frame")
            message = f"{own}: time frame '{endpoint.time_frame}' here, '{outcome.time_frame}' in the record"
            yield Remark(path, message)
    for own in here.values():
        yield Remark(("objectives", "endpoints", own), f"{own} is not a registered outcome")


def _criteria(case: Case, record: Record) -> Iterator[Remark]:
    """Registered criteria that are missing here, and sentences here that are not registered."""
    text = record.eligibility.eligibility_criteria
    if not text:
        return
    items = [item for item in split(text).items if item.role is not Role.NOTE]
    registered = {_folded(item.text): item for item in items if item.parent is None}
    everything = _folded(unescape(text))
    rules = case.protocol.eligibility
    own: set[str] = set()
    for block, criteria in (("include", rules.include), ("exclude", rules.exclude), ("other", rules.other)):
        for key, criterion in criteria.items():
            folded = _folded(criterion.says)
            own.add(folded)
            if folded not in registered and folded not in everything:
                message = f"{key} is not worded as in the record: '{shortened(criterion.says)}'"
                yield Remark(("eligibility", block, key, "says"), message)
    for folded, item in registered.items():
        if folded not in own:
            message = f"the registered criterion {item.id} is missing: '{shortened(item.text)}'"
            yield Remark(("eligibility",), message)


def _folded(text: str) -> str:
    return " ".join(re.findall(r"[\w%<>≤≥=+.]+", text.casefold()))


_OLD = (
    ("statusModule.overallStatus", "RECRUITING"),
    ("statusModule.statusVerifiedDate", "2021-09"),
    ("statusModule.completionDateStruct", {"date": "2023-06", "type": "ESTIMATED"}),
)

CHECKS = (
    Check(
        "L45",
        "The registry would call the status Unknown",
        Severity.WARNING,
        "Two years after the last verification, with the completion date passed, a record counts as Unknown and finders "
        "stop showing it.",
        l45,
        record_fails=_OLD,
        record_passes=(("statusModule.statusVerifiedDate", "2026-06"),),
    ),
    Check(
        "L46",
        "The start has passed, recruitment has not begun",
        Severity.WARNING,
        "The record or the study is late; 42 CFR 11.64 asks for an update within 30 days.",
        l46,
        record_fails=(("statusModule.overallStatus", "NOT_YET_RECRUITING"),),
        record_passes=(("statusModule.overallStatus", "RECRUITING"),),
    ),
    Check(
        "L47",
        "Estimated dates lie in the past",
        Severity.WARNING,
        "An estimate that has passed is either an actual date or a changed plan.",
        l47,
        record_fails=(("statusModule.primaryCompletionDateStruct", {"date": "2025-12", "type": "ESTIMATED"}),),
        record_passes=(("statusModule.primaryCompletionDateStruct", {"date": "2027-12", "type": "ESTIMATED"}),),
    ),
    Check(
        "L48",
        "Protocol and record differ",
        Severity.ERROR,
        "What is run must be what is registered: size, phase, arms, outcomes, criteria.",
        l48,
        record_fails=(("designModule.enrollmentInfo", {"count": 60, "type": "ESTIMATED"}),),
        record_passes=(("designModule.enrollmentInfo", {"count": 40, "type": "ESTIMATED"}),),
    ),
    Check(
        "L49",
        "Title, number or sponsor differ",
        Severity.WARNING,
        "Two spellings of a sponsor are two sponsors to a search.",
        l49,
        record_fails=(("sponsorCollaboratorsModule.leadSponsor", {"name": "Example University", "class": "OTHER"}),),
        record_passes=(("sponsorCollaboratorsModule.leadSponsor", {"name": "Example Hospital", "class": "OTHER"}),),
    ),
    Check(
        "L50",
        "Arms do not go with the design",
        Severity.ERROR,
        "A single group with two arms is a slip in one of the two.",
        l50,
        fails="arms:\n  B:\n    name: Placebo\n    type: placebo comparator\n",
        passes="arms:\n  B:\n    name: Placebo\n    type: placebo comparator\ndesign:\n  model: parallel\n",
    ),
    Check(
        "L56",
        "No arm",
        Severity.ERROR,
        "Without arms the program plans every treatment for everybody.",
        l56,
        fails="arms: absent\n",
        passes="",
    ),
)
