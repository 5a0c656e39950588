"""Pure: the cameras among the devices of the city."""

from collections.abc import Iterable
from dataclasses import dataclass

from devices.device import Device


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """A device that can be watched; `rtsp_url` carries no credentials."""

    id: str
    rtsp_url: str


def cameras(devices: Iterable[Device]) -> list[Camera]:
    """Every device of kind camera that has an `rtsp_url`; one without is a camera that others report for."""
    return [
        Camera(id=device.id, rtsp_url=str(device.attributes["rtsp_url"]))
        for device in devices
        if device.kind == "camera" and device.attributes.get("rtsp_url")
    ]
