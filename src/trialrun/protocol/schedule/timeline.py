"""The design of a study as a picture: epochs, doses, visits and their windows on a scale of study days (SVG).

With a participant's schedule the picture shows that plan: the same planned days as the calendar, and dates below the
scale. Plain text building without a library, so that the same protocol gives the same bytes. Colours are from the
palette of Okabe and Ito, which colour-blind readers tell apart; every mark has its meaning in words as well.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from datetime import date, timedelta
from xml.sax.saxutils import escape, quoteattr

from trialrun.protocol.model import Protocol
from trialrun.protocol.schedule.dosing import dose_plans
from trialrun.protocol.schedule.planner import arm_drugs
from trialrun.protocol.schedule.rows import Schedule, VisitRow
from trialrun.protocol.timing import FromAnchor, OnDay, VisitTiming
from trialrun.vocabulary.calendar import weekday_name

_WIDTH, _LEFT, _RIGHT = 1160, 190, 30
_BLUE, _ORANGE, _GREEN, _RED, _GREY, _PALE = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#5c5c5c", "#bbbbbb"
_BANDS = ("#dbe9f4", "#fdf0d5", "#dff2ea", "#eeeeee")
_CHARACTER = 7.0
_LANE = 16
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class _Mark:
    """A visit on the scale, in offsets from day 1: its nominal days, the day it is planned for, its allowed range."""

    name: str
    first: int
    last: int
    planned: int
    earliest: int
    latest: int
    bounds: str
    epoch: str | None
    telephone: bool


@dataclass(frozen=True, slots=True)
class _Tick:
    """A dose on the scale, in its colour."""

    offset: int
    colour: str


class _Scale:
    """Offsets in days to horizontal positions."""

    def __init__(self, first: int, last: int) -> None:
        self.first, self.last = first, max(last, first + 7)
        self._per_day = (_WIDTH - _LEFT - _RIGHT) / (self.last - self.first + 1)

    def x(self, offset: float) -> float:
        return round(_LEFT + (offset - self.first + 0.5) * self._per_day, 1)


def timeline_svg(protocol: Protocol, arm: str | None = None, schedule: Schedule | None = None) -> str:
    """The picture of one arm; of one participant's plan where there is a schedule.

    Raises:
        InputError: the arm does not exist, or has to be named.
    """
    doses = _doses_of(protocol, arm, schedule)
    marks = _marks(protocol, schedule)
    ticks = [tick for drug in doses.values() for tick in drug]
    offsets = [tick.offset for tick in ticks]
    edges = [edge for mark in marks for edge in (mark.earliest, mark.planned, mark.latest)]
    scale = _Scale(min([0, *offsets, *edges]), max([0, *offsets, *edges]))
    parts: list[str] = []
    y = _bands(parts, scale, marks, offsets, 64)
    for drug, own in doses.items():
        y = _doses(parts, scale, protocol.drugs[drug].name, own, y)
    y = _visits(parts, scale, marks, y)
    y = _axis(parts, scale, y)
    if schedule is not None:
        y = _dates(parts, scale, schedule.day_1, y)
    y = _keys(parts, marks, ticks, y + 18)
    y = _legend(parts, protocol, marks, y)
    return _document(protocol, schedule, parts, y, (len(offsets), len(marks)))


def _doses_of(protocol: Protocol, arm: str | None, schedule: Schedule | None) -> dict[str, list[_Tick]]:
    """Each drug's doses: on their nominal days, or as they are planned and were lived."""
    plans = dose_plans(protocol, arm_drugs(protocol, arm))
    if schedule is None:
        return {plan.drug: [_Tick(offset, _BLUE) for offset in plan.offsets] for plan in plans}
    found: dict[str, list[_Tick]] = {}
    for row in schedule.doses:
        tick = _Tick((row.planned - schedule.day_1).days, _DOSE_COLOURS.get(row.state, _PALE))
        found.setdefault(row.drug, []).append(tick)
    return found


