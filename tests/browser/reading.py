"""What a reader, a keyboard, a phone and a printer make of a page: questions asked inside the browser."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page

UNNAMED = """() => [...document.querySelectorAll('a, button, input, select, textarea, summary, [tabindex]')]
  .filter(one => !(one.innerText || '').trim() && !one.getAttribute('aria-label') && !(one.labels && one.labels.length))
  .map(one => one.outerHTML)"""
"""Controls that have no name for who hears them."""

TABLES = """() => [...document.querySelectorAll('table')].map(table => {
  const heads = [...table.querySelectorAll(':scope > thead th')];
  const widths = [...table.querySelectorAll(':scope > tbody > tr')]
    .map(row => [...row.children].reduce((sum, cell) => sum + cell.colSpan, 0));
  return {
    heads: heads.length,
    plain: heads.filter(one => !one.innerText.trim() || one.scope !== 'col').length,
    widths: [...new Set(widths)],
  };
})"""
"""Of each table: its heads, those without words or scope, and how many cells its rows have."""

FAINT = """() => {
  const light = text => {
    const [r, g, b] = text.match(/[\\d.]+/g).slice(0, 3)
      .map(one => one / 255).map(one => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = one => {
    for (let at = one; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!/, 0\\)$/.test(colour)) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const own = one => [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
  return [...document.querySelectorAll('main *')].filter(own).filter(one => {
    const [a, b] = [light(getComputedStyle(one).color), light(ground(one))].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05) < 4.5;
  }).map(one => one.outerHTML.slice(0, 80));
}"""
"""Texts with a contrast below 4.5:1, the least of WCAG 2.2 level AA, by its formula of relative luminance."""


def printed(page: Page, folder: Path) -> list[str]:
    """The words of each sheet."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is absent; install it with: apt-get install poppler-utils")
    file = folder / "page.pdf"
    page.pdf(path=file, prefer_css_page_size=True)
    text = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout
    return text.split("\f")[:-1]


def tags(page: Page, which: str) -> list[str]:
    found: list[str] = page.locator(which).evaluate_all("all => all.map(one => one.tagName)")
    return found
