"""What fails is begun again: after how long, told how often, and what is not."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from deploy.supervise import Supervisor, side_by_side


@dataclass
class Surroundings:
    """A clock that only attempts and sleeps move, and an end to `keep`: it is cancelled in the sleep after the last."""

    sleeps_until_cancelled: int
    at: float = 0.0
    dice: float = 0.5
    slept: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.at += seconds
        if len(self.slept) == self.sleeps_until_cancelled:
            raise asyncio.CancelledError

    def supervisor(self) -> Supervisor:
        return Supervisor(sleep=self.sleep, random=lambda: self.dice, clock=lambda: self.at)

    def patient(self) -> Supervisor:
        return replace(self.supervisor(), waits_seconds=(3.0, 60.0), did_well=lambda seconds, _: seconds > 10)


def lasting(around: Surroundings, *seconds: float, failure: Callable[[int], Exception]) -> Callable[[], object]:
    """An attempt that takes so long the first, the second … time (no time after that), and always fails."""
    lives = iter(seconds)
    counted = iter(range(1_000))

    async def attempt() -> None:
        around.at += next(lives, 0.0)
        raise failure(next(counted))

    return attempt


async def kept(around: Surroundings, attempt: Callable[[], object]) -> None:
    with pytest.raises(asyncio.CancelledError):
        await around.supervisor().keep("part", attempt)  # type: ignore[arg-type]


def warnings_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]


async def test_it_waits_longer_after_each_failure_and_then_always_half_a_minute() -> None:
    around = Surroundings(7)
    await kept(around, lasting(around, failure=lambda _: OSError("gone")))
    assert around.slept == [1, 2, 5, 10, 30, 30, 30]


@pytest.mark.parametrize(("dice", "first"), [(0.0, 0.8), (0.999999999, 1.2)])
async def test_many_that_fail_together_do_not_come_back_together(dice: float, first: float) -> None:
    around = Surroundings(1, dice=dice)
    await kept(around, lasting(around, failure=lambda _: OSError("gone")))
    assert around.slept == [first]


async def test_one_that_held_waits_the_shortest_time_again_and_is_told_again(caplog: pytest.LogCaptureFixture) -> None:
    around = Surroundings(5)
    await kept(around, lasting(around, 0, 0, 0, 61, 59, failure=lambda _: OSError("gone")))
    assert around.slept == [1, 2, 5, 1, 2]
    assert warnings_of(caplog) == ["part: OSError: gone; trying again"] * 2


async def test_how_long_it_waits_and_what_counts_as_held_may_be_another() -> None:
    around = Surroundings(4)
    with pytest.raises(asyncio.CancelledError):
        await around.patient().keep("part", lasting(around, 0, 0, 11, failure=lambda _: OSError("gone")))  # type: ignore[arg-type]
    assert around.slept == [3, 60, 3, 60]


async def test_a_failure_is_told_once_and_not_again_while_it_stays_the_same(caplog: pytest.LogCaptureFixture) -> None:
    around = Surroundings(20)
    await kept(around, lasting(around, failure=lambda count: OSError("gone" if count < 10 else "refused")))
    assert warnings_of(caplog) == ["part: OSError: gone; trying again", "part: OSError: refused; trying again"]


async def test_a_failure_is_told_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    around = Surroundings(1)
    await kept(around, lasting(around, failure=lambda _: OSError("gone\n\tfor good")))
    assert caplog.text.count("\n") == 1
    assert "gone for good" in caplog.text


async def test_a_fault_of_ours_is_told_with_its_trace(caplog: pytest.LogCaptureFixture) -> None:
    around = Surroundings(1)
    await kept(around, lasting(around, failure=lambda _: KeyError("no such thing")))
    assert "Traceback" in caplog.text


async def test_what_should_never_end_is_begun_again_when_it_does(caplog: pytest.LogCaptureFixture) -> None:
    around = Surroundings(2)
    begun = []

    async def attempt() -> None:
        begun.append(around.at)

    await kept(around, attempt)
    assert begun == [0, 1]
    assert warnings_of(caplog) == ["part: EndedError: It ended by itself.; trying again"]


async def test_cancelling_ends_an_attempt_at_once(caplog: pytest.LogCaptureFixture) -> None:
    around = Surroundings(1)
    began = asyncio.Event()

    async def attempt() -> None:
        began.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(around.supervisor().keep("part", attempt))
    await began.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not around.slept
    assert not warnings_of(caplog)


async def test_an_attempt_that_is_cancelled_while_its_server_dies_is_not_begun_again() -> None:
    """The driver cancels its statement, finds the server gone, and tells of that instead."""
    started = asyncio.Event()

    async def attempt() -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise ConnectionError("the server is gone") from None

    around = Surroundings(sleeps_until_cancelled=1)
    keeping = asyncio.create_task(around.supervisor().keep("part", attempt))
    await started.wait()
    keeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await keeping
    assert not around.slept


async def test_an_attempt_whose_own_group_cancelled_it_is_begun_again() -> None:
    """A task group that fails while its body runs cancels the task it is in, and may leave that counted."""

    async def attempt() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(failing())
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                raise ConnectionError("the body's own end") from None

    async def failing() -> None:
        raise OSError("gone")

    around = Surroundings(3)
    await kept(around, attempt)
    assert around.slept == [1, 2, 5]


async def test_until_returns_what_the_attempt_returned_at_last() -> None:
    around = Surroundings(9)
    answers = iter([OSError("gone"), OSError("gone"), "here"])

    async def attempt() -> str:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert await around.supervisor().until("part", attempt) == "here"
    assert around.slept == [1, 2]


async def test_until_has_patience_only_with_what_it_was_told_to() -> None:
    around = Surroundings(9)

    async def attempt() -> None:
        raise ValueError("wrong for ever")

    with pytest.raises(ValueError, match="wrong for ever"):
        await around.supervisor().until("part", attempt, patient_with=OSError)
    assert not around.slept


async def test_parts_side_by_side_fall_together_with_the_failure_of_the_one() -> None:
    ended = asyncio.Event()

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async def failing() -> None:
        await asyncio.sleep(0)
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        await side_by_side(endless(), failing())
    assert ended.is_set()


async def test_two_parts_that_fail_together_are_both_told() -> None:
    async def failing(why: str) -> None:
        raise OSError(why)

    with pytest.raises(ExceptionGroup) as both:
        await side_by_side(failing("one"), failing("two"))
    assert sorted(map(str, both.value.exceptions)) == ["one", "two"]
