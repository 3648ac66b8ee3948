"""The picture of a study's design: well-formed, complete in words, the same bytes each time."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import pytest

from trialrun.protocol.load import ProtocolFile, load_text
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
    assert "43 conflicts, questions and assumptions of this protocol are open." in words


def test_it_has_a_name_for_screen_readers_and_nothing_from_elsewhere(founding: ProtocolFile) -> None:
    text = timeline_svg(founding.protocol)
    assert parsed(founding).get("role") == "img" and parsed(founding).get("aria-label")
    assert re.findall(r"(?:href|src|url\()", text) == []
    assert text == timeline_svg(founding.protocol)


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
