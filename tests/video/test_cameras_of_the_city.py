from devices.device import Device
from video.camera import Camera, cameras


def test_cameras_with_an_address_are_watched_and_nothing_else() -> None:
    devices = [
        Device(id="cam-01", kind="camera", name="Pasar", attributes={"rtsp_url": "rtsp://10.0.0.7/1"}),
        Device(id="cam-02", kind="camera", name="Reports by itself"),
        Device(id="fp-001", kind="fibre_point", name="Kantor", attributes={"rtsp_url": "rtsp://10.0.0.8/1"}),
    ]
    assert cameras(devices) == [Camera(id="cam-01", rtsp_url="rtsp://10.0.0.7/1")]
