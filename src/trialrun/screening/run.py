"""A screening run: one protocol on one day, for any number of people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trialrun.screening.explanation import Explanation, explain
from trialrun.screening.funnel import Asked
from trialrun.screening.given import answered, left_out

if TYPE_CHECKING:
    from trialrun.criteria.meaning.days import Anchors
    from trialrun.patients.answers import Answers
    from trialrun.patients.person import Person
    from trialrun.protocol.load import ProtocolFile
    from trialrun.vocabulary.terms import Vocabulary


@dataclass(frozen=True, slots=True)
class Run:
    """What a screening rests on.

    Args:
        protocol: The protocol with its rules.
        anchors: The screening date and the days planned after it.
        vocabulary: What reads the rows.
        answers: What persons answered, about anybody.
    """

    protocol: ProtocolFile
    anchors: Anchors
    vocabulary: Vocabulary
    answers: Answers

    @property
    def criteria(self) -> tuple[Asked, ...]:
        """The protocol's criteria in its order."""
        items = (self.protocol.rules.items[name] for name in self.protocol.rules.judged)
        return tuple(Asked(item.id, item.excludes, item.criterion.says) for item in items)

    def explained(self, person: Person) -> Explanation:
        """One person against the protocol, with the evidence."""
        on = self.anchors.on
        return explain(
            self.protocol,
            person,
            self.anchors,
            self.vocabulary,
            answered(self.answers, person.id, on),
            remarks=left_out(self.answers, person.id, on),
        )

    def each(self, people: Iterable[Person]) -> Iterator[Explanation]:
        """Everybody, one after the other."""
        return map(self.explained, people)
