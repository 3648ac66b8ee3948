"""Power of the paired t test against the study notes, and against trials that are played."""

from __future__ import annotations

import numpy as np
import pytest

from trialrun.protocol.checks.power import detectable_effect, paired_t_power


# The study notes (Q24) give 0.78 for 15 and 0.85 for 13 participants at 80 % power, two-sided 5 %, paired t.
@pytest.mark.parametrize(("participants", "effect"), [(15, 0.78), (13, 0.85)])
def test_detectable_effect_of_the_founding_study(participants: int, effect: float) -> None:
    assert round(detectable_effect(participants), 2) == effect
    assert paired_t_power(detectable_effect(participants), participants) == pytest.approx(0.8, abs=0.001)


@pytest.mark.parametrize(
    ("effect", "participants", "critical"),
    [
        # Two-sided 5 % points of Student's t (Fisher and Yates, Statistical Tables, table III).
        (0.0, 20, 2.093),
        (0.5, 20, 2.093),
        (0.78, 15, 2.145),
        (1.0, 10, 2.262),
        (3.0, 2, 12.706),
    ],
)
def test_power_against_trials_that_are_played(effect: float, participants: int, critical: float) -> None:
    samples = np.random.default_rng(20261124).normal(effect, 1, (200_000, participants))
    t = samples.mean(axis=1) / samples.std(axis=1, ddof=1) * np.sqrt(participants)
    played = float((np.abs(t) > critical).mean())
    # Four standard errors of a share of 200,000.
    assert paired_t_power(effect, participants) == pytest.approx(played, abs=4 * 0.5 / 200_000**0.5)


@pytest.mark.parametrize(("participants", "alpha"), [(1, 0.05), (15, 0.0), (15, 1.0)])
def test_what_has_no_power_is_refused(participants: int, alpha: float) -> None:
    with pytest.raises(ValueError, match=r"participants|level"):
        paired_t_power(0.5, participants, alpha)
