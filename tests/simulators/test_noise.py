from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from simulators.nature.noise import STEEPEST, key, smooth, unit

KEYS = st.integers(min_value=0, max_value=2**64 - 1)


def test_a_key_is_the_same_in_every_process() -> None:
    assert key(1, "fp-001", "rx") == 2206751748307806427


def test_splitmix64_gives_its_published_first_number() -> None:
    assert unit(0, 1) == (0xE220A8397B1DCDAF >> 11) * 2.0**-53


@given(KEYS, st.integers(min_value=-(10**12), max_value=10**12))
def test_a_number_is_from_zero_to_below_one(seed: int, index: int) -> None:
    assert 0.0 <= unit(seed, index) < 1.0


@given(KEYS, st.floats(min_value=-1e10, max_value=1e10), st.floats(min_value=1.0, max_value=1e7))
def test_noise_stays_between_zero_and_one(seed: int, t: float, period: float) -> None:
    assert 0.0 <= smooth(seed, t, period) <= 1.0


@given(KEYS)
def test_noise_is_never_steeper_than_it_promises(seed: int) -> None:
    steps = [smooth(seed, t, 1_000.0) for t in range(3_000)]
    assert max(abs(after - before) for before, after in pairwise(steps)) <= STEEPEST / 1_000.0


def test_numbers_are_spread_evenly() -> None:
    numbers = [unit(7, index) for index in range(10_000)]
    tenths = [sum(tenth <= number * 10 < tenth + 1 for number in numbers) for tenth in range(10)]
    assert min(tenths) > 900
    assert max(tenths) < 1_100
