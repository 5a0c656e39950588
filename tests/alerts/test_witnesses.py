"""Asking hosts outside whether we can be reached, over real connections."""

import asyncio
from collections.abc import Iterator

import pytest

from alerts.states.settings import Ourselves
from alerts.states.witnesses import Witnesses
from tests.alerts.city import NOON
from tests.alerts.hosts import Host, hosts_on_the_loopback
from tests.patience import until


@pytest.fixture
def hosts() -> Iterator[list[Host]]:
    with hosts_on_the_loopback(3) as found:
        yield found


def asking(hosts: list[Host]) -> Witnesses:
    """With time for those that answer on a machine that stands still; each asking of one that was cut takes it all."""
    witnesses = tuple(host.address for host in hosts)
    settings = Ourselves(witnesses=witnesses, answer_within_seconds=12, ask_every_seconds=0.1)
    return Witnesses(settings, lambda: NOON)


async def test_hosts_that_answer_are_reached_and_one_that_does_not_is_not_the_majority(hosts: list[Host]) -> None:
    witnesses = asking(hosts)
    verdict = await witnesses.ask()
    assert (verdict.asked, verdict.reached, verdict.cut_off) == (3, 3, False)
    hosts[0].cut()
    verdict = await witnesses.ask()
    assert (verdict.reached, verdict.cut_off) == (2, False)


async def test_where_most_do_not_answer_we_are_cut_off_until_they_do(hosts: list[Host]) -> None:
    witnesses = asking(hosts)
    hosts[0].cut()
    hosts[1].cut()
    verdict = await witnesses.ask()
    assert (verdict.reached, verdict.cut_off) == (1, True)
    hosts[0].restore()
    assert not (await witnesses.ask()).cut_off


async def test_a_host_that_refuses_has_been_reached() -> None:
    closed = Ourselves(witnesses=("127.0.0.1:9",), answer_within_seconds=60)
    assert (await Witnesses(closed, lambda: NOON).ask()).reached == 1


async def test_it_asks_again_and_again_and_without_witnesses_never(hosts: list[Host]) -> None:
    asked, silent = asking(hosts[:1]), Witnesses(Ourselves(), lambda: NOON)
    tasks = [asyncio.create_task(one.run()) for one in (asked, silent)]
    await until(lambda: asked.verdict is not None)
    first = asked.verdict
    await until(lambda: asked.verdict is not first)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert silent.verdict is None
