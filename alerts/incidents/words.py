"""The words of incidents, in Bahasa Indonesia and in English: as a technician says it who is told on the phone."""

from collections.abc import Mapping
from typing import Literal

from devices.diagnosis import Class

Language = Literal["id", "en"]

# What stands for the title: {where} is a segment or a name, {area} and {below} may be empty.
TITLES: Mapping[Class, tuple[str, str]] = {
    Class.POWER: ("Listrik padam: {name}{area}{below}", "Power cut: {name}{area}{below}"),
    Class.CUT: ("Kabel FO putus {where}{area}{below}", "Fibre cut {where}{area}{below}"),
    Class.FADE: (
        "Kabel FO melemah lalu putus {where}, periksa tekukan dan konektor{area}{below}",
        "Fibre faded and failed {where}, look for a bend or a connector{area}{below}",
    ),
    Class.DEVICE: ("{name} mati{area}{below}", "{name} is down{area}{below}"),
    Class.UNKNOWN: ("{name} putus, sebab belum jelas{area}{below}", "{name} is down, cause not clear yet{area}{below}"),
}
BETWEEN = ("antara {above} dan {root}{metres}", "between {above} and {root}{metres}")
BEFORE = ("sebelum {root}", "before {root}")
EITHER = (" atau ", " or ")
DECIMAL = (",", ".")

COUNTED: Mapping[str, tuple[str, str]] = {
    "fibre_point": ("titik", "points"),
    "hotspot": ("hotspot", "hotspots"),
    "village_internet": ("internet desa", "village sites"),
    "camera": ("CCTV", "cameras"),
    "gateway": ("gateway", "gateways"),
    "feeder": ("penyulang", "feeders"),
    "water_level": ("duga air", "water gauges"),
    "weather": ("stasiun cuaca", "weather stations"),
    "air_quality": ("sensor udara", "air sensors"),
    "power": ("sensor listrik", "power sensors"),
    "street_light": ("lampu jalan", "street lights"),
    "traffic_counter": ("penghitung lalu lintas", "traffic counters"),
    "service": ("aplikasi", "applications"),
}
