"""What a person says of an alert while nobody judges is heard by whoever was paged for it."""

import pytest

from alerts import desk
from alerts.desk import Said
from tests.alerts.city import OPTICAL_LOW, City, settings

WANTED = settings(OPTICAL_LOW | {"for": "0s"}, urls={"ops": "http://127.0.0.1:9/"})
TOLD = "select body ->> 'status' from notification order by id"


@pytest.fixture
async def paged(city: City) -> City:
    """One alert that was told."""
    city.start(WANTED)
    await city.add("fp-1")
    await city.reads("fp-1", -28.0)
    await city.round()
    city.clock.pass_(1)
    await city.round()
    assert await city.run(TOLD) == [("firing",)]
    return city


async def say(city: City, *words: str) -> None:
    for word in words:
        async with city.pool.connection() as connection, connection.transaction():
            assert await getattr(desk, word)(connection, [1], Said(who="budi", at=city.clock.now())) == [1]


@pytest.mark.parametrize("before", [(), ("acknowledge",)])
async def test_an_end_that_a_person_said_meanwhile_is_told(paged: City, before: tuple[str, ...]) -> None:
    await say(paged, *before)
    await paged.reads("fp-1", -20.0)
    await say(paged, "resolve")
    paged.start(WANTED)
    await paged.round()
    assert await paged.run(TOLD) == [("firing",), ("resolved",)]


async def test_what_was_given_back_meanwhile_is_told_again(paged: City) -> None:
    await say(paged, "acknowledge")
    paged.clock.pass_(4 * 3_600)
    await paged.reads("fp-1", -28.0)
    await paged.round()
    assert await paged.run(TOLD) == [("firing",)]
    await say(paged, "unacknowledge")
    paged.start(WANTED)
    await paged.round()
    assert await paged.run(TOLD) == [("firing",), ("firing",)]


async def test_a_restart_alone_tells_nothing(paged: City) -> None:
    paged.start(WANTED)
    await paged.round()
    assert await paged.run(TOLD) == [("firing",)]
