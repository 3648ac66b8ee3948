"""The page of shipped terms: each term with its other words, what it belongs to, and its codes."""

from __future__ import annotations

from trialrun.vocabulary.concepts import Concept
from trialrun.vocabulary.shipped_terms import FILES, RECALLED, data_file, shipped

_HEAD = """# Shipped terms

*Generated from the program; do not edit.*

What a term is and how rows are read: [terms.md](terms.md). A class is in *italics*. Codes in [brackets] are from memory and
could not be confirmed. An *open list* is a pharmacokinetic list that is never complete. All is to be checked by a clinician.

Hash of these terms: `{identity}`
"""
_TITLES = {"classes": "classes of {file}", "drugs": "drugs", "conditions": "conditions"}


def pages() -> dict[str, str]:
    """The page under docs/."""
    parts = [_HEAD.format(identity=shipped().identity)]
    for file, blocks in FILES.items():
        for block in blocks:
            title = _TITLES.get(block, block).format(file=file)
            parts.append(
                f"## {title[0].upper()}{title[1:]}\n\n| term | other words | belongs to | codes |\n|---|---|---|---|"
            )
            parts += [_row(shipped().get(name), entry) for name, entry in data_file(file)[block].items()]
            parts.append("")
    return {"shipped-terms.md": "\n".join(parts).rstrip() + "\n"}


def _row(concept: Concept, entry: dict[str, str]) -> str:
    recalled = {code for key, codes in entry.items() if key.endswith(RECALLED) for code in codes.split()}
    codes = "; ".join(
        f"{system} " + " ".join(f"[{_plain(code)}]" if code in recalled else _plain(code) for code in found)
        for system, found in concept.codes.items()
    )
    name = f"*{concept.name}*" if concept.is_class else concept.name
    if entry.get("list") == "open":
        name += " (open list: to be checked against the study's own list)"
    return f"| {name} | {', '.join(concept.aliases)} | {', '.join(concept.broader)} | {codes} |"


def _plain(code: str) -> str:
    """A code that Markdown does not take for emphasis."""
    return code.replace("*", "\\*")
