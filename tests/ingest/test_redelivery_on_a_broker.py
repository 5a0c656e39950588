"""What is known of an old session is not held against a new one."""

from ingest.message import Message
from ingest.redelivery import Committed, digest
from tests.centre import Centre, ingesting


async def test_of_a_session_that_the_broker_forgot_nothing_stays_known(centre: Centre) -> None:
    """Packet identifiers begin at 1 again: the next `{"on_mains": 1}` would pass for one of the old ones."""
    said = Message(f"{centre.grammar.root}/fp-001/telemetry", b'{"on_mains": 1}', 15, 1, 0)
    known = Committed(10, {2: digest(said), 77: 5})
    await centre.rows(
        "insert into delivery (client_id, packets, digests) values (%s, %s, %s) returning 1",
        f"{centre.grammar.root}-1",
        known.packets(),
        known.digests(),
    )
    async with ingesting(centre):
        await centre.publish("fp-001", '{"on_mains": 1}')
        await centre.until("select packets, digests from delivery", ([1], [digest(said)]))
    centre.ready["broker"] = "waiting"
    async with ingesting(centre):  # the broker kept this one: what is known stays
        await centre.publish("fp-002", '{"on_mains": 1}')
        await centre.until("select array_length(packets, 1), digests[1] from delivery", (2, digest(said)))
