"""pantau check-config: read everything, start nothing."""

from collections.abc import Mapping

from deploy.camera_detector import detector
from deploy.camera_logins import camera_logins
from deploy.city import fault_at
from deploy.city_map import geography
from deploy.commands.devices import read_inventory
from deploy.oidc_secret import oidc_secret
from deploy.refused import Faults, RefusedError
from deploy.settings import Settings
from deploy.toml_lines import TomlPath
from devices.inventory import Inventory


async def run(settings: Settings) -> None:
    """The settings were read already; what they point to is read here. Raises RefusedError with every fault."""
    faults = Faults()
    count = 0
    with faults:
        inventory = read_inventory(settings.devices_file)
        count = len(inventory.devices)
        with faults:
            _check_areas(settings, inventory)
        with faults:
            _check_cameras(settings, inventory)
        with faults:
            _check_numbers(settings, inventory)
    with faults:
        camera_logins(settings)
    with faults:
        detector(settings)
    with faults:
        oidc_secret(settings)
    with faults:
        geography(settings)
    faults.refuse()
    city, files = settings.city, ", ".join(map(str, settings.text.files))
    print(
        f"{files}: {city.city.name}, {count} devices, {len(city.rules)} rules, "
        f"{len(city.channels)} channels, {len(city.policies)} policies, {len(city.routes)} routes: sound"
    )
    if not city.routes:
        print("but nobody is told of any alert: there is no [[routes]]")


def _check_areas(settings: Settings, inventory: Inventory) -> None:
    """Raises RefusedError for devices in areas that the city has not got."""
    areas = settings.city.city.areas
    strays = [device for device in inventory.devices if areas and device.area and device.area not in areas]
    if strays:
        file = settings.devices_file
        raise RefusedError(
            [
                f"{file}:{inventory.lines[stray.id]}: {stray.id}: area: {stray.area} is not among [city] areas"
                for stray in strays
            ]
        )


def _check_cameras(settings: Settings, inventory: Inventory) -> None:
    """Raises RefusedError for settings of cameras that the list has not got: a misspelt id has no privacy mask."""
    known = {device.id for device in inventory.devices if device.kind == "camera"}
    unknown = sorted(settings.city.video.camera_ids - known)
    _refuse(settings, {camera: _where(settings, camera) for camera in unknown}, "is no camera of the device list")


def _check_numbers(settings: Settings, inventory: Inventory) -> None:
    """Raises RefusedError for numbers of devices that the list has not got: a misspelt id is judged by its kind's."""
    unknown = sorted(settings.city.states.devices.keys() - {device.id for device in inventory.devices})
    _refuse(settings, {device: ("states", "devices", device) for device in unknown}, "is not in the device list")


def _refuse(settings: Settings, places: Mapping[str, TomlPath], reason: str) -> None:
    if places:
        raise RefusedError([fault_at(settings.text, where, f"{name} {reason}") for name, where in places.items()])


def _where(settings: Settings, camera: str) -> TomlPath:
    particular = ("video", "cameras", camera)
    return particular if camera in settings.city.video.cameras else ("video", "detector", "cameras")
