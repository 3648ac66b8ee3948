"""The design of a study as a picture: epochs, doses, visits and their windows on a scale of study days (SVG).

Plain text building without a library, so that the same protocol gives the same bytes. Colours are from the
palette of Okabe and Ito, which colour-blind readers tell apart; every mark has its meaning in words as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from trialrun.protocol.model import Protocol
from trialrun.protocol.schedule.dosing import dose_plans
from trialrun.protocol.schedule.planner import arm_drugs
from trialrun.protocol.timing import FromAnchor, OnDay, VisitTiming

_WIDTH, _LEFT, _RIGHT = 1160, 190, 30
_BLUE, _ORANGE, _GREEN, _GREY = "#0072B2", "#E69F00", "#009E73", "#5c5c5c"
_BANDS = ("#dbe9f4", "#fdf0d5", "#dff2ea", "#eeeeee")
_CHARACTER = 7.0
_LANE = 16


@dataclass(frozen=True, slots=True)
class _Mark:
    """A visit on the scale, in offsets from day 1."""

    name: str
    first: int
    last: int
    earliest: int
    latest: int
    bounds: str
    epoch: str | None
    telephone: bool


class _Scale:
    """Offsets in days to horizontal positions."""

    def __init__(self, first: int, last: int) -> None:
        self.first, self.last = first, max(last, first + 7)
        self._per_day = (_WIDTH - _LEFT - _RIGHT) / (self.last - self.first + 1)

    def x(self, offset: float) -> float:
        return round(_LEFT + (offset - self.first + 0.5) * self._per_day, 1)


def timeline_svg(protocol: Protocol, arm: str | None = None) -> str:
    """The picture of one arm.

    Raises:
        InputError: the arm does not exist, or has to be named.
    """
    plans = list(dose_plans(protocol, arm_drugs(protocol, arm)))
    marks = [mark for name, timing in protocol.visits.items() if (mark := _mark(name, timing))]
    offsets = [offset for plan in plans for offset in plan.offsets]
    edges = [edge for mark in marks for edge in (mark.earliest, mark.latest)]
    scale = _Scale(min([0, *offsets, *edges]), max([0, *offsets, *edges]))
    parts: list[str] = []
    y = _bands(parts, scale, marks, 64)
    for plan in plans:
        y = _doses(parts, scale, protocol.drugs[plan.drug].name, plan.offsets, y)
    y = _visits(parts, scale, marks, y)
    y = _axis(parts, scale, y)
    y = _legend(parts, protocol, y)
    return _document(protocol, parts, y, len(offsets), len(marks))


def _mark(name: str, timing: VisitTiming) -> _Mark | None:
    """A visit with a day; those that hang on an event have no place on the scale."""
    if isinstance(timing.when, OnDay):
        first = timing.when.day.offset.days
        last = timing.when.last.offset.days if timing.when.last else first
    elif isinstance(timing.when, FromAnchor) and timing.when.anchor in ("day 1", "first dose", "enrolment"):
        first = last = round(timing.when.duration.typical_days) * timing.when.direction
    else:
        return None
    bounds = ", ".join(str(bound) for bound in timing.not_before)
    earliest, latest = first - timing.window.before, last + timing.window.after
    return _Mark(name, first, last, earliest, latest, bounds, timing.epoch, timing.by_telephone)


def _bands(parts: list[str], scale: _Scale, marks: list[_Mark], y: int) -> int:
    """Epochs as bands from their first to their last visit."""
    epochs = list(dict.fromkeys(mark.epoch for mark in marks if mark.epoch))
    if not epochs:
        return y
    parts.append(_label("Epochs", y + 15))
    starts = [min(mark.first for mark in marks if mark.epoch == epoch) for epoch in epochs]
    ends = [*(start - 1 for start in starts[1:]), scale.last]
    for index, epoch in enumerate(epochs):
        left, right = scale.x(starts[index] - 0.5), scale.x(ends[index] + 0.5)
        colour = _BANDS[index % len(_BANDS)]
        width = max(1.0, right - left)
        parts.append(f'<rect x="{left}" y="{y}" width="{width:.1f}" height="22" fill="{colour}" stroke="#999"/>')
        if width > len(epoch) * _CHARACTER:
            parts.append(_text(left + width / 2, y + 15, epoch, anchor="middle"))
    return y + 36


def _doses(parts: list[str], scale: _Scale, name: str, offsets: tuple[int, ...], y: int) -> int:
    parts.append(_label(name, y + 14))
    for offset in offsets:
        x = scale.x(offset)
        parts.append(f'<line x1="{x}" y1="{y}" x2="{x}" y2="{y + 20}" stroke="{_BLUE}" stroke-width="2.5"/>')
    return y + 32


def _visits(parts: list[str], scale: _Scale, marks: list[_Mark], y: int) -> int:
    """Visits, each in the first lane in which its bar and label touch no other."""
    if not marks:
        return y
    parts.append(_label("Visits", y + 12))
    lanes: list[float] = []
    for mark in sorted(marks, key=lambda mark: (mark.earliest, mark.first)):
        label = mark.name + (" (telephone)" if mark.telephone else "")
        left, right = scale.x(mark.earliest - 0.5), scale.x(mark.latest + 0.5)
        size = len(label) * _CHARACTER
        at_left = right + 8 + size > _WIDTH
        start, end = (left - 8 - size, right) if at_left else (left, right + 8 + size)
        lane = next((number for number, busy in enumerate(lanes) if busy + 6 < start), len(lanes))
        lanes[lane : lane + 1] = [end]
        top = y + lane * _LANE
        colour = _GREEN if mark.telephone else _ORANGE
        hint = f"{mark.name}: {_days(mark)}" + (f", {mark.bounds}" if mark.bounds else "")
        nominal = scale.x((mark.first + mark.last) / 2)
        parts.append(
            f"<g><title>{escape(hint)}</title>"
            f'<rect x="{left}" y="{top + 3}" width="{max(3.0, right - left):.1f}" height="8" fill="{colour}"/>'
            f'<circle cx="{nominal}" cy="{top + 7}" r="3.5" fill="#000"/>'
            + _text(start if at_left else right + 8, top + 11, label)
            + "</g>"
        )
    return y + len(lanes) * _LANE + 14


def _days(mark: _Mark) -> str:
    days = _day(mark.first) if mark.first == mark.last else f"{_day(mark.first)} to {_day(mark.last)}"
    return f"day {days}, window day {_day(mark.earliest)} to {_day(mark.latest)}"


def _axis(parts: list[str], scale: _Scale, y: int) -> int:
    """Study days at whole weeks, no more than fit."""
    total = scale.last - scale.first
    step = next((step for step in (7, 14, 28, 56, 84, 182, 364, 728, 1820, 3640) if total / step <= 22), 7280)
    parts.append(f'<line x1="{_LEFT}" y1="{y}" x2="{_WIDTH - _RIGHT}" y2="{y}" stroke="{_GREY}"/>')
    parts.append(_label("Study day", y + 16))
    first = -(-scale.first // step) * step
    for offset in range(first, scale.last + 1, step):
        x = scale.x(offset)
        parts.append(f'<line x1="{x}" y1="{y}" x2="{x}" y2="{y + 5}" stroke="{_GREY}"/>')
        parts.append(_text(x, y + 18, _day(offset), anchor="middle"))
    return y + 44


def _legend(parts: list[str], protocol: Protocol, y: int) -> int:
    """What the marks mean, and which bounds and open items the picture cannot show."""
    lines = ["Blue line: dose. Bar: allowed window of a visit. Dot: planned day."]
    bounds = [f"{name}: {bound}" for name, timing in protocol.visits.items() for bound in timing.not_before]
    if bounds:
        lines.append("Also: " + "; ".join(bounds) + ".")
    events = [f"{name} ({timing.when})" for name, timing in protocol.visits.items() if _mark(name, timing) is None]
    if events:
        lines.append("Without a day: " + "; ".join(events) + ".")
    still = sum(row.is_open for row in protocol.decisions.values())
    if still:
        lines.append(f"{still} conflicts, questions and assumptions of this protocol are open.")
    for line in lines:
        for piece in _wrapped(line):
            parts.append(_text(_LEFT, y, piece, colour=_GREY))
            y += 16
    return y


def _wrapped(line: str) -> list[str]:
    import textwrap

    return textwrap.wrap(line, int((_WIDTH - _LEFT - _RIGHT) / _CHARACTER))


def _document(protocol: Protocol, parts: list[str], height: int, doses: int, visits: int) -> str:
    title = f"{protocol.trial}: study design"
    words = f"{doses} doses and {visits} visits on a scale of study days; the text lists windows and bounds."
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height + 8}" width="{_WIDTH}" '
        f'height="{height + 8}" role="img" aria-label={quoteattr(title)} '
        'font-family="Helvetica, Arial, sans-serif" font-size="12">',
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(words)}</desc>",
        f'<rect width="{_WIDTH}" height="{height + 8}" fill="#fff"/>',
        _text(16, 26, f"{protocol.trial}  {_shortened(protocol.title)}", size=16, weight="bold"),
        _text(16, 46, f"Version {_shortened(protocol.version)}", colour=_GREY),
    ]
    return "\n".join([*head, *parts, "</svg>"]) + "\n"


def _shortened(text: str) -> str:
    return text if len(text) <= 110 else text[:109] + "…"


def _day(offset: int) -> str:
    return str(offset + 1 if offset >= 0 else offset)


def _label(text: str, y: int) -> str:
    shown = text if len(text) <= 22 else text[:21] + "…"
    return f"<g><title>{escape(text)}</title>" + _text(16, y, shown, weight="bold") + "</g>"


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
