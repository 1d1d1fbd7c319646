"""The distributions that tests of significance need, as our own few lines: nothing else here would need a library.

Sources: Abramowitz & Stegun 1964, 6.5 and 26.4 (chi-square), 26.5 and 26.6 (beta and F); Smirnov 1948, Table for
estimating the goodness of fit of empirical distributions, Annals of Mathematical Statistics 19 (D).
"""

from __future__ import annotations

import math
from collections.abc import Callable

STEPS = 100_000
"""Of a continued fraction, which has long converged by then."""
TINY = 1e-300


def chi_square_tail(x: float, degrees: float) -> float:
    """The probability that a chi-square variable is above x (Abramowitz & Stegun 26.4.19)."""
    return _upper_gamma(degrees / 2, x / 2) if x > 0 else 1.0


def chi_square_quantile(probability: float, degrees: float) -> float:
    """The value that a chi-square variable stays under with this probability, by bisection."""
    if not 0 < probability < 1 or degrees <= 0:
        raise ValueError(f"no quantile {probability} with {degrees} degrees of freedom")
    return _quantile(lambda x: chi_square_tail(x, degrees), probability, float(degrees))


def f_tail(x: float, degrees: float, below: float) -> float:
    """The probability that an F variable is above x, for degrees above and below the line (26.6.2)."""
    return _lower_beta(below / 2, degrees / 2, below / (below + degrees * x)) if x > 0 else 1.0


def f_quantile(probability: float, degrees: float, below: float) -> float:
    """The value that an F variable stays under with this probability, by bisection."""
    if not 0 < probability < 1 or degrees <= 0 or below <= 0:
        raise ValueError(f"no quantile {probability} with {degrees} and {below} degrees of freedom")
    return _quantile(lambda x: f_tail(x, degrees, below), probability, 1.0)


def kolmogorov_limit_tail(x: float) -> float:
    """The upper tail of the Kolmogorov distribution (Smirnov 1948)."""
    if x <= 0:
        return 1.0
    if x < 1.18:
        # The other form of the same theta function: this one converges where x is small.
        terms = (math.exp(-((2 * k - 1) ** 2) * math.pi**2 / (8 * x * x)) for k in range(1, 20))
        return 1 - math.sqrt(2 * math.pi) / x * sum(terms)
    return 2 * sum((-1) ** (k - 1) * math.exp(-2 * k * k * x * x) for k in range(1, 20))


def _quantile(tail: Callable[[float], float], probability: float, first: float) -> float:
    low, high = 0.0, first
    while tail(high) > 1 - probability:
        low, high = high, high * 2
    while high - low > 1e-12 * high:
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if tail(middle) > 1 - probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _upper_gamma(a: float, x: float) -> float:
    """The regularised upper incomplete gamma function Q(a, x)."""
    front = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1:
        # Abramowitz & Stegun 6.5.29: a series in x.
        term = total = 1 / a
        n = a
        while term > total * 1e-16:
            n += 1
            term *= x / n
            total += term
        return max(0.0, 1 - front * total)
    # Abramowitz & Stegun 6.5.31: a continued fraction, evaluated from the front (Lentz 1976).
    b = x + 1 - a
    c, d = math.inf, 1 / b
    fraction = d
    for k in range(1, STEPS):
        factor = -k * (k - a)
        b += 2
        d = 1 / (factor * d + b)
        c = b + factor / c
        fraction *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return front * fraction


def _lower_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b), by whichever of its two fractions converges soon."""
    if not 0 < x < 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta_fraction(b, a, 1 - x)
    return _beta_fraction(a, b, x)


def _beta_fraction(a: float, b: float, x: float) -> float:
    """Abramowitz & Stegun 26.5.8: a continued fraction, evaluated from the front (Lentz 1976)."""
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    c, d = 1.0, 1 / _away_from_zero(1 - (a + b) * x / (a + 1))
    fraction = d
    for k in range(1, STEPS):
        even = k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k))
        odd = -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1))
        before = fraction
        for factor in (even, odd):
            d = 1 / _away_from_zero(1 + factor * d)
            c = _away_from_zero(1 + factor / c)
            fraction *= c * d
        if abs(fraction - before) <= 1e-15 * abs(fraction):
            break
    return min(1.0, front * fraction / a)


def _away_from_zero(x: float) -> float:
    return x if abs(x) > TINY else TINY
