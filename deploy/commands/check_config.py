"""pantau check-config: read everything, start nothing."""

from deploy.commands.devices import read_inventory
from deploy.settings import Settings


async def run(settings: Settings) -> None:
    """The settings were read already; what they point to is read here. Raises RefusedError."""
    inventory = read_inventory(settings.devices_file)
    city = settings.city
    print(
        f"{settings.config}: {city.city.name}, {len(inventory.devices)} devices, {len(city.rules)} rules, "
        f"{len(city.channels)} channels, {len(city.routes)} routes: sound"
    )
