"""The shape of every JSON answer: what the docs describe and the tests hold the commands to."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field


class Answer(BaseModel):
    """Base of all answers: no field beyond those described."""

    model_config = ConfigDict(extra="forbid")


class RejectedSource(Answer):
    """A source that was not taken."""

    source: str = Field(description="File and line, or position, of what was rejected.")
    reason: str = Field(description="Why, in words.")


class Added(Answer):
    """What happened to each record that was offered to the store."""

    added: int = Field(description="Records that are new in the store.")
    updated: int = Field(description="Records that differ from the stored version; the old version is kept.")
    unchanged: int = Field(description="Records that are stored already.")
    rejected: list[RejectedSource] = Field(description="Everything that was not taken, with the reason.")


class OpenItem(Answer):
    """A conflict, question or assumption that nobody has decided yet."""

    id: str = Field(description="`C1`, `Q12`, `A3`: the letter says what it is.")
    kind: str = Field(description="conflict, question or assumption.")
    asks: str | None = Field(description="The question in words.")
    texts: list[str] = Field(description="The words that contradict each other or leave it open.")
    options: dict[str, str] = Field(description="Closed choices: option → the value it stands for.")
    proposal: str | None = Field(description="What the file proposes.")
    blocks: list[str] = Field(description="What stays blocked until somebody decides.")


class DecidedItem(OpenItem):
    """A row of the decisions after `trialrun decide`; for an accepted finding only id, by, on and reason."""

    use: str | None = Field(description="What was chosen.")
    decided_by: str = Field(description="Name and role.")
    decided_on: date = Field(description="When.")
    reason: str = Field(description="Why.")


ANSWERS: dict[str, type[Answer]] = {
    "add": Added,
    "decide": DecidedItem,
}
"""Command -> shape of its `--json` answer. `show --json` is the record itself, in the registry's shape."""
