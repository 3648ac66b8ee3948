"""The drawn funnel: widths, what is rounded tells no difference, and words of the protocol stay words."""

from __future__ import annotations

import re

import pytest

from trialrun.screening.funnel_chart import ChartRow, bar, funnel_chart

START = ChartRow("", "everybody", 200, 200)


def widths(drawn: str) -> dict[str, float]:
    """Kind of each part of a bar -> its width in percent."""
    return {kind: float(wide) for kind, wide in re.findall(r"class='(\w+)' x='[\d.]+%' y='1' width='([\d.]+)%'", drawn)}


def line(chart: str, name: str) -> str:
    return chart.partition(f"<tr id='{name}'>")[2].partition("</tr>")[0]


def cells(row: str) -> list[str]:
    return re.findall(r"<td class='n'[^>]*>(.*?)</td>", row)


def test_a_bar_shows_who_is_sure_who_is_left_and_who_is_lost() -> None:
    row = line(funnel_chart([START, ChartRow("I1", "adult", 150, 50, "50", "60", "90")]), "I1")
    assert widths(row) == {"sure": 25, "left": 50, "lost": 25}
    assert cells(row) == ["150", "50", "−50", "50", "60", "90"]


def test_rounded_counts_stand_alone_and_no_difference_of_them_is_told() -> None:
    rows = [
        ChartRow("", "everybody", 60, shown="60"),
        ChartRow("I1", "", 40, against="10", unknown="under 10", shown="40"),
        ChartRow("I2", "", 0, against="30", unknown="20", shown="under 10"),
    ]
    chart = funnel_chart(rows, rounded=True)
    assert cells(line(chart, "I1")) == ["40", "10", "under 10"]
    assert cells(line(chart, "I2")) == ["under 10", "30", "20"]
    assert "sure" not in chart.casefold() and "Lost here" not in chart and ">For<" not in chart
    assert widths(line(chart, "I1")) == {"left": 66.67, "lost": 33.33}


def test_words_of_the_protocol_are_escaped() -> None:
    chart = funnel_chart([ChartRow("I1'><script>", "<script>alert(1)</script>" + "x" * 200, 1, 1, "<b>")])
    assert "<script" not in chart and "<b>" not in chart and "id='I1&#x27;&gt;" in chart


@pytest.mark.parametrize("rows", [[], [ChartRow("I1", "", 0, 0)]])
def test_nobody_left_draws_no_bar_and_breaks_nothing(rows: list[ChartRow]) -> None:
    assert {"sure", "left", "lost"} & set(widths(funnel_chart(rows))) == set()


def test_a_bar_of_nothing_has_no_width() -> None:
    assert widths(bar((("sure", 0), ("left", 0)), 0)) == {}