_DOSE_COLOURS = {"planned": _BLUE, "given": _BLUE, "not recorded": _BLUE, "conflict": _RED}


def _marks(protocol: Protocol, schedule: Schedule | None) -> list[_Mark]:
    """Visits that have a day; those that hang on an event have no place on the scale."""
    if schedule is None:
        return [mark for name, timing in protocol.visits.items() if (mark := _nominal_mark(name, timing))]
    rows = [row for row in schedule.visits if row.state != "cancelled"]
    return [mark for row in rows if (mark := _planned_mark(row, protocol.visits.get(row.name), schedule.day_1))]


def _nominal_mark(name: str, timing: VisitTiming) -> _Mark | None:
    if isinstance(timing.when, OnDay):
        first = timing.when.day.offset.days
        last = timing.when.last.offset.days if timing.when.last else first
    elif isinstance(timing.when, FromAnchor) and timing.when.anchor in ("day 1", "first dose", "enrolment"):
        first = last = round(timing.when.duration.typical_days) * timing.when.direction
    else:
        return None
    earliest, latest = first - timing.window.before, last + timing.window.after
    return _Mark(name, first, last, last, earliest, latest, _bounds(timing), timing.epoch, timing.by_telephone)


def _planned_mark(row: VisitRow, timing: VisitTiming | None, day_1: date) -> _Mark | None:
    if row.planned is None:
        return None
    planned = (row.planned - day_1).days
    first = row.day.offset.days if row.day else planned
    last = row.last_day.offset.days if row.last_day else first
    earliest = (row.earliest - day_1).days if row.earliest else planned
    latest = (row.latest - day_1).days if row.latest else planned
    bounds, epoch = (_bounds(timing), timing.epoch) if timing else ("", None)
    return _Mark(row.name, first, last, planned, earliest, max(latest, earliest), bounds, epoch, row.telephone)


def _bounds(timing: VisitTiming) -> str:
    return ", ".join(str(bound) for bound in timing.not_before)


def _bands(parts: list[str], scale: _Scale, marks: list[_Mark], doses: list[int], y: int) -> int:
    """Epochs as bands, each from the day after the one before it to its last visit or dose."""
    epochs = list(dict.fromkeys(mark.epoch for mark in marks if mark.epoch))
    if not epochs:
        return y
    parts.append(_label("Epochs", y + 15))
    start = min(mark.first for mark in marks if mark.epoch == epochs[0])
    for index, epoch in enumerate(epochs):
        end = scale.last
        if index + 1 < len(epochs):
            following = min(mark.first for mark in marks if mark.epoch == epochs[index + 1])
            own = [mark.last for mark in marks if mark.epoch == epoch and mark.last < following]
            end = max([start, *own, *(dose for dose in doses if dose < following)])
        left, right = scale.x(start - 0.5), scale.x(end + 0.5)
        colour = _BANDS[index % len(_BANDS)]
        width = max(1.0, right - left)
        parts.append(f'<rect x="{left}" y="{y}" width="{width:.1f}" height="22" fill="{colour}" stroke="#999"/>')
        if width > len(epoch) * _CHARACTER:
            parts.append(_text(left + width / 2, y + 15, epoch, anchor="middle"))
        start = end + 1
    return y + 36


def _doses(parts: list[str], scale: _Scale, name: str, ticks: list[_Tick], y: int) -> int:
    parts.append(_label(name, y + 14))
    for tick in ticks:
        x = scale.x(tick.offset)
        parts.append(f'<line x1="{x}" y1="{y}" x2="{x}" y2="{y + 20}" stroke="{tick.colour}" stroke-width="2.5"/>')
    return y + max(32, 14 * len(_label_lines(name)) + 10)


