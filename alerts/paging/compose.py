"""Pure: a page, from what it is about, whom it is for, and the moment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from alerts.alert import Alert, Severity, State
from alerts.incidents.words import Language
from alerts.notify.message import compose as webhook_body
from alerts.notify.page import Page, Status
from alerts.paging.group import Group
from alerts.paging.story import Story
from alerts.paging.words import (
    BELOW,
    CARRY,
    CAUSE,
    CLASSES,
    DAYS,
    DIGEST,
    LASTED,
    MORE,
    PLACE,
    REPLY,
    SINCE,
    STATUS,
    STEP,
    say,
)

SEVERITIES = tuple(Severity)
# Lines of a page that are alerts, and names of what hangs below: who wants all follows the link.
ALERTS, NAMES = 5, 6
# Lines of a digest: worst first, the rest by number.
DIGESTED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class To:
    """Whom a page is for: a person at an address of a channel, or where there is no person, the channel itself."""

    channel: str
    webhook: bool = False
    technician: str | None = None
    address: str | None = None
    language: Language = "id"
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where we are: the address of our pages, the city's zone and its name there ("WIB")."""

    url: str
    zone: tzinfo

    def clock(self, moment: datetime, language: Language) -> str:
        local = moment.astimezone(self.zone)
        return f"{DAYS[language][local.weekday()]} {local:%d/%m %H:%M} {local.tzname()}"


def page_of(group: Group, sequence: int, story: Story, to: To, desk: Desk, *, again: bool = False) -> Page:
    """The message of now about a group, as it is before it is told. `again`: nobody has answered the last."""
    alerts = group.speaks_of
    ended = all(alert.state is State.RESOLVED for alert in alerts)
    status: Status = "resolved" if ended else "firing"
    worst = max((alert.severity for alert in alerts), key=SEVERITIES.index, default=Severity.INFO)
    title = f"{say(STATUS[status if ended else worst.value], to.language)}: {story.title}"
    link = f"{desk.url}/desk/incidents/{story.number}" if story.number is not None else desk.url
    lines = [*_lines(alerts, story, to, desk, ended=ended, again=again)]
    code = None if ended else to.code
    if code is not None:
        lines.append(say(REPLY, to.language).format(code=code))
    return Page(
        to=to.address,
        technician=to.technician,
        incident=story.number,
        sequence=sequence,
        status=status,
        severity=worst.value,
        title=title,
        text="\n".join(lines),
        code=code,
        url=link,
        language=to.language,
        webhook=_webhook(group, alerts, story, to, desk),
    )


def _webhook(group: Group, alerts: Sequence[Alert], story: Story, to: To, desk: Desk) -> dict[str, Any]:
    if not to.webhook:
        return {}
    return webhook_body(alerts, key=group.key, receiver=to.channel, external_url=desk.url, title=story.title)


def _lines(alerts: Sequence[Alert], story: Story, to: To, desk: Desk, *, ended: bool, again: bool) -> Iterator[str]:
    language = to.language
    if again and not ended:
        yield say(STEP, language)
    if alerts:
        yield _when(alerts, desk, language, ended=ended)
    if not ended:
        yield from _where(story, language)
    yield from _several([f"- {alert.summary}" for alert in alerts if alert.summary != story.title], ALERTS, language)


def _when(alerts: Sequence[Alert], desk: Desk, language: Language, *, ended: bool) -> str:
    since = desk.clock(min(alert.starts_at for alert in alerts), language)
    if not ended:
        return say(SINCE, language).format(at=since)
    until = desk.clock(max(alert.ends_at for alert in alerts if alert.ends_at is not None), language)
    return say(LASTED, language).format(since=since, until=until)


def _where(story: Story, language: Language) -> Iterator[str]:
    if story.area:
        yield say(PLACE, language).format(area=story.area)
    if story.position is not None:
        latitude, longitude = story.position
        yield f"https://www.google.com/maps?q={latitude:.6f},{longitude:.6f}"
    if story.cls is not None:
        cause, tools = CLASSES[story.cls]
        yield say(CAUSE, language).format(cause=say(cause, language))
        yield say(CARRY, language).format(tools=say(tools, language))
    if story.names:
        yield say(BELOW, language).format(names=", ".join(_several(story.names, NAMES, language)))


def _several(items: Sequence[str], limit: int, language: Language) -> Iterator[str]:
    yield from items[:limit]
    if len(items) > limit:
        yield say(MORE, language).format(count=len(items) - limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a digest says of one message that was held back."""

    severity: Severity
    status: str
    title: str
    at: datetime


def digest_of(lines: Sequence[Line], to: To, desk: Desk, *, number: int) -> Page:
    """Everything that was held back from one person, worst and newest first. `number` is the digest's own."""
    ordered = sorted(
        lines, key=lambda line: (line.status == "resolved", -SEVERITIES.index(line.severity), -line.at.timestamp())
    )
    worst = ordered[0]
    count = say(DIGEST, to.language).format(count=len(lines))
    title = f"{say(STATUS['digest'], to.language)}: {count}. {worst.title}"
    told = [f"{line.at.astimezone(desk.zone):%H:%M} {line.title}" for line in ordered]
    return Page(
        to=to.address,
        technician=to.technician,
        sequence=number,
        status="digest",
        severity=worst.severity.value,
        title=title,
        text="\n".join(_several(told, DIGESTED, to.language)),
        url=desk.url,
        language=to.language,
    )
