"""Small charts as SVG text, the same bytes each time: bars, and lines with a band.

Two colours that people with any colour vision tell apart (Okabe and Ito's blue and vermilion), which also differ in
lightness; what a picture shows stands in its description as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

BLUE, VERMILION, GREY, INK = "#0072b2", "#d55e00", "#8a8a8a", "#222222"
_WIDTH, _LEFT, _RIGHT = 720, 280, 110
_ROW = 22
_FONT = 'font-family="system-ui, sans-serif" font-size="13"'


def bars(title: str, rows: Sequence[tuple[str, Sequence[float]]], *, unit: str, series: Sequence[str] = ("",)) -> str:
    """Horizontal bars: a row for each name, one or two bars in it, the value at its end.

    Args:
        title: What the picture shows.
        rows: Name, and a value for each series.
        unit: Printed behind values: `%`.
        series: Names of the series; one without name has no legend.
    """
    most = max(value for _, values in rows for value in values) or 1.0
    scale = (_WIDTH - _LEFT - _RIGHT) / most
    legend = len(series) > 1
    parts, y = [], 54 if legend else 34
    for place, name in enumerate(series if legend else ()):
        parts.append(_box(_LEFT + place * 140, 32, 12, 12, _colour(place)))
        parts.append(_text(_LEFT + place * 140 + 18, 43, name))
    for name, values in rows:
        height = (_ROW - 6) / len(values)
        parts.append(_text(_LEFT - 8, y + 13, name, anchor="end"))
        for place, value in enumerate(values):
            top = y + 2 + place * height
            parts.append(_box(_LEFT, top, max(0.5, value * scale), height - 1, _colour(place)))
        shown = " / ".join(_number(value) for value in values)
        parts.append(_text(_LEFT + max(values) * scale + 6, y + 13, f"{shown} {unit}".strip()))
        y += _ROW
    told = "; ".join(f"{name}: {' and '.join(map(_number, values))} {unit}".strip() for name, values in rows)
    return _svg(title, told, y + 10, parts)


def lines(
    title: str, points: Sequence[tuple[float, float, float, float]], *, across: str, up: str, ticks: Mapping[float, str]
) -> str:
    """A line with a band around it: (x, low, middle, high), joined from left to right."""
    width, height, left, top = 600.0, 240.0, 70.0, 60.0
    first, last, most_y = points[0][0], points[-1][0], max(high for *_, high in points)

    def place(x: float) -> float:
        return left + (x - first) / (last - first) * width

    def at(x: float, y: float) -> str:
        return f"{place(x):.1f},{top + height - y / most_y * height:.1f}"

    upper = [at(x, high) for x, _, _, high in points]
    lower = [at(x, low) for x, low, _, _ in reversed(points)]
    parts = [
        f'<polygon points="{" ".join([*upper, *lower])}" fill="{BLUE}" fill-opacity="0.25"/>',
        f'<polyline points="{" ".join(at(x, middle) for x, _, middle, _ in points)}" fill="none" stroke="{BLUE}" '
        f'stroke-width="2.5"/>',
        f'<path d="M{left} {top} V{top + height} H{left + width}" fill="none" stroke="{GREY}"/>',
    ]
    for x, word in ticks.items():
        parts.append(_text(place(x), top + height + 18, word, anchor="middle"))
    for share in (0.0, 0.5, 1.0):
        parts.append(_text(left - 6, top + height * (1 - share) + 4, _number(most_y * share), anchor="end"))
    parts.append(_text(left + width / 2, top + height + 40, across, anchor="middle"))
    parts.append(_text(left, top - 8, up))
    told = "; ".join(
        f"{_number(x)}: {_number(mid)} ({_number(low)} to {_number(high)})" for x, low, mid, high in points
    )
    return _svg(title, f"{up} by {across}, middle (quarter to three quarters): {told}", top + height + 54, parts)


def _svg(title: str, told: str, height: float, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height:.0f}" role="img" {_FONT} fill="{INK}">\n'
        f"<title>{escape(title)}</title>\n<desc>{escape(told)}</desc>\n"
        f'<rect width="100%" height="100%" fill="#ffffff"/>\n'
        + _text(8, 20, title, weight="bold")
        + "\n"
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _text(x: float, y: float, words: str, *, anchor: str = "start", weight: str = "normal") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}">{escape(words)}</text>'


def _box(x: float, y: float, width: float, height: float, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{colour}"/>'


def _colour(place: int) -> str:
    return (BLUE, VERMILION)[place]


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 20 or value == int(value) else f"{value:.1f}"
