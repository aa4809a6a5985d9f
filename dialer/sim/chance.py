"""Randomness that belongs to a call, not to a run.

Every draw is a hash of (seed, key, purpose), so the order in which calls happen changes nothing:
two pacing policies face the same people, and a virtual and a live run agree. A hash of 64 bytes
gives eight uniform numbers in 1.5 us; seeding a `random.Random` with a string costs 10 us.
Knows nothing of calls.
"""

import math
from hashlib import blake2b
from struct import Struct
from uuid import UUID

_EIGHT = Struct("<8Q")
_STEP = 2.0**-52

Draws = tuple[float, float, float, float, float, float, float, float]
"""Eight independent uniform numbers, each above 0 and below 1."""


def draws(seed: int, key: str, purpose: str) -> Draws:
    """Eight uniform numbers for one purpose of one call."""
    digest = blake2b(f"{seed}:{key}:{purpose}".encode()).digest()
    a, b, c, d, e, f, g, h = _EIGHT.unpack(digest)
    return (
        ((a >> 12) + 0.5) * _STEP,
        ((b >> 12) + 0.5) * _STEP,
        ((c >> 12) + 0.5) * _STEP,
        ((d >> 12) + 0.5) * _STEP,
        ((e >> 12) + 0.5) * _STEP,
        ((f >> 12) + 0.5) * _STEP,
        ((g >> 12) + 0.5) * _STEP,
        ((h >> 12) + 0.5) * _STEP,
    )


def uuid(seed: int, key: str, purpose: str) -> str:
    """A UUID that the same run makes again."""
    digest = blake2b(f"{seed}:{key}:{purpose}".encode(), digest_size=16).digest()
    return str(UUID(bytes=digest, version=4))


def between(low: float, high: float, u: float) -> float:
    """Uniform between two bounds."""
    return low + (high - low) * u


def exponential(mean: float, u: float) -> float:
    """Exponential with the given mean."""
    return -mean * math.log(u)


def gamma2(mean: float, u: float, v: float) -> float:
    """Gamma of shape 2: the sum of two exponentials."""
    return -mean / 2.0 * math.log(u * v)


def gamma3(mean: float, u: float, v: float, w: float) -> float:
    """Gamma of shape 3: the sum of three exponentials."""
    return -mean / 3.0 * math.log(u * v * w)


def lognormal(mean: float, cv: float, u: float, v: float) -> float:
    """Log-normal with the given mean and coefficient of variation (Box and Muller, 1958)."""
    variance = math.log1p(cv * cv)
    normal = math.sqrt(-2.0 * math.log(u)) * math.cos(2.0 * math.pi * v)
    return mean * math.exp(math.sqrt(variance) * normal - variance / 2.0)
