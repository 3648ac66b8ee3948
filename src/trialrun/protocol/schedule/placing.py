"""Moving a date off a closed day, never outside its allowed range."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from trialrun.vocabulary.closed_days import ClosedDays


def place(
    target: date, earliest: date, latest: date, policy: str, closed: ClosedDays, *, taken: Collection[date] = ()
) -> date | None:
    """The date a policy gives for a target inside its allowed range; None where it gives none.

    Never outside the range, and never onto a day that is taken: a policy that finds no other open day gives none.
    """
    if not closed.is_closed(target):
        return target
    if not moves(policy):
        return None if policy == "record as missed" else target
    back, ahead = (target - earliest).days, (latest - target).days
    for step in steps(policy, back, ahead):
        moved = target + timedelta(days=step)
        if not closed.is_closed(moved) and moved not in taken:
            return moved
    return None


def moves(policy: str) -> bool:
    """Whether a policy looks for another day at all."""
    return policy not in ("give anyway", "hold anyway", "record as missed")


def steps(policy: str, back: int, ahead: int) -> list[int]:
    """Days to try around a closed target, in the policy's order, within `back` and `ahead` days."""
    if policy == "next open day":
        return list(range(1, ahead + 1))
    if policy == "previous open day":
        return list(range(-1, -back - 1, -1))
    first = -1 if policy.endswith("earlier first") else 1
    both = [first * sign * size for size in range(1, max(back, ahead, 0) + 1) for sign in (1, -1)]
    return [step for step in both if -back <= step <= ahead]
