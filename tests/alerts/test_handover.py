"""At the hand-over of a rota, who begins is told what is going on."""

from alerts.oncall.rows import save_rotas
from alerts.oncall.written import WrittenRota
from tests.alerts.city import City
from tests.alerts.people import MAILS, arrives, falls, passes, start

# The tests begin at noon in Jakarta, on the second day of this rota.
ROTA = {
    "name": "lapangan",
    "time_zone": "Asia/Jakarta",
    "layers": [
        {
            "name": "siang",
            "participants": ["budi", "siti"],
            "rotation": "daily",
            "starts_on": "2026-03-01",
            "hand_over": "12:05",
        }
    ],
}
BRIEFS = "select technician, body ->> 'title', body ->> 'text' from notification where body ->> 'status' = 'digest'"


async def rota(city: City) -> None:
    await start(city)
    async with city.pool.connection() as connection:
        written = [WrittenRota.model_validate(ROTA)]
        await save_rotas(connection, written, who="tests", now=city.clock.now())


async def test_who_begins_hears_of_what_is_open_and_who_has_it(city: City) -> None:
    await rota(city)
    await falls(city, "fp-1")
    await arrives(city)
    await passes(city, 200, step=50)
    assert await city.run(BRIEFS) == []
    await passes(city, 160, step=40)
    ((who, title, text),) = await city.run(BRIEFS)
    assert (who, title) == ("siti", "SERAH TERIMA: 1 gangguan terbuka")
    assert "FP-1" in text
    assert "lapangan" in text


async def test_a_brief_that_does_not_arrive_is_passed_on(city: City) -> None:
    await rota(city)
    await passes(city, 310, step=62)
    contact = "select technician, channel, rung from notification where body ->> 'status' = 'digest' order by id"
    assert await city.run(contact) == [("siti", "tg", 0)]
    await passes(city, 70)
    assert await city.run(contact) == [("siti", "tg", 0), ("siti", "sms", 1)]
    await passes(city, 300, step=60)
    assert len(await city.run(contact)) == 2, "there is no further contact"
    assert len({text for _, _, text in await city.run(BRIEFS)}) == 1


async def test_a_hand_over_is_told_once_whatever_is_restarted(city: City) -> None:
    await rota(city)
    for _ in range(3):
        await passes(city, 310, step=62)
        await arrives(city)
        await start(city)
    assert [brief[0] for brief in await city.run(BRIEFS)] == ["siti"]
    assert await city.run(MAILS) != []


async def test_one_that_is_long_past_is_told_to_nobody(city: City) -> None:
    await rota(city)
    city.clock.pass_(16 * 60)
    await city.round()
    assert await city.run(BRIEFS) == []
