from fractions import Fraction

from simulators.rtsp.recording import AccessUnit, Recording, Track
from simulators.rtsp.reel import Reel, Shot
from simulators.rtsp.tone import tone

VIDEO = Track(media="video", control="trackID=0", payload_type=96, encoding="H264", clock_hz=90_000)


def a_recording(text: str, rate: int = 2) -> Recording:
    """A unit per letter; capitals are keys."""
    units = (AccessUnit(payloads=(letter.encode(),), is_key=letter.isupper()) for letter in text)
    return Recording(track=VIDEO, rate=rate, units=tuple(units))


def shots(reel: Reel, number: int) -> list[Shot]:
    return [reel.advance() for _ in range(number)]


def text(reel: Reel, number: int) -> str:
    return b"".join(shot.unit.payloads[0] for shot in shots(reel, number)).decode()


def test_a_recording_is_played_again_and_again_while_its_timestamps_go_on() -> None:
    reel = Reel(a_recording("Abc"))
    played = shots(reel, 7)
    assert b"".join(shot.unit.payloads[0] for shot in played) == b"AbcAbcA"
    assert [shot.timestamp for shot in played] == [index * 45_000 for index in range(7)]


def test_a_reel_may_begin_anywhere_in_its_loop() -> None:
    assert text(Reel(a_recording("Abc"), index=2), 3) == "cAb"
    assert text(Reel(a_recording("Abc"), index=302), 3) == "cAb"


def test_another_recording_begins_where_the_next_key_frame_would_be() -> None:
    reel = Reel(a_recording("AbcDef"))
    text(reel, 2)
    reel.change(a_recording("Xyz"))
    assert text(reel, 5) == "cXyzX"


def test_of_two_changes_before_a_key_frame_the_last_counts_and_a_change_back_is_none() -> None:
    first = a_recording("Abc")
    reel = Reel(first)
    text(reel, 1)
    reel.change(a_recording("Uvw"))
    reel.change(a_recording("Xyz"))
    assert text(reel, 3) == "bcX"
    reel = Reel(first)
    text(reel, 1)
    reel.change(a_recording("Xyz"))
    reel.change(first)
    assert text(reel, 3) == "bcA"


def test_the_clock_runs_on_at_the_other_recordings_rate() -> None:
    reel = Reel(a_recording("A", rate=2))
    text(reel, 3)
    reel.change(a_recording("X", rate=10))
    assert [shot.timestamp for shot in shots(reel, 3)] == [135_000, 144_000, 153_000]


def test_no_rate_drifts() -> None:
    reel = Reel(a_recording("A", rate=7))
    shots(reel, 7 * 1000)
    assert reel.seconds == Fraction(1000)


def test_sound_begins_at_once_on_a_clock_of_its_own() -> None:
    reel = Reel(a_recording("Abc", rate=2))
    text(reel, 2)
    reel.change(tone())
    (shot,) = shots(reel, 1)
    assert (shot.track.media, shot.timestamp) == ("audio", 8000)


def test_the_next_key_frame_is_known_beforehand() -> None:
    reel = Reel(a_recording("AbcDef"))
    assert reel.next_key == 0
    text(reel, 1)
    assert reel.next_key == 3
    text(reel, 3)
    assert reel.next_key == 0
    reel.change(a_recording("wXy"))
    assert reel.next_key == 0


def test_who_comes_between_sees_what_is_to_come() -> None:
    reel, other = Reel(a_recording("Abc")), a_recording("Xyz")
    text(reel, 1)
    reel.change(other)
    assert reel.recording is other
