"""pantau check-config: read everything, start nothing."""

from deploy.camera_logins import camera_logins
from deploy.commands.devices import read_inventory
from deploy.refused import Faults, RefusedError
from deploy.settings import Settings


async def run(settings: Settings) -> None:
    """The settings were read already; what they point to is read here. Raises RefusedError with every fault."""
    faults = Faults()
    with faults:
        count = _check_devices(settings)
    with faults:
        camera_logins(settings)
    faults.refuse()
    city = settings.city
    print(
        f"{settings.config}: {city.city.name}, {count} devices, {len(city.rules)} rules, "
        f"{len(city.channels)} channels, {len(city.routes)} routes: sound"
    )


def _check_devices(settings: Settings) -> int:
    """How many devices the list has. Raises RefusedError, for areas that the city has not got too."""
    inventory, areas = read_inventory(settings.devices_file), settings.city.city.areas
    strays = [device for device in inventory.devices if areas and device.area and device.area not in areas]
    if strays:
        file = settings.devices_file
        raise RefusedError(
            [
                f"{file}:{inventory.lines[stray.id]}: {stray.id}: area: {stray.area} is not among [city] areas"
                for stray in strays
            ]
        )
    return len(inventory.devices)
