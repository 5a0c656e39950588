"""Pure: the cameras among the devices of the city, and what each has an eye on."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from devices.device import Device

Stream: TypeAlias = Literal["main", "sub"]
"""Most cameras give the same view twice: `main` large, `sub` small and cheap."""

ADDRESSES: Mapping[Stream, str] = {"main": "rtsp_url", "sub": "rtsp_sub_url"}
"""The attribute of a device in which the address of a stream stands, without credentials."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """A device that can be watched; `rtsp_url` carries no credentials. `stream` is the one that `rtsp_url` gives."""

    id: str
    rtsp_url: str
    stream: Stream = "main"


def cameras(devices: Iterable[Device], wanted: Callable[[str], Stream]) -> list[Camera]:
    """Every device of kind camera that has an address; one without is a camera that others report for.

    `wanted` says which stream to watch of the camera with an id; where a camera has only the other, that one is.
    """
    found = (_camera(device, wanted(device.id)) for device in devices if device.kind == "camera")
    return [camera for camera in found if camera is not None]


def witnesses(devices: Iterable[Device]) -> Mapping[str, frozenset[str]]:
    """Which cameras have an eye on a device, by its id: a camera on itself, and those that attribute `cameras` names.

    `cameras` is a list of ids, or text with blanks between them.
    """
    return {device.id: frozenset(_named(device)) for device in devices if any(_named(device))}


def _camera(device: Device, wanted: Stream) -> Camera | None:
    for stream in (wanted, *ADDRESSES):
        if address := device.attributes.get(ADDRESSES[stream]):
            return Camera(id=device.id, rtsp_url=str(address), stream=stream)
    return None


def _named(device: Device) -> list[str]:
    match device.attributes.get("cameras"):
        case str(text):
            listed = text.split()
        case list(ids):
            listed = [str(camera) for camera in ids]
        case _:  # none, or what is no list: an operator's attribute may be anything
            listed = []
    return [device.id, *listed] if device.kind == "camera" else listed
