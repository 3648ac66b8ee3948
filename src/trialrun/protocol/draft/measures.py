"""Visits, activities and endpoints of a draft, from the outcomes and their time frames."""

from __future__ import annotations

import re

from trialrun.protocol.draft.notebook import Names, Notebook
from trialrun.protocol.prose.timeframes import Moment, TimeFrame, read_time_frame
from trialrun.protocol.writing import Leaf, Tree
from trialrun.registry.reading import outcomes_by_level, unescape
from trialrun.registry.record import Outcome, Record
from trialrun.vocabulary.calendar import MAX_STUDY_DAY, StudyDay, Unit, week_day

_LEVELS = {"P": "primary", "S": "secondary", "O": "other"}
_SUMMARIES = (
    ("percent change from baseline", r"\b(?:percent(?:age)?|%) (?:of )?(?:change|reduction|increase)"),
    ("time to event", r"\btime to\b|\bsurvival\b|\btime until\b"),
    ("change from baseline", r"\bchanges?\b|\breduction (?:in|of|from)\b|\bincrease (?:in|of|from)\b"),
    ("share", r"\bproportion\b|\bpercent(?:age)? of\b|\bincidence\b|\brates? of\b|\b\w+ rate\b"),
    ("count", r"\bnumber of\b|\bfrequency\b"),
    ("sum", r"\bcumulative\b|\btotal (?:dose|amount|consumption)\b"),
)


def draft_measures(record: Record, notebook: Notebook) -> tuple[dict[str, Tree], dict[str, Tree], dict[str, Tree]]:
    """The `visits`, `activities` and `endpoints` blocks."""
    outcomes = outcomes_by_level(record)
    notebook.element("outcomes: no outcome is stated", is_read=bool(outcomes))
    frames = {key: read_time_frame(unescape(outcome.time_frame or "")) for key, outcome in outcomes}
    visits = _visits(record, frames, notebook)
    names = Names("dosing days", "as needed")
    activities: dict[str, Tree] = {}
    endpoints: dict[str, dict[str, Tree]] = {}
    for key, outcome in outcomes:
        activity = names.phrase(unescape(outcome.measure or ""), f"{key} assessment")
        at = [_visit_name(moment) for moment in frames[key].moments if _visit_name(moment) in visits]
        summary = _summary(outcome)
        needs_baseline = frames[key].baseline or "from baseline" in summary
        endpoints[key] = _endpoint(key, outcome, at, notebook)
        endpoints[key]["collected by"] = Leaf(activity)
        activities[activity] = _where(key, at, needs_baseline, notebook)
        notebook.element(f"{key}: no visit in the time frame '{outcome.time_frame or 'none'}'", is_read=bool(at))
    return visits, activities, dict(endpoints)


def _visits(record: Record, frames: dict[str, TimeFrame], notebook: Notebook) -> dict[str, Tree]:
    """Screening and baseline, which every study has, then one visit for each moment that is named."""
    assumed = notebook.assume(
        "A screening visit within 28 days before day 1, and a baseline visit on day 1.", "as written", "calendar"
    )
    visits: dict[str, Tree] = {}
    if record.design.study_type != "OBSERVATIONAL":
        visits["screening"] = Leaf("day -28..-1", assumed)
    visits["baseline"] = Leaf("day 1", assumed)
    sources: dict[Moment, list[str]] = {}
    for key, frame in frames.items():
        for moment in frame.moments:
            sources.setdefault(moment, []).append(key)
    for moment in sorted(sources, key=lambda moment: moment.duration.typical_days):
        timing = _timing(moment)
        name = _visit_name(moment)
        if timing is None or name in visits:
            continue
        mark = _convention(moment, notebook)
        keys = sources[moment]
        where = f"time frame of {', '.join(keys[:6])}" + (" …" if len(keys) > 6 else "")
        visits[name] = notebook.leaf(f"visits.{name}", timing, where, words=str(moment), mark=mark)
    return visits


def _visit_name(moment: Moment) -> str:
    return str(moment)


def _timing(moment: Moment) -> str | None:
    """A moment as a visit's timing; None for hours, which are no day of their own, and for day 0 and 1."""
    if moment.unit is Unit.WEEK:
        day = week_day(moment.amount, plus_one=True).number
    elif moment.unit is Unit.DAY:
        day = moment.amount
    elif moment.unit in (Unit.MONTH, Unit.YEAR):
        return f"{moment.duration} after day 1"
    else:
        return None
    return f"day {StudyDay(day)}" if 1 < day <= MAX_STUDY_DAY else None


def _convention(moment: Moment, notebook: Notebook) -> str:
    if moment.unit is Unit.WEEK:
        return notebook.assume("Week n is day 7n + 1.", "as written", "calendar")
    if moment.unit is Unit.DAY:
        return notebook.assume("A time frame of n days is study day n.", "as written", "calendar")
    return notebook.assume("Months and years are counted from day 1 by the calendar.", "as written", "calendar")


def _where(key: str, at: list[str], needs_baseline: bool, notebook: Notebook) -> Leaf:
    visits = (["baseline"] if needs_baseline else []) + [visit for visit in at if visit != "baseline"]
    if visits and at:
        return Leaf(", ".join(visits))
    mark = notebook.ask(f"{key}: when is it measured?", key, f"objectives.endpoints.{key}")
    return Leaf(", ".join([*visits, "as needed"]), mark)


def _endpoint(key: str, outcome: Outcome, at: list[str], notebook: Notebook) -> dict[str, Tree]:
    summary = _summary(outcome)
    path = f"objectives.endpoints.{key}"
    block: dict[str, Tree] = {
        "level": Leaf(_LEVELS[key[0]]),
        "says": notebook.leaf(f"{path}.says", unescape(outcome.measure or "not named"), f"outcome {key}"),
    }
    if outcome.time_frame and outcome.time_frame.strip():
        block["time frame"] = Leaf(unescape(outcome.time_frame))
    if summary != "not stated":
        mark = notebook.assume(
            "How values become a result is read from the words of each outcome.", "as written", "analysis"
        )
        block["summary"] = Leaf(summary, mark)
    if at:
        block["at"] = Leaf(", ".join(at))
    if "from baseline" in summary:
        block["baseline"] = Leaf("baseline")
    return block


def _summary(outcome: Outcome) -> str:
    words = outcome.measure or ""
    return next((name for name, pattern in _SUMMARIES if re.search(pattern, words, re.IGNORECASE)), "not stated")
