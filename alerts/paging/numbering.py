"""Pure: which number a message bears. One number is one message, and what is sent again bears the same.

All that people are told of an incident is numbered through, whichever groups tell of it: several do where a route
groups by something else, where several policies are followed, and where two incidents turned out to be one. Whoever saw
a number twice would take the second for a double. A channel of its own counts for itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from alerts.paging.look import Look
from alerts.paging.route import Receiver

# Who counts ("policy" for all people), and the number of the incident.
Counter = tuple[str, int]


def counter(receiver: Receiver, incident: int) -> Counter:
    return (receiver.kind if receiver.kind == "policy" else str(receiver), incident)


def numbered(looks: Sequence[Look], incidents: Mapping[int, int], last: Mapping[Counter, int]) -> list[Look]:
    """The looks, with the numbers of what they say. `incidents`: what the groups that speak tell of."""
    last = dict(last)
    found = []
    for look in looks:
        group = look.after.group
        if look.speaks and group.id in incidents:
            counted = counter(group.receiver, incidents[group.id])
            last[counted] = max(group.sequence, last.get(counted, 0) + 1)
            group = replace(group, sequence=last[counted])
        found.append(replace(look, after=replace(look.after, group=group)))
    return found
