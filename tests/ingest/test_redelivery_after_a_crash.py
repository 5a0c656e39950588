"""What comes again after a crash: nothing is counted twice, and nothing that was never committed is dropped."""

from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from ingest.message import Message
from ingest.redelivery import Committed, digest


def message(packet_id: int, payload: bytes = b"{}", *, repeated: bool = False) -> Message:
    return Message("pantau/v1/fp-001/telemetry", payload, len(payload), packet_id, 0, repeated=repeated)


def again(one: Message) -> Message:
    return message(one.packet_id, one.payload, repeated=True)


def test_a_second_delivery_is_known_and_a_first_one_never_is() -> None:
    committed = Committed(10).after([message(1)], [message(1)])
    assert committed.has(again(message(1)))
    assert not committed.has(message(1))


def test_another_message_under_the_same_identifier_is_not_known() -> None:
    committed = Committed(10).after([message(1)], [message(1)])
    assert not committed.has(again(message(1, b"other")))
    other_topic = Message("pantau/v1/fp-002/telemetry", b"{}", 2, 1, 0, repeated=True)
    assert not committed.has(other_topic)


def test_a_message_is_forgotten_once_as_many_came_after_it_as_may_be_in_flight() -> None:
    """Also where none of those needs to be remembered: its identifier will be another message's."""
    committed = Committed(3).after([message(1)], [message(1)])
    timed = [message(n, b"timed") for n in range(2, 5)]
    assert committed.after(timed[:2], []).has(again(message(1)))
    assert not committed.after(timed, []).has(again(message(1)))


def test_what_came_again_is_kept_for_as_long_as_its_place_in_the_batch_says() -> None:
    """Counted apart from the fresh ones before it, it would be forgotten while the broker may still send it."""
    committed = Committed(4, {2: digest(message(2))})
    came = [message(1, b"timed", repeated=True), again(message(2)), message(3), message(4)]
    fresh = [came[0], *came[2:]]
    committed = committed.after([came[1]], [came[1]], to_come=len(fresh)).after(fresh, came[2:])
    assert committed.after([message(5)], [message(5)]).has(again(message(2)))


def test_what_is_known_stays_bounded() -> None:
    committed = Committed(100)
    for start in range(1, 2_000, 10):
        batch = [message(packet_id) for packet_id in range(start, start + 10)]
        committed = committed.after(batch, batch)
    assert len(committed.packets()) == len(committed.digests()) == 100


def test_batches_that_leave_nothing_to_remember_cost_nothing() -> None:
    committed = Committed(10)
    assert committed.after([message(1)], []) is committed


def test_at_qos_0_nothing_is_remembered_for_nothing_comes_again() -> None:
    committed = Committed(10)
    assert committed.after([message(0)], [message(0)]) is committed


def test_it_survives_being_written_down_and_read_again() -> None:
    batch = [message(packet_id, b"%d" % packet_id) for packet_id in (3, 1, 2)]
    committed = Committed(10).after(batch, batch)
    read = Committed(10, dict(zip(committed.packets(), committed.digests(), strict=True)))
    assert all(read.has(again(one)) for one in batch)


RECEIVE_MAXIMUM = 4
IDENTIFIERS = 17
WORD = b"said again and again"


class BrokerAndIngest(RuleBasedStateMachine):
    """A broker with few identifiers, devices with one word, and an ingest that dies at any moment.

    What ingest forgets when it dies is in `memory`, `received` and `acknowledgements`; the database keeps `stored`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.sent = 0
        self.unacknowledged: list[tuple[int, Message, bool]] = []  # number of the message, and whether it is timed
        self.received: list[tuple[int, Message, bool]] = []
        self.acknowledgements: list[int] = []  # on their way to the broker, in order
        self.memory = Committed(RECEIVE_MAXIMUM)
        self.stored: tuple[list[int], list[int]] = ([], [])
        self.rows: Counter[int] = Counter()

    @rule(timed=st.booleans())
    def a_device_speaks(self, *, timed: bool) -> None:
        if len(self.unacknowledged) == RECEIVE_MAXIMUM:
            return
        payload = b"%d" % self.sent if timed else WORD
        delivered = (self.sent, message(self.sent % IDENTIFIERS + 1, payload), timed)
        self.sent += 1
        self.unacknowledged.append(delivered)
        self.received.append(delivered)

    @rule(count=st.integers(0, IDENTIFIERS))
    def all_is_well_for_a_while(self, count: int) -> None:
        for _ in range(count):
            self.a_device_speaks(timed=True)
            self.commit(self.received)
            self.acknowledged(len(self.acknowledgements))

    @precondition(lambda self: self.received)
    @rule(data=st.data(), killed=st.booleans())
    def ingest_commits_a_batch(self, data: st.DataObject, *, killed: bool) -> None:
        self.commit(self.received[: data.draw(st.integers(1, len(self.received)))])
        if killed:
            self.ingest_dies_before_it_acknowledges()

    @precondition(lambda self: self.acknowledgements)
    @rule(data=st.data())
    def acknowledgements_reach_the_broker(self, data: st.DataObject) -> None:
        self.acknowledged(data.draw(st.integers(1, len(self.acknowledgements))))

    @rule()
    def ingest_dies_before_it_acknowledges(self) -> None:
        self.acknowledgements = []
        self.memory = Committed(RECEIVE_MAXIMUM, dict(zip(*self.stored, strict=True)))
        self.unacknowledged = [(number, again(one), timed) for number, one, timed in self.unacknowledged]
        self.received = list(self.unacknowledged)

    def commit(self, batch: list[tuple[int, Message, bool]]) -> None:
        """As worker.py does it."""
        repeated = [one for _, one, _ in batch if self.memory.has(one)]
        fresh = [delivered for delivered in batch if not self.memory.has(delivered[1])]
        memory = self.memory.after(repeated, repeated, to_come=len(fresh))
        self.memory = memory.after([one for _, one, _ in fresh], [one for _, one, timed in fresh if not timed])
        if fresh and self.memory is not memory:
            self.stored = self.memory.packets(), self.memory.digests()
        self.rows.update(number for number, _, timed in fresh if not (timed and self.rows[number]))
        self.received = self.received[len(batch) :]
        self.acknowledgements += [number for number, _, _ in batch]

    def acknowledged(self, count: int) -> None:
        reached, self.acknowledgements = set(self.acknowledgements[:count]), self.acknowledgements[count:]
        self.unacknowledged = [one for one in self.unacknowledged if one[0] not in reached]

    @invariant()
    def nothing_is_lost_and_nothing_is_twice(self) -> None:
        assert all(count == 1 for count in self.rows.values())
        waiting = {number for number, _, _ in self.unacknowledged}
        assert all(self.rows[number] for number in range(self.sent) if number not in waiting)


TestBrokerAndIngest = BrokerAndIngest.TestCase
TestBrokerAndIngest.settings = settings(max_examples=120, stateful_step_count=30)
