"""What a number of participants can show: the smallest effect a one-sample or paired t test detects.

The power of the two-sided t test under a standardised effect d (mean difference over its standard deviation) is
P(|T| > t(1 - alpha/2, n - 1)) with T noncentral t, n - 1 degrees of freedom, noncentrality d * sqrt(n)
(Cohen, Statistical Power Analysis, 1988, chapter 2). Computed by Simpson's rule over the chi distribution of the
standard deviation, so that no statistics library is needed to check a file.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import erf, exp, lgamma, log, sqrt

_STEPS = 400


def paired_t_power(effect: float, participants: int, alpha: float = 0.05) -> float:
    """Power of the two-sided one-sample or paired t test.

    Args:
        effect: Standardised effect, in standard deviations of the differences.
        participants: Two or more.
        alpha: Two-sided level.

    Raises:
        ValueError: fewer than two participants, or a level outside 0 to 1.
    """
    if participants < 2:
        raise ValueError("a t test needs two participants")
    if not 0 < alpha < 1:
        raise ValueError("a level lies between 0 and 1")
    degrees = participants - 1
    critical = _t_quantile(1 - alpha / 2, degrees)
    shift = effect * sqrt(participants)
    return _over_spread(lambda s: _normal(shift - critical * s) + _normal(-shift - critical * s), degrees)


def detectable_effect(participants: int, power: float = 0.8, alpha: float = 0.05) -> float:
    """The smallest standardised effect the test detects with a power, to three decimals.

    Raises:
        ValueError: as `paired_t_power`.
    """
    return _bisect(lambda effect: paired_t_power(effect, participants, alpha) - power, 0.0, 100.0)


@lru_cache(maxsize=64)
def _t_quantile(probability: float, degrees: int) -> float:
    return _bisect(lambda t: _over_spread(lambda s: _normal(t * s), degrees) - probability, 0.0, 1000.0)


def _over_spread(value: Callable[[float], float], degrees: int) -> float:
    """The mean of a value over s = sqrt(chi-square / degrees), by Simpson's rule."""
    width = 10 / sqrt(2 * degrees)
    low, high = max(0.0, 1 - width), 1 + width
    step = (high - low) / _STEPS
    constant = degrees / 2 * log(degrees / 2) - lgamma(degrees / 2) + log(2)

    def weighted(s: float) -> float:
        if s <= 0:
            return 0.0 if degrees > 1 else value(0.0) * exp(constant)
        return value(s) * exp(constant + (degrees - 1) * log(s) - degrees * s * s / 2)

    inner = sum((4 if index % 2 else 2) * weighted(low + index * step) for index in range(1, _STEPS))
    return (weighted(low) + inner + weighted(high)) * step / 3


def _normal(z: float) -> float:
    return 0.5 * (1 + erf(z / sqrt(2)))


def _bisect(function: Callable[[float], float], low: float, high: float) -> float:
    for _ in range(60):
        middle = (low + high) / 2
        if function(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2
