"""Checks of endpoints, estimands, size and stopping."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trialrun.protocol.checks.findings import Case, Check, Remark, Severity
from trialrun.protocol.checks.power import detectable_effect
from trialrun.protocol.model import Endpoint, Level
from trialrun.protocol.prose.timeframes import read_time_frame
from trialrun.protocol.source import KeyPath
from trialrun.registry.reading import unescape

_VAGUE = re.compile(
    r"(?:safety(?: and tolerability)?|tolerability|efficacy|toxicity|adverse events?|effectiveness|feasibility"
    r"|quality of life|pharmacokinetics|response|outcome|immunogenicity)\.?",
    re.IGNORECASE,
)


def l36(case: Case) -> Iterator[Remark]:
    """An endpoint that nothing collects at one of its visits."""
    for key, endpoint in _endpoints(case):
        path: KeyPath = ("objectives", "endpoints", key)
        if not endpoint.collected_by:
            if endpoint.at:
                yield Remark(path, f"{key}: no activity collects it", hint="Name it under 'collected by'.")
            continue
        for visit in endpoint.at:
            missing = [name for name in endpoint.collected_by if not _done(case, name, visit)]
            if missing:
                message = f"{key}: {' and '.join(missing)} is not done at '{visit}'"
                yield Remark(
                    (*path, "at"), message, hint=f"Add '{visit}' to the activity, or take it from the endpoint."
                )


def l37(case: Case) -> Iterator[Remark]:
    """A time frame that is missing, or a number without a unit."""
    for key, endpoint in _endpoints(case):
        path: KeyPath = ("objectives", "endpoints", key)
        if endpoint.time_frame is None:
            yield Remark(path, f"{key} has no registered time frame", hint="Registries require one.")
        elif read_time_frame(unescape(endpoint.time_frame)).is_number_only:
            message = f"{key}: '{endpoint.time_frame}' has no unit"
            yield Remark((*path, "time frame"), message, hint="Write weeks, months or days.")


def l38(case: Case) -> Iterator[Remark]:
    """An outcome whose title says nothing measurable."""
    for key, endpoint in _endpoints(case):
        if _VAGUE.fullmatch(endpoint.says.strip()):
            path: KeyPath = ("objectives", "endpoints", key, "says")
            yield Remark(
                path, f"{key}: '{endpoint.says}' does not say what is measured", hint="Name measure and scale."
            )


def l39(case: Case) -> Iterator[Remark]:
    """No primary endpoint."""
    if not any(endpoint.level is Level.PRIMARY for _, endpoint in _endpoints(case)):
        yield Remark(("objectives",), "there is no primary endpoint")


def l40(case: Case) -> Iterator[Remark]:
    """A primary endpoint without an estimand, or an estimand without intercurrent events."""
    estimands = case.protocol.objectives.estimands
    for key, endpoint in _endpoints(case):
        if endpoint.level is Level.PRIMARY and key not in estimands:
            message = f"{key} has no estimand: population, intercurrent events and summary are open"
            yield Remark(("objectives", "endpoints", key), message, hint="Add it below 'estimands' (ICH E9(R1)).")
    for key, estimand in estimands.items():
        if not estimand.intercurrent_events:
            message = f"the estimand of {key} names no intercurrent event"
            yield Remark(("objectives", "estimands", key), message, hint="Say what happens when treatment stops.")


def l41(case: Case) -> Iterator[Remark]:
    """A size without a reason, with what it can show."""
    size = case.protocol.size
    if size.enrol is None or size.enrol < 2 or size.reason != "not stated":
        return
    effect = detectable_effect(min(size.enrol, 100_000))
    message = (
        f"{size.enrol} participants and no reason given; a paired t test (two-sided 5 %, power 80 %) then detects "
        f"a change of {effect:.2f} standard deviations"
    )
    yield Remark(("size",), message, hint="Show it to the statistician, and write the reason.")


def l42(case: Case) -> Iterator[Remark]:
    """A change without a baseline that is collected."""
    for key, endpoint in _endpoints(case):
        if "from baseline" not in endpoint.summary:
            continue
        path: KeyPath = ("objectives", "endpoints", key)
        if endpoint.baseline is None:
            yield Remark(
                path, f"{key} is a change, but no baseline visit is named", hint="Add: baseline: NAME OF VISIT"
            )
            continue
        missing = [name for name in endpoint.collected_by if not _done(case, name, endpoint.baseline)]
        if missing:
            message = f"{key}: {' and '.join(missing)} is not done at the baseline '{endpoint.baseline}'"
            yield Remark((*path, "baseline"), message, hint=f"Add '{endpoint.baseline}' to the activity.")


def l43(case: Case) -> Iterator[Remark]:
    """Several primary endpoints without a word on multiplicity."""
    primary = [key for key, endpoint in _endpoints(case) if endpoint.level is Level.PRIMARY]
    words = " ".join(
        [case.protocol.size.reason, *(estimand.summary for estimand in case.protocol.objectives.estimands.values())]
    )
    if len(primary) > 1 and not re.search(r"multiplic|holm|bonferroni|hommel|hierarch|co-primary|alpha", words, re.I):
        message = f"{len(primary)} primary endpoints ({', '.join(primary)}) and nothing said on multiplicity"
        yield Remark(("objectives",), message, hint="Say how the error is kept, or choose one.")


def l44(case: Case) -> Iterator[Remark]:
    """No stopping rule."""
    rules = [rule for rule in case.protocol.stopping if not rule.casefold().startswith(("none", "proposed"))]
    if not rules and case.protocol.drugs:
        yield Remark(
            ("stopping",), "no stopping rule is registered", hint="Say when recruitment pauses, or that none is used."
        )


def _endpoints(case: Case) -> Iterator[tuple[str, Endpoint]]:
    yield from case.protocol.objectives.endpoints.items()


def _done(case: Case, activity: str, visit: str) -> bool:
    """Whether an activity is done at a visit; a span such as every day or every contact covers all of them."""
    where = case.protocol.activities[activity]
    return visit in where.visits or bool(where.spans)


CHECKS = (
    Check(
        "L36",
        "An endpoint is not collected at its visit",
        Severity.ERROR,
        "What no activity collects at week 12 is missing at week 12 for everybody.",
        l36,
        fails="activities:\n  pain score: baseline, week 4\n",
        passes="activities:\n  pain score: baseline, week 4, week 12\n",
    ),
    Check(
        "L37",
        "A time frame is missing or has no unit",
        Severity.WARNING,
        "The registry has refused such records since 2018; an analysis cannot place them.",
        l37,
        fails='objectives:\n  endpoints:\n    P1:\n      time frame: "12"\n',
        passes="objectives:\n  endpoints:\n    P1:\n      time frame: week 12\n",
    ),
    Check(
        "L38",
        "An outcome says nothing measurable",
        Severity.WARNING,
        "'Safety' is a subject, not a measure.",
        l38,
        fails="objectives:\n  endpoints:\n    S1:\n      level: secondary\n      says: Safety\n      time frame: week 12\n",
        passes=(
            "objectives:\n  endpoints:\n    S1:\n      level: secondary\n      says: Participants with a serious adverse event\n"
            "      time frame: week 12\n"
        ),
    ),
    Check(
        "L39",
        "No primary endpoint",
        Severity.ERROR,
        "Without it nobody knows what the study was to show.",
        l39,
        fails="objectives:\n  endpoints:\n    P1:\n      level: secondary\n",
        passes="objectives:\n  endpoints:\n    P1:\n      level: primary\n",
    ),
    Check(
        "L40",
        "No estimand, or no intercurrent events",
        Severity.WARNING,
        "ICH E9(R1): a result answers a question only when it is said what happens to those who stop treatment.",
        l40,
        fails="objectives:\n  estimands:\n    P1: absent\n",
        passes="",
    ),
    Check(
        "L41",
        "A size without a reason",
        Severity.WARNING,
        "A number of participants is a claim about what the study can show.",
        l41,
        fails="size:\n  reason: not stated\n",
        passes="size:\n  reason: precision of the mean change\n",
    ),
    Check(
        "L42",
        "A change without its baseline",
        Severity.ERROR,
        "A change needs the value it is counted from.",
        l42,
        fails="activities:\n  pain score: week 4, week 12\n",
        passes="activities:\n  pain score: baseline, week 4, week 12\n",
    ),
    Check(
        "L43",
        "Several primary endpoints, nothing on multiplicity",
        Severity.WARNING,
        "Two chances to succeed double the chance to succeed by accident.",
        l43,
        fails="objectives:\n  endpoints:\n    P2:\n      level: primary\n      says: Haemoglobin at week 12\n      time frame: week 12\n",
        passes=(
            "objectives:\n  endpoints:\n    P2:\n      level: primary\n      says: Haemoglobin at week 12\n"
            "      time frame: week 12\nsize:\n  reason: co-primary endpoints, both must succeed\n"
        ),
    ),
    Check(
        "L44",
        "No stopping rule",
        Severity.WARNING,
        "When harm appears, a rule written before is worth more than a meeting after.",
        l44,
        fails="stopping: absent\n",
        passes="",
    ),
)
