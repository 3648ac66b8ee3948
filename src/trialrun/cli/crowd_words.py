"""What `trialrun screen` prints of many people, for reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trialrun.cli.terminal import say, say_heading, say_table, say_wrapped
from trialrun.errors import shortened
from trialrun.screening.crowd import people
from trialrun.screening.verdicts import MEANINGS, Standing

if TYPE_CHECKING:
    from trialrun.patients.report import ReadReport
    from trialrun.screening.candidates import Candidate
    from trialrun.screening.crowd import Crowd
    from trialrun.screening.funnel import Funnel, FunnelRow, Lever

_BAR = 20
_MOST_LEVERS = 8
_MOST_ASKED = 4
_MOST_REJECTED = 5


def say_crowd(crowd: Crowd, limit: int) -> None:
    """Writes the funnel, what it rests on, the costs, what to find out, and the candidates.

    Args:
        crowd: The people.
        limit: How many candidates are shown; 0 = all.
    """
    funnel = crowd.funnel
    say(f"{crowd.trial} on {crowd.anchors.on}: {people(funnel.persons)} in the {crowd.source}")
    say(f"  {funnel.eligible:>9,} eligible   {MEANINGS[Standing.ELIGIBLE]}")
    say(f"  {funnel.possible:>9,} possible   {MEANINGS[Standing.POSSIBLE]}{_asked_only(funnel)}")
    dead = f", {funnel.deceased:,} of them because they are recorded as dead" if funnel.deceased else ""
    say(f"  {funnel.excluded:>9,} excluded{dead}")
    for words in crowd.remarks:
        say_wrapped(f"! {words}", indent="  ")
    for words in crowd.basis():
        say_wrapped(words, indent="  ")
    _say_funnel(funnel)
    _say_costs(funnel)
    _say_levers(funnel)
    _say_candidates(crowd.candidates, limit)
    _say_read(crowd.report)
    say()
    say_wrapped(
        f"Protocol {crowd.protocol_hash[:12]}, terms {crowd.vocabulary[:12]}. For research; not clinically validated."
    )


def _asked_only(funnel: Funnel) -> str:
    only = f": of {funnel.asked_only:,} only what persons answer" if funnel.asked_only else ""
    return only if funnel.possible else ""


def _say_funnel(funnel: Funnel) -> None:
    say_heading("Funnel, in the protocol's order")
    alive = funnel.persons - funnel.deceased
    start = "alive on the day" if funnel.deceased else "everybody who was screened"
    rows: list[tuple[str, ...]] = [("", "", "", "", f"{alive:,}", f"{alive:,}", _bar(alive, alive, alive), start)]
    rows += [_funnel_row(row, alive) for row in funnel.rows]
    say_table(
        ("", "against", "for", "unknown", "remaining", "sure", "remaining (sure)", "criterion"),
        rows,
        numbers=range(1, 6),
    )
    say_wrapped(
        "Remaining: not excluded by this row and those above. Sure: passed all of them for certain.", indent="  "
    )


def _funnel_row(row: FunnelRow, alive: int) -> tuple[str, ...]:
    return (
        row.criterion.id,
        f"{row.against:,}",
        f"{row.passing:,}",
        f"{row.unknown:,}",
        f"{row.remaining:,}",
        f"{row.sure:,}",
        _bar(row.remaining, row.sure, alive),
        shortened(row.criterion.says, 60),
    )


def _bar(remaining: int, sure: int, most: int) -> str:
    """A bar of the remaining, the sure among them darker; whoever is left shows as at least one block."""
    if not most:
        return ""
    length = max(round(_BAR * remaining / most), int(remaining > 0))
    dark = min(length, max(round(_BAR * sure / most), int(sure > 0)))
    return "█" * dark + "░" * (length - dark)


def _say_costs(funnel: Funnel) -> None:
    costly = sorted((row for row in funnel.rows if row.alone), key=lambda row: -row.alone)
    if not costly:
        return
    say_heading("What each criterion costs: people it alone excludes")
    rows: list[tuple[str, ...]] = [
        (
            row.criterion.id,
            f"{row.alone:,}",
            f"{row.would_join:,}",
            f"{row.would_stay:,}",
            shortened(row.criterion.says, 60),
        )
        for row in costly
    ]
    say_table(("", "alone", "eligible without it", "possible without it", "criterion"), rows, numbers=range(1, 4))


def _say_levers(funnel: Funnel) -> None:
    if not funnel.levers:
        return
    say_heading("What to find out, of the people who might join")
    rows = [_lever_row(one) for one in funnel.levers[:_MOST_LEVERS]]
    say_table(("waiting", "settled", "what", "for", "who can say"), rows, numbers=(0, 1))
    rest = len(funnel.levers) - _MOST_LEVERS
    if rest > 0:
        say(f"  … and {rest} more (--json lists all)")
    say_wrapped(f"Settled: they wait for nothing else. {_best(funnel)}", indent="  ")


def _best(funnel: Funnel) -> str:
    """Whom to ask first, in a sentence."""
    best = funnel.suppliers[0]
    if not best.settles:
        return f"Nobody of {funnel.possible:,} is settled by what one of them alone can say."
    return f"Everything that {best.need.who} can say would settle {people(best.settles)} of {funnel.possible:,}."


def _lever_row(one: Lever) -> tuple[str, ...]:
    criteria = ", ".join(one.criteria)
    return f"{one.waiting:,}", f"{one.settles:,}", shortened(one.need.what, 60), shortened(criteria, 24), one.need.who


def _say_candidates(found: tuple[Candidate, ...], limit: int) -> None:
    if not found:
        return
    say_heading("Candidates, the nearest first")
    shown = found[: limit or None]
    for one in shown:
        say_wrapped(_candidate(one), indent="    ", first="  ")
    if len(shown) < len(found):
        say(f"  … and {len(found) - len(shown):,} more (--limit 0 shows all)")


def _candidate(one: Candidate) -> str:
    if not one.unknown:
        return f"{one.person}: eligible, by everything recorded and answered"
    asks = [need.what for need, _ in one.needs]
    more = f"; and {len(asks) - _MOST_ASKED} more" if len(asks) > _MOST_ASKED else ""
    words = "; ".join(shortened(what, 60) for what in asks[:_MOST_ASKED])
    return f"{one.person}: {len(one.unknown)} unknown ({', '.join(one.unknown)}). Ask: {words}{more}"


def _say_read(report: ReadReport) -> None:
    if not (report.shortfall() or report.problem_count):
        return
    say_heading("What could not be read")
    for words in report.shortfall():
        say_wrapped(words, indent="  ", first="  ")
    for words in report.rejections[:_MOST_REJECTED]:
        say_wrapped(words, indent="      ", first="    - ")
    if report.problem_count:
        say_wrapped(f"{report.problem_count:,} things not understood", indent="  ", first="  ")
    say("  `trialrun patients` tells all of it.")
