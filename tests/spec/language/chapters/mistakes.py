"""Mistakes, and what the program says."""

from tests.spec.language.table import Chapter, Slip, Slips

CHAPTER = Chapter(
    "mistakes",
    "Mistakes",
    "what the program says of a rule it cannot read",
    (
        "A rule that cannot be read is never guessed. The program names the place, what is wrong and what to write. In a "
        "protocol file every problem of every rule is told at once, with line and column.",
    ),
    (),
)
