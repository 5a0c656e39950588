"""Pure: what to take along, by what failed and what sort of device failed."""

from collections.abc import Mapping

from dashboards.words import Language
from devices.diagnosis import Class

Words = tuple[str, str]

MULTIMETER: Words = ("Multimeter", "Multimeter")
OTDR: Words = ("OTDR", "OTDR")

TOOLS: Mapping[Class, tuple[Words, ...]] = {
    Class.CUT: (
        ("Splicer", "Fusion splicer"),
        OTDR,
        ("Kabel FO", "Fibre cable"),
        ("Selongsong sambungan dan closure", "Splice sleeves and closure"),
    ),
    Class.FADE: (
        ("Pembersih konektor", "Connector cleaning kit"),
        ("Power meter optik", "Optical power meter"),
        ("Konektor dan patch cord", "Connectors and patch cords"),
    ),
    Class.POWER: (("Genset atau aki UPS", "Generator or UPS battery"), MULTIMETER),
    Class.DEVICE: (),
    Class.UNKNOWN: (OTDR, MULTIMETER),
}

SPARES: Mapping[str, Words] = {
    "fibre_point": ("ONT atau switch cadangan, adaptor", "Spare ONT or switch, adapter"),
    "hotspot": ("Access point cadangan, adaptor PoE", "Spare access point, PoE adapter"),
    "village_internet": ("ONT dan router cadangan, adaptor", "Spare ONT and router, adapter"),
    "gateway": ("Gateway cadangan, antena", "Spare gateway, antenna"),
    "feeder": ("Nomor gangguan PLN 123", "The grid company's fault line, 123"),
    "camera": ("Kamera cadangan, adaptor PoE", "Spare camera, PoE adapter"),
    "water_level": ("Sensor duga air cadangan, baterai", "Spare water gauge, battery"),
    "weather": ("Sensor cuaca cadangan, baterai", "Spare weather sensor, battery"),
    "air_quality": ("Sensor udara cadangan, filter", "Spare air sensor, filter"),
    "power": ("Sensor listrik cadangan, sekring", "Spare power sensor, fuses"),
    "street_light": ("Modul kendali lampu, sekring", "Lamp controller, fuses"),
    "traffic_counter": ("Penghitung lalu lintas cadangan", "Spare traffic counter"),
    "service": ("Laptop dan akses server", "Laptop and access to the server"),
}

# The light is there or not: a device is no help. Where the cause is not clear, everything may be needed.
WITH_SPARE = frozenset({Class.DEVICE, Class.UNKNOWN})


def carry(cls: str, kind: str | None, language: Language) -> list[str]:
    """`cls` is the incident's class; one that nobody knows is as if it were not clear. `kind` is the root's."""
    known = Class(cls) if cls in set(Class) else Class.UNKNOWN
    spare = SPARES.get(kind or "") if known in WITH_SPARE else None
    column = 0 if language == "id" else 1
    return [words[column] for words in (*TOOLS[known], *((spare,) if spare else ()))]
