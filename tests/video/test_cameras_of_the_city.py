import pytest

from devices.device import Device
from video.camera import Camera, Stream, cameras, witnesses

MARKET = {"rtsp_url": "rtsp://10.0.0.7/1", "rtsp_sub_url": "rtsp://10.0.0.7/2"}


def camera(id_: str, **attributes: object) -> Device:
    return Device(id=id_, kind="camera", name="Pasar", attributes=attributes)


def test_cameras_with_an_address_are_watched_and_nothing_else() -> None:
    devices = [
        camera("cam-01", rtsp_url="rtsp://10.0.0.7/1"),
        Device(id="cam-02", kind="camera", name="Reports by itself"),
        Device(id="fp-001", kind="fibre_point", name="Kantor", attributes={"rtsp_url": "rtsp://10.0.0.8/1"}),
    ]
    assert cameras(devices, lambda _: "main") == [Camera(id="cam-01", rtsp_url="rtsp://10.0.0.7/1")]


@pytest.mark.parametrize(("wanted", "url"), [("main", "rtsp://10.0.0.7/1"), ("sub", "rtsp://10.0.0.7/2")])
def test_the_stream_is_a_choice_of_each_camera(wanted: Stream, url: str) -> None:
    choice: dict[str, Stream] = {"cam-01": wanted}
    (found,) = cameras([camera("cam-01", **MARKET)], lambda id_: choice[id_])
    assert (found.stream, found.rtsp_url) == (wanted, url)


def test_a_camera_that_has_only_the_other_stream_is_watched_by_that() -> None:
    (found,) = cameras([camera("cam-01", rtsp_url="rtsp://10.0.0.7/1")], lambda _: "sub")
    assert found.stream == "main"


def test_a_camera_has_an_eye_on_itself_and_on_what_names_it() -> None:
    button = Device(id="panic-01", kind="power", name="Tombol", attributes={"cameras": "cam-01 cam-02"})
    gate = Device(id="gate-01", kind="power", name="Gerbang", attributes={"cameras": ["cam-02"]})
    odd = Device(id="odd-01", kind="power", name="Aneh", attributes={"cameras": 7})
    assert witnesses([camera("cam-01"), button, gate, odd]) == {
        "cam-01": {"cam-01"},
        "panic-01": {"cam-01", "cam-02"},
        "gate-01": {"cam-02"},
    }
