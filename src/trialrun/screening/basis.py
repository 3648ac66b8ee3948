"""What a verdict rests on beside the record: days that are not facts yet, open items, silence, and persons' words."""

from __future__ import annotations

from collections.abc import Iterator

from trialrun.criteria.meaning.days import Anchors
from trialrun.screening.explanation import Explanation, roles_in_words


def basis(found: Explanation) -> tuple[str, ...]:
    """Sentences a reader must see next to the verdict."""
    return tuple(_sentences(found))


def not_facts(anchors: Anchors) -> Iterator[str]:
    """A sentence about the days that are not facts yet, where there are any."""
    projected = [anchor.value for anchor in anchors.dates if anchor in anchors.projected]
    planned = [f"{anchor.value} planned for {when}" for anchor, when in anchors.dates.items() if when != anchors.on]
    if projected:
        also = f" ({'; '.join(planned)})" if planned else ""
        yield f"Not facts yet: {', '.join(projected)}{also}; check again on the day."


def _sentences(found: Explanation) -> Iterator[str]:
    yield from not_facts(found.anchors)
    undecided = found.assumed()
    if undecided:
        yield f"Undecided in the protocol: {', '.join(undecided)}. They block the eligibility signature."
    silent = found.taken_as_no()
    if silent:
        times = "once" if silent == 1 else f"{silent} times"
        yield f"Taken for granted of what is not recorded: {times}; each is said at its criterion."
    stand_ins = found.stand_ins()
    if stand_ins:
        yield f"A person's answer stands in for a missing record: {', '.join(stand_ins)}."
    roles = roles_in_words(found.roles())
    if roles:
        yield f"Taken for granted of who answered: {'; '.join(roles)}."
