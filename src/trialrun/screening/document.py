"""The frame of every page of this room: one file that asks no host for anything, and says so to the browser."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from html import escape
from importlib import resources


def document(title: str, body: str, *, styles: Sequence[str] = (), script: str = "") -> str:
    """A whole page.

    Its Content-Security-Policy lets the browser fetch nothing and run no script but the one given here, so that words of
    a record could do nothing even if they were not escaped.

    Args:
        title: Of the window and of each printed sheet.
        body: What stands in `main`, as HTML.
        styles: Names of style sheets of this room on top of `page.css`.
        script: JavaScript that works without being needed: everything is readable where scripts are off.
    """
    sheets = "".join(_sheet(name) for name in ("page.css", *styles))
    code = f"<script>{script}</script>\n" if script else ""
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(script)}">\n<style>\n{sheets}'
        f"@page {{ @bottom-left {{ content: {_css_string(title)}; }} }}\n</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n{code}</body>\n</html>\n"
    )


def _sheet(name: str) -> str:
    return (resources.files("trialrun.screening") / name).read_text(encoding="utf-8")


def _policy(script: str) -> str:
    rules = ["default-src 'none'", "style-src 'unsafe-inline'"]
    if script:
        rules.append(f"script-src 'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'")
    return "; ".join(rules)


def _css_string(text: str) -> str:
    """A text as a string of a style sheet; everything but plain letters and digits is written as its number."""
    return '"' + "".join(one if one.isascii() and one.isalnum() else f"\\{ord(one):06x}" for one in text) + '"'