def _visits(parts: list[str], scale: _Scale, marks: list[_Mark], y: int) -> int:
    """Visits, each in the first lane in which its bar and label touch no other."""
    if not marks:
        return y
    parts.append(_label("Visits", y + 12))
    lanes: list[float] = []
    for mark in sorted(marks, key=lambda mark: (mark.earliest, mark.first)):
        label = mark.name + (" (telephone)" if mark.telephone else "")
        left, right = scale.x(mark.earliest - 0.5), scale.x(max(mark.latest, mark.planned) + 0.5)
        size = len(label) * _CHARACTER
        at_left = right + 8 + size > _WIDTH
        start, end = (left - 8 - size, right) if at_left else (left, right + 8 + size)
        lane = next((number for number, busy in enumerate(lanes) if busy + 6 < start), len(lanes))
        lanes[lane : lane + 1] = [end]
        top = y + lane * _LANE
        colour = _GREEN if mark.telephone else _ORANGE
        hint = f"{mark.name}: {_days(mark)}" + (f", {mark.bounds}" if mark.bounds else "")
        planned = scale.x(mark.planned)
        parts.append(
            f"<g><title>{escape(hint)}</title>"
            f'<rect x="{left}" y="{top + 3}" width="{max(3.0, scale.x(mark.latest + 0.5) - left):.1f}" height="8" fill="{colour}"/>'
            f'<circle cx="{planned}" cy="{top + 7}" r="3.5" fill="#000"/>'
            + _text(start if at_left else right + 8, top + 11, label)
            + "</g>"
        )
    return y + len(lanes) * _LANE + 14


def _days(mark: _Mark) -> str:
    days = _day(mark.first) if mark.first == mark.last else f"{_day(mark.first)} to {_day(mark.last)}"
    planned = "" if mark.first <= mark.planned <= mark.last else f", planned for day {_day(mark.planned)}"
    return f"day {days}, window day {_day(mark.earliest)} to {_day(mark.latest)}{planned}"


def _axis(parts: list[str], scale: _Scale, y: int) -> int:
    """Study days at whole weeks, no more than fit."""
    parts.append(f'<line x1="{_LEFT}" y1="{y}" x2="{_WIDTH - _RIGHT}" y2="{y}" stroke="{_GREY}"/>')
    parts.append(_label("Study day", y + 16))
    for offset in _marked_days(scale):
        x = scale.x(offset)
        parts.append(f'<line x1="{x}" y1="{y}" x2="{x}" y2="{y + 5}" stroke="{_GREY}"/>')
        parts.append(_text(x, y + 18, _day(offset), anchor="middle"))
    return y + 26


