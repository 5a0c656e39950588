"""Pure: the page of `pantau notify test`, which says that it is none."""

from collections.abc import Mapping
from datetime import datetime

from alerts.alert import Alert, EndReason, Severity, State
from alerts.incidents.words import Language
from alerts.notify.message import compose
from alerts.notify.page import Page

TITLES: Mapping[Language, str] = {
    "id": "UJI COBA: kanal {channel} dari {city}, tidak perlu berbuat apa-apa",
    "en": "TEST: channel {channel} from {city}, nothing to do",
}


def trial(channel: str, *, to: str | None, city: str, url: str, language: Language, now: datetime) -> Page:
    """Numbered by the time of day, so that two trials are not taken for one. A webhook is told of something over."""
    title = TITLES[language].format(channel=channel, city=city)
    alert = Alert(
        id=0,
        rule="notify-test",
        device=channel,
        kind="channel",
        area="",
        severity=Severity.INFO,
        state=State.RESOLVED,
        starts_at=now,
        evidence_at=now,
        ends_at=now,
        end_reason=EndReason.CLEARED,
        summary=title,
    )
    return Page(
        to=to,
        sequence=int(f"{now:%H%M%S}"),
        status="test",
        severity="info",
        title=title,
        text=title,
        url=url,
        language=language,
        webhook=compose([alert], key={"alertname": alert.rule}, receiver=channel, external_url=url),
    )
