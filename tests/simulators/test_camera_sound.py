import numpy as np

from simulators.rtsp.tone import AMPLITUDE, CLOCK_HZ, TONE_HZ, mu_law, tone


def expanded(coded: np.ndarray) -> np.ndarray:
    """G.711's decoder, for the samples that `mu_law` compressed."""
    bits = ~coded.astype(np.int32) & 0xFF
    magnitude = (((bits & 0x0F) << 3) + 132 << (bits >> 4 & 7)) - 132
    return np.where(bits & 0x80, -magnitude, magnitude)


def test_every_sample_comes_back_within_the_step_of_its_size() -> None:
    samples = np.arange(-32635, 32636, 7).astype(np.int16)
    error = np.abs(expanded(mu_law(samples)) - samples)
    assert np.all(error <= np.abs(samples.astype(np.int32)) / 32 + 4)


def test_the_loudest_and_the_softest_have_the_codes_of_the_standard() -> None:
    assert mu_law(np.array([32767, 0, -32768], np.int16)).tolist() == [0x80, 0xFF, 0x00]


def test_the_loop_is_one_second_of_the_tone_in_packets_of_twenty_milliseconds() -> None:
    recording = tone()
    sound = expanded(np.frombuffer(b"".join(unit.payloads[0] for unit in recording.units), np.uint8))
    assert {len(unit.payloads[0]) for unit in recording.units} == {160}
    assert len(sound) == CLOCK_HZ
    assert np.argmax(np.abs(np.fft.rfft(sound))) == TONE_HZ
    assert abs(int(sound.max()) - AMPLITUDE) < AMPLITUDE / 32


def test_it_is_joined_where_the_time_of_day_is_told_once_a_second() -> None:
    assert [unit.is_key for unit in tone().units] == [True] + [False] * 49
