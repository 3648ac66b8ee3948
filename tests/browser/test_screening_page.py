"""The page of one person, as a coordinator opens it, walks it by keyboard, and prints it."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from tests.browser.conftest import Opened
from tests.browser.reading import FAINT, TABLES, UNNAMED, printed, tags

PEOPLE = ("may-join", "may-not-join", "unknown")
MOST_SHEETS = 5
"""Sheets of A4 for the nineteen criteria of the founding study."""

Open = Callable[[Path], Opened]
Write = Callable[[str], Path]


@pytest.fixture(params=PEOPLE)
def shown(request: pytest.FixtureRequest, opened: Open, page_of: Write) -> Opened:
    """The page of each made-up person, open."""
    return opened(page_of(request.param))


def test_it_opens_without_an_error_and_asks_for_nothing(shown: Opened) -> None:
    assert shown.page.locator("h1").inner_text()
    assert (shown.errors, shown.asked) == ([], [])


def test_the_gate_would_see_a_request(opened: Open, tmp_path: Path) -> None:
    """The test above means nothing if a page that does ask is not caught."""
    file = tmp_path / "asks.html"
    file.write_text("<img src='https://example.org/seen.png'>", encoding="utf-8")
    found = opened(file)
    assert found.asked == ["https://example.org/seen.png"]
    assert found.errors


def test_its_headings_go_down_one_step_at_a_time(shown: Opened) -> None:
    levels = [int(tag[1]) for tag in tags(shown.page, "h1, h2, h3, h4, h5, h6")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels


def test_a_reader_who_hears_it_can_find_the_way(shown: Opened) -> None:
    assert shown.page.locator("html").get_attribute("lang") == "en"
    assert shown.page.title()
    assert shown.page.evaluate(UNNAMED) == []
    shown.page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    tables = shown.page.evaluate(TABLES)
    assert tables
    for table in tables:
        assert table["heads"] and not table["plain"], table
        assert table["widths"] == [table["heads"]], table


def test_its_words_stand_out_from_the_ground(shown: Opened) -> None:
    shown.page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    assert shown.page.evaluate(FAINT) == []


def test_the_walk_for_contrast_sees_faint_words(opened: Open, tmp_path: Path) -> None:
    file = tmp_path / "faint.html"
    file.write_text("<main><p style='color:#999'>faint</p><p style='color:#595959'>clear</p></main>", encoding="utf-8")
    assert len(opened(file).page.evaluate(FAINT)) == 1


def test_the_keyboard_reaches_and_opens_every_fold(shown: Opened) -> None:
    page = shown.page
    folds = page.locator("summary").count()
    assert folds
    reached = 0
    for _ in range(folds + page.locator("a").count()):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "SUMMARY":
            page.keyboard.press("Enter")
            assert page.evaluate("document.activeElement.parentElement.open")
            reached += 1
        if reached == folds:
            break
    assert reached == folds


def test_a_link_opens_the_fold_it_leads_into(opened: Open, page_of: Write) -> None:
    page = opened(page_of("unknown")).page
    page.locator("a[href='#E6.b.2']").first.click()
    part = page.locator("[id='E6.b.2']")
    part.wait_for(state="visible")
    assert "intravenous antibiotic was given" in part.inner_text()


def test_it_is_read_on_a_telephone_without_sliding_sideways(shown: Opened) -> None:
    shown.page.set_viewport_size({"width": 360, "height": 740})
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= 360


def test_on_a_telephone_each_answer_keeps_its_heading_and_a_line_to_write_on(opened: Open, page_of: Write) -> None:
    page = opened(page_of("unknown")).page
    page.set_viewport_size({"width": 380, "height": 740})
    row = page.locator("tr", has=page.locator("td.answer")).first
    for cell, label in ((row.locator("td.means").nth(0), "Yes means"), (row.locator("td.means").nth(1), "No means")):
        assert label in cell.evaluate("one => getComputedStyle(one, '::before').content + one.dataset.label")
        assert cell.evaluate("one => getComputedStyle(one, '::before').content") != "none"
        assert cell.bounding_box()["width"] > 300  # type: ignore[index]
    box = row.locator("td.answer").bounding_box()
    assert box is not None and box["width"] > 300 and box["height"] > 30
    assert row.locator("td.answer").evaluate("one => getComputedStyle(one).borderBottomWidth") == "1px"


def test_it_prints_on_few_sheets_and_the_first_is_for_signing(shown: Opened, tmp_path: Path) -> None:
    sheets = printed(shown.page, tmp_path)
    assert 1 < len(sheets) <= MOST_SHEETS
    first = sheets[0]
    assert shown.page.locator("h1").inner_text() in first
    assert "Signature" in first and "Every criterion" not in first
    assert sheets[1].lstrip().startswith("Every criterion")
    marks = re.findall(r"\b[ACQ]\d+\b", first.partition("Undecided in the protocol:")[2].partition("They block")[0])
    rows = " ".join(sheets[1:])
    assert len(marks) > 20
    assert [mark for mark in marks if not re.search(rf"\b{mark}\b", rows)] == []
    whole = " ".join(sheets)
    for name in (*(f"I{number}" for number in range(1, 7)), *(f"E{number}" for number in range(1, 14))):
        assert re.search(rf"(?<![\w.]){name}(?![\w.])", whole), name


def test_what_is_open_on_screen_prints_as_short(opened: Open, page_of: Write, tmp_path: Path) -> None:
    page = opened(page_of("unknown")).page
    before = len(printed(page, tmp_path))
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    assert len(printed(page, tmp_path)) == before
