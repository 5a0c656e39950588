"""Delivery to a real HTTP receiver that fails on purpose."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from alerts.notify.backoff import GIVE_UP_AFTER
from alerts.notify.channels.kinds import open_all
from alerts.notify.channels.sender import ORDINARY, Pace, Sender
from alerts.notify.channels.sender import Answer as Outcome
from alerts.notify.channels.settings import LONGEST_TIMEOUT_SECONDS
from alerts.notify.channels.webhook import Webhook
from alerts.notify.outbox import UNKNOWN_FOR, Outbox, abandon, drain, run
from alerts.notify.page import Page
from tests.alerts.city import DOWN, OPTICAL_LOW, SILENT, City, settings
from tests.alerts.receiver import Answer, Receiver, receiving
from tests.patience import PATIENCE_SECONDS

OUTCOMES = "select channel, attempts, delivered_at is not null, failed_at is not null, last_error from notification"


@pytest.fixture
def outbox(city: City) -> Outbox:
    return Outbox(pool=city.pool, clock=city.clock.of_all, jitter=lambda: 1.0)


def webhooks(
    seconds: float = LONGEST_TIMEOUT_SECONDS, **receivers: Receiver
) -> AbstractAsyncContextManager[Mapping[str, Sender]]:
    return open_all(
        Webhook.model_validate({"name": name, "kind": "webhook", "url": receiver.url, "timeout_seconds": seconds})
        for name, receiver in receivers.items()
    )


@pytest.fixture
async def hook(receiver: Receiver) -> AsyncIterator[Sender]:
    async with webhooks(ops=receiver) as senders:
        yield senders["ops"]


async def falls_silent(city: City, *devices: str, **receivers: Receiver) -> None:
    city.start(settings(SILENT, urls={name: receiver.url for name, receiver in receivers.items()}))
    for device in devices:
        await city.add(device)
        await city.reads(device, -20.0)
    city.clock.pass_(91)
    await city.round()


async def speaks(city: City, device: str) -> None:
    await city.reads(device, -20.0)
    await city.round()


async def test_a_page_and_its_resolve_arrive_in_that_order(
    city: City, outbox: Outbox, receiver: Receiver, hook: Sender
) -> None:
    await falls_silent(city, "fp-1", ops=receiver)
    await speaks(city, "fp-1")
    await drain(outbox, "ops", hook)
    assert receiver.statuses == ["firing", "resolved"]
    assert len({body["alerts"][0]["fingerprint"] for body in receiver.bodies}) == 1
    assert await city.run(OUTCOMES) == [("ops", 1, True, False, None)] * 2


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (500, "HTTP 500"),
        (404, "HTTP 404"),
        (302, "HTTP 302"),
        ("reset", "ReadError"),
    ],
)
async def test_a_failed_attempt_is_kept_with_its_reason_and_made_again(
    city: City, outbox: Outbox, receiver: Receiver, hook: Sender, answer: Answer, reason: str
) -> None:
    receiver.script = [answer]
    await falls_silent(city, "fp-1", ops=receiver)
    await drain(outbox, "ops", hook)
    ((_, attempts, delivered, failed, error),) = await city.run(OUTCOMES)
    assert (attempts, delivered, failed) == (1, False, False)
    assert reason in error
    assert "very-secret" not in error
    city.clock.pass_(0.9)
    await drain(outbox, "ops", hook)
    assert len(receiver.bodies) == 1
    city.clock.pass_(0.1)
    await drain(outbox, "ops", hook)
    assert receiver.statuses == ["firing", "firing"]
    assert await city.run(OUTCOMES) == [("ops", 2, True, False, None)]


@pytest.mark.parametrize("answer", ["hang", "drip"])
async def test_a_receiver_without_an_end_is_an_attempt_that_failed_in_time(
    city: City, outbox: Outbox, receiver: Receiver, hook: Sender, answer: Answer
) -> None:
    receiver.otherwise = answer
    await falls_silent(city, "fp-1", ops=receiver)
    async with webhooks(0.4, ops=receiver) as hasty:
        await drain(outbox, "ops", hasty["ops"])
    ((_, attempts, delivered, failed, error),) = await city.run(OUTCOMES)
    assert (attempts, delivered, failed) == (1, False, False)
    assert "Timeout" in error
    receiver.otherwise = 200
    city.clock.pass_(1)
    await drain(outbox, "ops", hook)
    assert await city.run(OUTCOMES) == [("ops", 2, True, False, None)]


@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_is_honoured(
    city: City, outbox: Outbox, receiver: Receiver, hook: Sender, status: int
) -> None:
    receiver.script = [(status, "60")]
    await falls_silent(city, "fp-1", ops=receiver)
    await drain(outbox, "ops", hook)
    city.clock.pass_(59)
    await drain(outbox, "ops", hook)
    assert len(receiver.bodies) == 1
    city.clock.pass_(1)
    await drain(outbox, "ops", hook)
    assert len(receiver.bodies) == 2


async def test_a_resolve_waits_for_its_page_and_overtakes_nobody(
    city: City, outbox: Outbox, receiver: Receiver, hook: Sender
) -> None:
    receiver.script = [500, 500]
    await falls_silent(city, "fp-1", ops=receiver)
    await speaks(city, "fp-1")
    await drain(outbox, "ops", hook)
    assert receiver.statuses == ["firing"]
    for _ in range(2):
        city.clock.pass_(5)
        await drain(outbox, "ops", hook)
    assert receiver.statuses == ["firing", "firing", "firing", "resolved"]


async def test_after_a_day_a_message_is_given_up_with_its_reason_and_the_resolve_still_goes(
    city: City, outbox: Outbox, receiver: Receiver, hook: Sender
) -> None:
    receiver.script = [500]
    await falls_silent(city, "fp-1", ops=receiver)
    city.clock.pass_(GIVE_UP_AFTER.total_seconds())
    await speaks(city, "fp-1")
    await drain(outbox, "ops", hook)
    assert await city.run(f"{OUTCOMES} order by id") == [
        ("ops", 1, False, True, "HTTP 500"),
        ("ops", 1, True, False, None),
    ]


async def test_a_process_killed_between_commit_and_delivery_has_its_page_sent_by_the_next(
    city: City, outbox: Outbox, receiver: Receiver, hook: Sender
) -> None:
    await falls_silent(city, "fp-1", ops=receiver)
    city.start(settings(SILENT, urls={"ops": receiver.url}))
    await city.round()
    await drain(outbox, "ops", hook)
    assert receiver.statuses == ["firing"]


async def test_a_message_in_flight_when_its_process_died_is_sent_again_when_the_lease_ends(
    city: City, outbox: Outbox, receiver: Receiver, hook: Sender
) -> None:
    receiver.script = ["hang"]
    await falls_silent(city, "fp-1", ops=receiver)
    dying = asyncio.create_task(drain(outbox, "ops", hook))
    await receiver.got(1)
    dying.cancel()
    await asyncio.wait([dying])
    await drain(outbox, "ops", hook)
    assert len(receiver.bodies) == 1
    city.clock.pass_(ORDINARY.lease.total_seconds())
    await drain(outbox, "ops", hook)
    assert receiver.statuses == ["firing", "firing"]
    assert await city.run(OUTCOMES) == [("ops", 2, True, False, None)]


async def test_who_dies_repeats_only_what_was_still_on_its_way(
    city: City, outbox: Outbox, receiver: Receiver, hook: Sender
) -> None:
    receiver.script = ["hang"]
    await falls_silent(city, "fp-1", "fp-2", "fp-3", ops=receiver)
    dying = asyncio.create_task(drain(outbox, "ops", hook))
    await receiver.got(3)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await city.run("select count(*) from notification where delivered_at is not null") != [(2,)]:
            await asyncio.sleep(0.01)
    dying.cancel()
    await asyncio.wait([dying])
    city.clock.pass_(ORDINARY.lease.total_seconds())
    await drain(outbox, "ops", hook)
    assert len(receiver.bodies) == 4
    assert len({body["commonLabels"]["device"] for body in receiver.bodies}) == 3


@dataclass(slots=True)
class Interrupted:
    """A channel on which something happens before each attempt is answered."""

    meanwhile: Callable[[], Awaitable[object]]
    answer: Outcome
    attempts: int = 0
    pace: Pace = ORDINARY

    async def send(self, _page: Page, _now: datetime) -> Outcome:
        self.attempts += 1
        await self.meanwhile()
        return self.answer

    async def check(self) -> str | None:
        return None


async def test_who_slept_through_its_lease_takes_the_message_again_before_it_sends(
    city: City, outbox: Outbox, receiver: Receiver
) -> None:
    """A machine may be paused between taking and sending; by then another may have taken it."""
    asked = 0

    async def clock(_: object) -> datetime:
        nonlocal asked
        asked += 1
        if asked == 2:
            city.clock.pass_(ORDINARY.lease.total_seconds())
        return city.clock.now()

    async def nothing() -> None: ...

    await falls_silent(city, "fp-1", ops=receiver)
    channel = Interrupted(nothing, Outcome())
    await drain(replace(outbox, clock=clock), "ops", channel)
    assert channel.attempts == 1
    assert await city.run(OUTCOMES) == [("ops", 2, True, False, None)]


async def test_a_failure_told_too_late_does_not_free_what_another_has_taken(
    city: City, outbox: Outbox, receiver: Receiver
) -> None:
    await falls_silent(city, "fp-1", ops=receiver)

    async def lose_the_lease() -> None:
        city.clock.pass_(ORDINARY.lease.total_seconds())
        await city.run("update notification set attempts = attempts + 1, next_attempt_at = now() + interval '1 day'")

    await drain(outbox, "ops", Interrupted(lose_the_lease, Outcome(refused="HTTP 500")))
    assert await city.run(OUTCOMES) == [("ops", 2, False, False, None)]


async def test_a_delivery_told_too_late_is_one_all_the_same(city: City, outbox: Outbox, receiver: Receiver) -> None:
    await falls_silent(city, "fp-1", ops=receiver)

    async def lose_the_lease() -> None:
        await city.run("update notification set attempts = attempts + 1")

    await drain(outbox, "ops", Interrupted(lose_the_lease, Outcome()))
    assert await city.run(OUTCOMES) == [("ops", 2, True, False, None)]


async def test_two_processes_share_the_work_and_send_nothing_twice(
    city: City, outbox: Outbox, receiver: Receiver, hook: Sender
) -> None:
    devices = [f"fp-{number}" for number in range(60)]
    await falls_silent(city, *devices, ops=receiver)
    await asyncio.gather(drain(outbox, "ops", hook), drain(outbox, "ops", hook), drain(outbox, "ops", hook))
    assert sorted(body["commonLabels"]["device"] for body in receiver.bodies) == sorted(devices)


async def test_a_message_that_another_process_is_just_taking_is_passed_over(
    city: City, outbox: Outbox, receiver: Receiver, hook: Sender
) -> None:
    await falls_silent(city, "fp-1", "fp-2", ops=receiver)
    async with city.pool.connection() as other, other.transaction():
        await other.execute("select from notification order by id limit 1 for update")
        async with asyncio.timeout(PATIENCE_SECONDS):
            await drain(outbox, "ops", hook)
        assert [body["commonLabels"]["device"] for body in receiver.bodies] == ["fp-2"]


async def test_a_channel_that_hangs_holds_up_no_other(city: City, receiver: Receiver, outbox: Outbox) -> None:
    async with receiving() as stuck:
        stuck.otherwise = "hang"
        await falls_silent(city, *(f"fp-{number}" for number in range(20)), ops=receiver, stuck=stuck)

        async def wakes() -> AsyncIterator[None]:
            yield
            await receiver.got(20)
            assert len(stuck.bodies) <= ORDINARY.at_once
            stuck.otherwise = 200
            stuck.hang_up()

        async with webhooks(ops=receiver, stuck=stuck) as senders:
            await run(outbox, senders, wakes())


async def test_messages_to_a_channel_that_was_removed_are_given_up(
    city: City, outbox: Outbox, receiver: Receiver, hook: Sender
) -> None:
    await falls_silent(city, "fp-1", ops=receiver)
    city.clock.pass_(UNKNOWN_FOR.total_seconds())
    await abandon(outbox, {})
    assert await city.run(OUTCOMES) == [("ops", 0, False, True, "the channel was removed from the settings")]


async def test_a_process_with_the_old_settings_does_not_give_up_what_the_new_one_delivers(
    city: City, outbox: Outbox, receiver: Receiver, hook: Sender
) -> None:
    receiver.script = [500]
    await falls_silent(city, "fp-1", ops=receiver)
    for _ in range(2):
        await abandon(outbox, {})
        await drain(outbox, "ops", hook)
        city.clock.pass_(60)
    assert receiver.statuses == ["firing", "firing"]
    assert await city.run(OUTCOMES) == [("ops", 2, True, False, None)]


async def test_nobody_listening_is_a_failed_attempt_not_a_crash(city: City, outbox: Outbox) -> None:
    gone = Receiver(port=9)
    await falls_silent(city, "fp-1", ops=gone)
    async with webhooks(ops=gone) as senders:
        await drain(outbox, "ops", senders["ops"])
    ((_, attempts, delivered, failed, error),) = await city.run(OUTCOMES)
    assert (attempts, delivered, failed) == (1, False, False)
    assert error.startswith("ConnectError")


@dataclass(slots=True)
class Scripted:
    """A sender that does what a test says with each page: answers, or breaks."""

    outcomes: list[Outcome | Exception]
    pace: Pace = ORDINARY

    async def send(self, page: Page, now: datetime) -> Outcome:  # noqa: ARG002  a script heeds neither
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def check(self) -> str | None:
        return None


@dataclass(slots=True)
class Slow:
    """A channel that carries one message after the other, as a modem does; remembers what it was given."""

    sent: list[str] = field(default_factory=list)
    pace: Pace = field(default_factory=lambda: replace(ORDINARY, at_once=1))

    async def send(self, page: Page, now: datetime) -> Outcome:  # noqa: ARG002  it takes whatever it is given
        about = page.webhook["commonLabels"]
        self.sent.append(f"{about['device']} {page.status} {page.severity}")
        return Outcome()

    async def check(self) -> str | None:
        return None


async def happens(city: City, *, offline: str = "", faded: str = "", heard: Collection[str] = ()) -> None:
    """Something happens during an outage of the channel, while others are heard."""
    city.clock.pass_(10)
    if offline:
        await city.says("offline", offline)
    if faded:
        await city.reads(faded, -30.0)
    for device in heard:
        await city.reads(device, -20.0)
    await city.round()


async def well(city: City, *devices: str) -> None:
    city.start(settings(DOWN, OPTICAL_LOW | {"for": "0s"}, urls={"ops": "http://127.0.0.1:9/"}))
    for device in devices:
        await city.add(device)
        await city.says("online", device)
        await city.reads(device, -20.0)
    await city.round()


async def test_what_matters_now_is_told_first_when_a_channel_recovers(city: City, outbox: Outbox) -> None:
    await well(city, "fp-1", "fp-2", "fp-3", "fp-4")
    await happens(city, faded="fp-1")
    await happens(city, faded="fp-1", offline="fp-2")
    await happens(city, faded="fp-1", offline="fp-3")
    await city.says("online", "fp-3")
    for _ in range(14):
        await happens(city, faded="fp-1", heard=["fp-3", "fp-4"])
    await happens(city, faded="fp-1", offline="fp-4")
    recovered = Slow()
    await drain(outbox, "ops", recovered)
    assert recovered.sent == [
        "fp-4 firing critical",
        "fp-2 firing critical",
        "fp-1 firing warning",
        "fp-3 firing critical",
        "fp-3 resolved critical",
    ]


async def test_what_became_critical_does_not_wait_behind_its_own_beginning(city: City, outbox: Outbox) -> None:
    await well(city, "fp-1", "fp-2")
    await happens(city, faded="fp-1")
    await happens(city, faded="fp-2")
    await happens(city, offline="fp-1")
    recovered = Slow()
    await drain(outbox, "ops", recovered)
    assert recovered.sent == ["fp-1 firing warning", "fp-1 firing critical", "fp-2 firing warning"]


async def test_a_body_that_is_no_page_is_given_up_and_the_others_go_out(
    city: City, outbox: Outbox, receiver: Receiver, hook: Sender
) -> None:
    await falls_silent(city, "fp-1", "fp-2", ops=receiver)
    await city.run('update notification set body = \'{"version": "4"}\' where id = (select min(id) from notification)')
    await drain(outbox, "ops", hook)
    assert receiver.statuses == ["firing"]
    (one, other) = await city.run(f"{OUTCOMES} order by id")
    assert one[:4] == ("ops", 1, False, True)
    assert "no page" in one[4]
    assert other == ("ops", 1, True, False, None)


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (OverflowError("a wait without end"), "OverflowError"),
        (Outcome(refused="not\x00taken \ud800"), "nottaken ?"),
    ],
)
async def test_a_sender_that_breaks_or_answers_nonsense_fails_one_attempt_and_no_other(
    city: City, outbox: Outbox, receiver: Receiver, outcome: Outcome | Exception, reason: str
) -> None:
    await falls_silent(city, "fp-1", "fp-2", ops=receiver)
    await drain(outbox, "ops", Scripted([outcome, Outcome()]))
    assert await city.run(f"{OUTCOMES} order by delivered_at nulls first") == [  # they are sent at the same time
        ("ops", 1, False, False, reason),
        ("ops", 1, True, False, None),
    ]


async def test_what_is_due_and_taken_the_clock_of_the_database_says(
    city: City, receiver: Receiver, hook: Sender
) -> None:
    """Who judges has a clock that is an hour ahead; and none of those who deliver looks at its own."""
    city.clock.moment = datetime.now(UTC) + timedelta(hours=1)
    shared = Outbox(pool=city.pool, jitter=lambda: 1.0)
    await falls_silent(city, "fp-1", ops=receiver)

    async def another_looks() -> None:
        ((left,),) = await city.run("select next_attempt_at - clock_timestamp() from notification")
        assert timedelta() < left <= channel.pace.lease
        await drain(shared, "ops", hook)

    channel = Interrupted(another_looks, Outcome(), pace=Pace(lease=timedelta(hours=1)))
    await drain(shared, "ops", channel)
    assert (channel.attempts, receiver.bodies) == (1, [])
    assert await city.run(OUTCOMES) == [("ops", 1, True, False, None)]
