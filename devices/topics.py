"""The topic grammar, both ways: `{root}/{device}/{channel}`."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from devices.device import DEVICE_ID

ROOT = "pantau/v1"


class Channel(StrEnum):
    TELEMETRY = "telemetry"
    STATUS = "status"
    EVENT = "event"


# A dict, because Python 3.11 answers `"text" in Channel` with a TypeError, and Channel("text") costs an exception.
CHANNELS: Mapping[str, Channel] = {channel.value: channel for channel in Channel}


@dataclass(frozen=True, slots=True)
class Topic:
    device: str
    channel: Channel


@dataclass(frozen=True, slots=True)
class Grammar:
    """Topics under one root, `pantau/v1` unless the city says otherwise."""

    root: str = ROOT

    def format(self, device: str, channel: Channel) -> str:
        return f"{self.root}/{device}/{channel}"

    def parse(self, topic: str) -> Topic | None:
        """The device and channel of a topic, or None where it is not of this grammar."""
        if not topic.startswith(f"{self.root}/"):
            return None
        device, _, name = topic[len(self.root) + 1 :].partition("/")
        channel = CHANNELS.get(name)
        if channel is None or not DEVICE_ID.fullmatch(device):
            return None
        return Topic(device, channel)

    def filters(self) -> tuple[str, ...]:
        """The MQTT topic filters that together match every topic of this grammar."""
        return tuple(f"{self.root}/+/{channel}" for channel in Channel)
