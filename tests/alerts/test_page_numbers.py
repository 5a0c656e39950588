"""A double is seen as a double by its number, and different things bear different numbers."""

from datetime import timedelta

from alerts.oncall.target import Target
from alerts.paging.group import Group, Member
from alerts.paging.look import Look, Standing
from alerts.paging.numbering import numbered
from alerts.paging.route import Receiver, Terms
from tests.alerts.city import City, firing
from tests.alerts.people import arrives, passes, start

NUMBERS = """
select technician, (body ->> 'incident')::bigint, sequence, body ->> 'status' from notification order by id
"""


async def two_incidents_that_are_one(city: City) -> None:
    """Two points fall, and then what both hang on: the second incident goes into the first."""
    await start(city)
    for device, parents in (("a", ()), ("b", ("a",)), ("c", ("b",)), ("e", ("b",))):
        await city.add(device, *parents)
        await city.says("online", device)
        await city.reads(device, -20.0)
    await city.round()
    for fallen in ("c", "e"):
        await passes(city, 5)
        await city.says("offline", fallen)
        await passes(city, 5, "a", "b")
    await passes(city, 20, step=20)
    await city.says("offline", "b")
    await passes(city, 1, "a")
    assert await city.run("select merged_into from incident order by id") == [(None,), (1,)]


async def test_what_two_groups_tell_of_one_incident_is_numbered_through(city: City) -> None:
    await two_incidents_that_are_one(city)
    await arrives(city)
    assert await city.run(NUMBERS) == [
        ("budi", 1, 1, "firing"),
        ("budi", 2, 1, "firing"),
        ("budi", 1, 2, "firing"),
    ]
    await city.says("online", "b", "c", "e")
    await passes(city, 130, "a", "b", "c", "e")
    assert (await city.run(NUMBERS))[3:] == [("budi", 1, 3, "resolved")]
    ((held,),) = await city.run("select title from held_page")
    assert held.startswith("#1.4 PULIH"), "the other group's end, for which the budget has no place"


async def test_what_is_passed_on_bears_the_number_it_had(city: City) -> None:
    await two_incidents_that_are_one(city)
    await passes(city, 70, "a")
    sent = "select channel, (body ->> 'incident')::bigint, sequence from notification where technician = 'budi'"
    assert await city.run(f"{sent} order by id") == [
        *(("tg", 1, 1), ("tg", 2, 1), ("tg", 1, 2)),
        *(("sms", 1, 1), ("sms", 2, 1), ("sms", 1, 2)),
    ]


def speaks(group_id: int, receiver: str, *, sequence: int = 1) -> Look:
    group = Group(
        id=group_id,
        receiver=Receiver.parse(receiver),
        key={},
        terms=Terms(wait=timedelta()),
        members=(Member(alert=firing(id=group_id)),),
        sequence=sequence,
    )
    standing = Standing(group=group)
    return Look(before=standing, after=standing, tell=(Target.parse("technician:budi"),))


def numbers(*looks: Look, last: dict[tuple[str, int], int] | None = None) -> list[int]:
    told = numbered(looks, {look.after.group.id: 41 for look in looks}, last or {})
    return [look.after.group.sequence for look in told]


def test_groups_that_tell_people_of_one_incident_at_once_count_on_from_each_other() -> None:
    assert numbers(speaks(1, "policy:night"), speaks(2, "policy:day"), speaks(3, "policy:night")) == [1, 2, 3]


def test_a_channel_counts_for_itself() -> None:
    assert numbers(speaks(1, "policy:night"), speaks(2, "channel:ops"), speaks(3, "channel:noc")) == [1, 1, 1]


def test_it_goes_on_behind_all_that_was_told_before_and_never_back() -> None:
    assert numbers(speaks(1, "policy:night"), last={("policy", 41): 6}) == [7]
    assert numbers(speaks(1, "policy:night", sequence=9), last={("policy", 41): 6}) == [9]


def test_who_says_nothing_takes_no_number() -> None:
    silent = speaks(1, "policy:night", sequence=4)
    silent = Look(before=silent.before, after=silent.after)
    assert numbers(silent, speaks(2, "policy:night")) == [4, 1]
