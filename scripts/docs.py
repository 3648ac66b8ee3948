"""Writes the pages of docs/ that are generated from the program, or checks that they are up to date.

python -m scripts.docs            writes them
python -m scripts.docs --check    exits 1 and names each page that differs
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from scripts import docs_checks, docs_clinic, docs_json, docs_language, docs_terms, docs_vocabulary
from trialrun.cli.main import COMMANDS
from trialrun.protocol.schema import protocol_schema

DOCS = Path(__file__).resolve().parent.parent / "docs"

_COMMANDS_HEAD = """# Commands

*Generated from the program; do not edit.*

Exit codes: 0 done; 1 `check` found errors (with `--strict`: or open items), `screen` excluded the person, `patients`
rejected or lost something; 2 wrong usage; 3 bad input; 4 the machine lacks something (disk, permission, server, network). Answers go to standard output, everything else
to standard error. `--json` answers are described field by field in [json.md](json.md).
"""


def pages() -> dict[str, str]:
    """Every generated page: path under docs/ -> text."""
    return {
        "commands.md": _commands(),
        "json.md": docs_json.page(),
        "protocol.schema.json": json.dumps(protocol_schema(), ensure_ascii=False, indent=2) + "\n",
        **docs_checks.pages(),
        **docs_clinic.pages(),
        **docs_language.pages(),
        **docs_terms.pages(),
        **docs_vocabulary.pages(),
    }


def _commands() -> str:
    sections = [_COMMANDS_HEAD, _help_section([])]
    sections += [_help_section([command.__name__]) for command in COMMANDS]
    return "\n".join(sections)


def _help_section(words: list[str]) -> str:
    environment = {
        **os.environ,
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "TERM": "dumb",
        "PYTHONIOENCODING": "utf-8",
    }
    help_text = subprocess.run(
        [sys.executable, "-m", "trialrun", *words, "--help"],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    ).stdout
    clean = "\n".join(line.rstrip() for line in help_text.strip().splitlines())
    return f"## trialrun {' '.join(words)}".rstrip() + f"\n\n```text\n{clean}\n```\n"


def main(arguments: list[str]) -> int:
    wanted = pages()
    stale = sorted(set(_generated_now()) - set(wanted))
    if arguments == ["--check"]:
        wrong = [name for name, text in wanted.items() if _read(name) != text] + stale
        for name in wrong:
            print(f"docs/{name} differs from what the program says; run: make docs", file=sys.stderr)
        return 1 if wrong else 0
    for name, text in wanted.items():
        path = DOCS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for name in stale:
        (DOCS / name).unlink()
    print(f"{len(wanted)} pages written to docs/")
    return 0


def _generated_now() -> list[str]:
    """Generated pages of folders that hold nothing else: a check or chapter that is gone must not keep its page."""
    return [
        path.relative_to(DOCS).as_posix()
        for folder in ("checks", docs_language.FOLDER)
        for path in (DOCS / folder).glob("*.md")
    ] + [path.relative_to(DOCS).as_posix() for path in (DOCS / docs_clinic.FOLDER).glob("*.svg")]


def _read(name: str) -> str | None:
    path = DOCS / name
    return path.read_text(encoding="utf-8") if path.exists() else None


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
