"""The settings as the dashboards show them."""

from dashboards.city.shown import SettingsSection, sections_of
from deploy.settings import Settings

# These stand in [city]; [dashboards] may not say them.
OF_THE_CITY = frozenset({"language", "time_zone"})


def shown_settings(settings: Settings) -> list[SettingsSection]:
    """Each where it may be written; the zone's label as it is shown, which is the zone's own where none is written."""
    return [_as_shown(section, settings) for section in sections_of(settings.city)]


def _as_shown(section: SettingsSection, settings: Settings) -> SettingsSection:
    if section.name != "dashboards":
        return section
    label = settings.screens.zone_label
    items = [item for item in section.items if item.key not in OF_THE_CITY]
    items = [item.model_copy(update={"value": label}) if item.key == "zone_label" else item for item in items]
    return section.model_copy(update={"items": items})
