"""The picture of a study's design: well-formed, complete in words, the same bytes each time."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from datetime import date

import pytest

from trialrun.protocol.load import ProtocolFile, load_text
from trialrun.protocol.schedule.course import parse_course
from trialrun.protocol.schedule.planner import plan
from trialrun.protocol.schedule.rows import Schedule
from trialrun.protocol.schedule.timeline import timeline_svg

SVG = "{http://www.w3.org/2000/svg}"


def parsed(file: ProtocolFile) -> ElementTree.Element:
    return ElementTree.fromstring(timeline_svg(file.protocol))


def test_a_line_for_each_dose_and_a_bar_for_each_visit_with_a_day(founding: ProtocolFile) -> None:
    picture = parsed(founding)
    doses = [line for line in picture.iter(f"{SVG}line") if line.get("stroke-width") == "2.5"]
    assert len(doses) == 28
    titles = [title.text for title in picture.iter(f"{SVG}title")]
    assert "week 12: day 85, window day 82 to 92, not before last dose + 1 day" in titles
    assert len(list(picture.iter(f"{SVG}circle"))) == 8


def test_doses_stand_in_proportion_to_their_days(founding: ProtocolFile) -> None:
    lines = [line for line in parsed(founding).iter(f"{SVG}line") if line.get("stroke-width") == "2.5"]
    places = [float(line.get("x1") or 0) for line in lines]
    per_day = (places[-1] - places[0]) / 81
    assert places[1] - places[0] == pytest.approx(per_day, abs=0.2)
    assert places[20] - places[19] == pytest.approx(7 * per_day, abs=0.2)


def test_what_has_no_day_is_said_in_words(founding: ProtocolFile) -> None:
    words = " ".join(text.text or "" for text in parsed(founding).iter(f"{SVG}text"))
    assert "early end (when treatment stopped)" in words
    assert "51 conflicts, questions and assumptions of this protocol are open." in words


def test_it_has_a_name_for_screen_readers_and_nothing_from_elsewhere(founding: ProtocolFile) -> None:
    text = timeline_svg(founding.protocol)
    assert parsed(founding).get("role") == "img" and parsed(founding).get("aria-label")
    assert re.findall(r"(?:href|src|url\()", text) == []
    assert text == timeline_svg(founding.protocol)


MONDAY = date(2026, 12, 7)


def words_of(picture: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in picture.iter(f"{SVG}text")]


def of_participant(file: ProtocolFile, *lines: str) -> tuple[Schedule, ElementTree.Element]:
    text = "\n".join(["date,event,what,reason", *lines])
    found = plan(file.protocol, MONDAY, course=parse_course(text, "c.csv", file.protocol))
    return found, ElementTree.fromstring(timeline_svg(file.protocol, None, found))


def test_a_participants_dots_are_the_days_of_the_calendar(founding: ProtocolFile) -> None:
    found, picture = of_participant(founding)
    titles = [title.text or "" for title in picture.iter(f"{SVG}title")]
    assert "screening: day -28 to -1, window day -28 to -1" in titles
    assert any(title.startswith("week 24: day 169, window day 171 to 183, planned for day 171") for title in titles)
    dots = [float(dot.get("cx") or 0) for dot in picture.iter(f"{SVG}circle")]
    doses = [line for line in picture.iter(f"{SVG}line") if line.get("stroke-width") == "2.5"]
    first, last = (float(doses[n].get("x1") or 0) for n in (0, -1))
    per_day = (last - first) / 81
    planned = sorted((row.planned - MONDAY).days for row in found.visits if row.planned)
    assert sorted(dots) == pytest.approx([first + day * per_day for day in planned], abs=0.6)


def test_dates_stand_below_the_days_where_a_participant_has_some(founding: ProtocolFile) -> None:
    words = words_of(of_participant(founding)[1])
    assert words[words.index("Date") + 1 :][:4] == ["9 Nov", "2026", "23 Nov", "7 Dec"]
    assert any("Day 1 is Mon 2026-12-07." in line for line in words)
    assert "Date" not in words_of(parsed(founding))


def test_treatment_ends_with_its_last_visit_or_dose(founding: ProtocolFile) -> None:
    _, picture = of_participant(founding)
    bands = [bar for bar in picture.iter(f"{SVG}rect") if bar.get("height") == "22"]
    doses = [line for line in picture.iter(f"{SVG}line") if line.get("stroke-width") == "2.5"]
    start, end = (float(doses[n].get("x1") or 0) for n in (0, -1))
    per_day = (end - start) / 81
    treatment = float(bands[1].get("x") or 0) + float(bands[1].get("width") or 0)
    assert treatment == pytest.approx(
        start + 84.5 * per_day, abs=0.6
    )  # week 12, the last visit of the epoch, is day 85


def test_every_colour_has_its_meaning_in_words(founding: ProtocolFile) -> None:
    words = words_of(of_participant(founding, "2027-01-13,given,dose 21,")[1])
    for key in ("dose", "dose in conflict", "dose missed, held, cancelled or on a closed day", "planned day"):
        assert key in words
    assert "allowed days of a visit by telephone" in words


def test_a_long_name_is_wrapped_and_not_cut(founding: ProtocolFile) -> None:
    words = words_of(parsed(founding))
    assert words[words.index("Recombinant Human") + 1] == "Interleukin-2"


def test_hostile_names_stay_text() -> None:
    text = """format: trialrun/1
trial: NCT00000001
title: "<script>alert('x')</script> & co"
version: "1"
drugs:
  d:
    name: "a < b & \\"c\\""
    days: 1
visits:
  "<b>": day 1
"""
    words = [node.text for node in parsed(load_text(text)).iter()]
    assert any("<script>" in (word or "") for word in words)
    assert 'a < b & "c"' in words


def test_a_protocol_without_days_still_has_a_picture() -> None:
    text = 'format: trialrun/1\ntrial: NCT00000001\ntitle: Nothing yet\nversion: "1"\n'
    assert len(list(parsed(load_text(text)).iter(f"{SVG}circle"))) == 0
