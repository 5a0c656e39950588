"""Pure: over whose line each device of a city is heard."""

from collections.abc import Collection, Sequence

from devices.device import Device
from devices.kinds import KINDS

PROBER = "the prober"
"""No device is called so: an id has no space."""


def voices(devices: Sequence[Device], probed: Collection[str] = ()) -> dict[str, str]:
    """By device the one whose line carries its words: its own, its gateway's, or the prober's for those who are asked.

    Raises ValueError for a device that is to be probed and is not there, or is of a kind that nobody can probe.
    """
    probeable = {device.id for device in devices if KINDS[device.kind].probe is not None}
    if strangers := set(probed) - probeable:
        raise ValueError(f"cannot be probed: {', '.join(sorted(strangers))}")
    relays = {device.id for device in devices if KINDS[device.kind].relays} - set(probed)
    return {device.id: PROBER if device.id in probed else _carrier(device, relays) for device in devices}


def _carrier(device: Device, relays: Collection[str]) -> str:
    """A gateway speaks for itself, though it hangs on another."""
    if device.id in relays:
        return device.id
    return next((parent for parent in device.parent_ids() if parent in relays), device.id)
