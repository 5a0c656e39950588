"""Pure: the messages that looks at groups call for, each to somebody."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from alerts.alert import Severity
from alerts.metrics import UNREACHABLE
from alerts.notify.page import Page
from alerts.oncall.target import Target
from alerts.oncall.technician import Technician
from alerts.paging.codes import Codes
from alerts.paging.compose import Line, To, digest_of, page_of
from alerts.paging.look import Look
from alerts.paging.paging import Paging
from alerts.paging.post import Held, Mail, Post, Rung, Waiting
from alerts.paging.story import Story


@dataclass(slots=True, kw_only=True)
class Writing:
    """Turns looks into mails and what is held back; `mails` and `held` grow."""

    paging: Paging
    post: Post
    codes: Codes
    stories: Mapping[int, Story]
    mails: list[Mail] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)

    def write(self, look: Look) -> Look:
        """Tell and call everybody; the look itself, or one that asks for the next step where nobody can be called."""
        for target in look.tell:
            self._to(target, look, step=None)
        called = [self._to(target, look, step=_step(look)) for target in look.call]
        if called and not any(called):
            return replace(look, after=replace(look.after, asked=True), due_at=self.post.now)
        return look

    def _to(self, target: Target, look: Look, *, step: int | None) -> bool:
        """Whether there is a way to the target at all."""
        if target.kind == "channel":
            self._to_channel(target.name, look, step=step)
            return True
        technician = self.paging.roster.technicians.get(target.name)
        rung = None if technician is None else self.post.rung(technician)
        if technician is None or rung is None:
            UNREACHABLE.inc()
            return False
        self._to_person(technician, rung, look, step=step)
        return True

    def _to_channel(self, channel: str, look: Look, *, step: int | None) -> None:
        """Also where the settings name it no more: the outbox keeps what was not sent, and why."""
        to = To(channel=channel, webhook=channel in self.paging.webhooks, language=self.paging.language)
        group_id = look.after.group.id
        self.mails.append(Mail(group_id=group_id, channel=channel, page=self._page(look, to, step=step), step=step))

    def _to_person(self, technician: Technician, rung: Rung, look: Look, *, step: int | None) -> None:
        group_id = look.after.group.id
        page = self._page(look, self._address(technician, rung, self.codes.code(technician.id, group_id)), step=step)
        urgent = page.status == "firing" and page.severity == Severity.CRITICAL
        if not self.post.goes(technician, rung.channel, urgent=urgent):
            severity, title = Severity(page.severity), page.headline
            self.held.append(
                Held(technician=technician.id, group_id=group_id, severity=severity, status=page.status, title=title)
            )
            return
        self.post.count(technician.id, rung.channel)
        self.mails.append(_mail(group_id, technician, rung, page, step=step))

    def _address(self, technician: Technician, rung: Rung, code: str | None) -> To:
        return To(
            channel=rung.channel,
            webhook=rung.channel in self.paging.webhooks,
            technician=technician.id,
            address=rung.address,
            language=technician.language,
            code=code,
        )

    def _page(self, look: Look, to: To, *, step: int | None) -> Page:
        group = look.after.group
        again = step is not None and step > 1
        return page_of(look.before.group, group.sequence, self.stories[group.id], to, self.paging.desk, again=again)

    def digests(self, waiting: Mapping[str, list[Waiting]]) -> Iterator[tuple[Mail, list[Waiting]]]:
        """One message about everything that was held back from each person who may be told again."""
        for person, told in waiting.items():
            technician = self.paging.roster.technicians.get(person)
            rung = None if technician is None else self.post.rung(technician)
            if technician is None or rung is None:
                continue
            urgent = any(one.severity is Severity.CRITICAL and one.status == "firing" for one in told)
            if self.post.goes(technician, rung.channel, urgent=urgent):
                self.post.count(person, rung.channel)
                lines = [Line(severity=one.severity, status=one.status, title=one.title, at=one.at) for one in told]
                to = self._address(technician, rung, None)
                page = digest_of(lines, to, self.paging.desk, number=told[-1].id)
                yield _mail(None, technician, rung, page, step=None), told


def _mail(group_id: int | None, technician: Technician, rung: Rung, page: Page, *, step: int | None) -> Mail:
    return Mail(
        group_id=group_id,
        channel=rung.channel,
        page=page,
        technician=technician.id,
        address=rung.address,
        rung=rung.number,
        step=step,
    )


def _step(look: Look) -> int | None:
    return None if look.after.escalation is None else look.after.escalation.begun