def _marked_days(scale: _Scale) -> range:
    total = scale.last - scale.first
    step = next((step for step in (7, 14, 28, 56, 84, 182, 364, 728, 1820, 3640) if total / step <= 22), 7280)
    return range(-(-scale.first // step) * step, scale.last + 1, step)


def _dates(parts: list[str], scale: _Scale, day_1: date, y: int) -> int:
    """The dates of the marked days, with the year where it begins."""
    year = None
    parts.append(_label("Date", y + 10))
    for offset in _marked_days(scale):
        when = day_1 + timedelta(days=offset)
        parts.append(_text(scale.x(offset), y + 10, f"{when.day} {_MONTHS[when.month - 1]}", anchor="middle"))
        if when.year != year:
            year = when.year
            parts.append(_text(scale.x(offset), y + 25, str(year), anchor="middle"))
    return y + 30


def _keys(parts: list[str], marks: list[_Mark], ticks: list[_Tick], y: int) -> int:
    """What the marks mean, each beside one of them; only those that are in the picture."""
    colours = {tick.colour for tick in ticks}
    lines = (
        (_BLUE, "dose"),
        (_RED, "dose in conflict"),
        (_PALE, "dose missed, held, cancelled or on a closed day"),
    )
    bars = ((_ORANGE, "allowed days of a visit", False), (_GREEN, "allowed days of a visit by telephone", True))
    keys = [
        (f'<line x1="7" y1="-12" x2="7" y2="2" stroke="{colour}" stroke-width="2"/>', words)
        for colour, words in lines
        if colour in colours
    ]
    keys += [
        (f'<rect x="0" y="-9" width="14" height="8" fill="{colour}"/>', words)
        for colour, words, telephone in bars
        if any(mark.telephone is telephone for mark in marks)
    ]
    keys += [('<ellipse cx="7" cy="-4" rx="3.5" ry="3.5" fill="#000"/>', "planned day")] * bool(marks)
    x = float(_LEFT)
    for shape, words in keys:
        width = 20 + len(words) * 6.2
        if x + width > _WIDTH:
            x, y = float(_LEFT), y + 18
        parts.append(f'<g transform="translate({x:.0f} {y})">{shape}{_text(20, 0, words, colour=_GREY)}</g>')
        x += width + 16
    return y + 18 if keys else y


def _legend(parts: list[str], protocol: Protocol, marks: list[_Mark], y: int) -> int:
    """Which bounds and open items the picture cannot show."""
    lines = []
    bounds = [f"{name}: {bound}" for name, timing in protocol.visits.items() for bound in timing.not_before]
    if bounds:
        lines.append("Also: " + "; ".join(bounds) + ".")
    shown = {mark.name for mark in marks}
    others = [f"{name} ({timing.when})" for name, timing in protocol.visits.items() if name not in shown]
    if others:
        lines.append("Without a day: " + "; ".join(others) + ".")
    still = sum(row.is_open for row in protocol.decisions.values())
    if still:
        lines.append(f"{still} conflicts, questions and assumptions of this protocol are open.")
    for line in lines:
        for piece in _wrapped(line):
            parts.append(_text(_LEFT, y, piece, colour=_GREY))
            y += 16
    return y


def _wrapped(line: str) -> list[str]:
    return textwrap.wrap(line, int((_WIDTH - _LEFT - _RIGHT) / _CHARACTER))


def _document(
    protocol: Protocol, schedule: Schedule | None, parts: list[str], height: int, counts: tuple[int, int]
) -> str:
    title = f"{protocol.trial}: study design"
    below = f"Version {_shortened(protocol.version)}"
    if schedule is not None:
        below += f". Day 1 is {weekday_name(schedule.day_1)} {schedule.day_1}."
    words = f"{counts[0]} doses and {counts[1]} visits on a scale of study days; the text lists windows and bounds."
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height + 8}" width="{_WIDTH}" '
        f'height="{height + 8}" role="img" aria-label={quoteattr(title)} '
        'font-family="Helvetica, Arial, sans-serif" font-size="12">',
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(words)}</desc>",
        f'<rect width="{_WIDTH}" height="{height + 8}" fill="#fff"/>',
        _text(16, 26, f"{protocol.trial}  {_shortened(protocol.title)}", size=16, weight="bold"),
        _text(16, 46, below, colour=_GREY),
    ]
    return "\n".join([*head, *parts, "</svg>"]) + "\n"


def _shortened(text: str) -> str:
    return text if len(text) <= 110 else text[:109] + "…"


def _day(offset: int) -> str:
    return str(offset + 1 if offset >= 0 else offset)


def _label(text: str, y: int) -> str:
    """A row's name at the left, on as many lines as it needs."""
    lines = _label_lines(text)
    shown = "".join(_text(16, y + 14 * number, line, weight="bold") for number, line in enumerate(lines))
    return f"<g><title>{escape(text)}</title>{shown}</g>"


def _label_lines(text: str) -> list[str]:
    return textwrap.wrap(text, 23, max_lines=3, placeholder="…")


def _text(
    x: float,
    y: float,
    text: str,
    *,
    anchor: str = "start",
    colour: str = "#000",
    size: int = 12,
    weight: str = "normal",
) -> str:
    style = f' font-size="{size}"' * (size != 12) + f' font-weight="{weight}"' * (weight != "normal")
    style += f' text-anchor="{anchor}"' * (anchor != "start")
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}"{style}>{escape(text)}</text>'
