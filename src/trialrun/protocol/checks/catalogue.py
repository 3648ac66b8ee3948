"""All checks, in the order of their ids."""

from __future__ import annotations

from trialrun.protocol.checks import decided, dosing, eligibility, endpoints, plausible, registered, ruled, visits
from trialrun.protocol.checks.findings import Check

ALL: tuple[Check, ...] = tuple(
    sorted(
        (
            *visits.CHECKS,
            *dosing.CHECKS,
            *eligibility.CHECKS,
            *endpoints.CHECKS,
            *plausible.CHECKS,
            *registered.CHECKS,
            *decided.CHECKS,
            *ruled.CHECKS,
        ),
        key=lambda check: check.id,
    )
)


def by_id(identifier: str) -> Check:
    """The check with an id.

    Raises:
        KeyError: when there is none.
    """
    return {check.id: check for check in ALL}[identifier]
