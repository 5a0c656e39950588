"""The [dashboards] section of city.toml."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field

from dashboards.geography.settings import MapSettings
from dashboards.rights.provider.settings import ProviderSettings
from devices.kinds import KINDS

Scene = Literal["network", "cameras", "environment", "incidents"]


def _kind(name: str) -> str:
    if name not in KINDS:
        raise ValueError(f"no kind of device is called {name}; known are {', '.join(KINDS)}")
    return name


Kind = Annotated[str, AfterValidator(_kind)]


class WallSettings(BaseModel, frozen=True, extra="forbid"):
    """[dashboards.wall]: what the wall shows in turn."""

    scenes: Annotated[tuple[Scene, ...], Field(min_length=1)] = ("network", "cameras", "environment", "incidents")
    scene_seconds: float = Field(default=30.0, ge=5, le=3_600)
    # Whose readings are the river's, and whose the air's.
    river_kinds: tuple[Kind, ...] = ("water_level",)
    air_kinds: tuple[Kind, ...] = ("air_quality",)


class DashboardsSettings(BaseModel, frozen=True, extra="forbid"):
    """What a city may choose about its screens. Times are seconds unless their name says otherwise."""

    title: str = "Pantau"
    language: Literal["id", "en"] = "id"
    time_zone: str = "Asia/Jakarta"
    zone_label: str = "WIB"
    map: MapSettings = MapSettings()
    wall: WallSettings = WallSettings()
    # A camera's frame older than this is not served.
    frame_fresh_seconds: float = Field(default=20.0, gt=0)
    # How often a camera's stream looks for a new frame.
    stream_poll_seconds: float = Field(default=0.5, gt=0)
    # Open streams of camera pictures, over all cameras: a wall of twenty is twenty.
    viewers_max: int = Field(default=100, gt=0)
    # Of these with one account, token or screen.
    viewers_of_one_max: int = Field(default=40, gt=0)
    # How long it is kept who looked at which camera.
    frame_access_days: int = Field(default=365, ge=1, le=36_500)
    # How long photos that technicians took are kept; they may show people.
    photo_days: Annotated[int, Field(ge=1, le=36_500)] | Literal["forever"] = 90
    # No alert may be silenced for longer at a time.
    silence_max_hours: float = Field(default=24.0, gt=0, le=8_784)
    # No reading from any device for so long: we are blind.
    blind_after_seconds: float = Field(default=60.0, gt=0)
    # The engine says every second how far it has judged. Silent for so long, what it stored is not believed any more.
    judged_fresh_seconds: float = Field(default=15.0, gt=0)
    heartbeat_seconds: float = Field(default=5.0, gt=0)
    # The live reader looks when it is told that something changed, so long after its last look at least.
    look_seconds: float = Field(default=0.15, ge=0)
    # Of each device readings are told at most once in this time, the newest; states, alerts and incidents at once.
    coalesce_seconds: float = Field(default=1.0, ge=0)
    # A client that falls so many messages behind is given a fresh snapshot instead.
    client_queue: int = Field(default=5_000, gt=0)
    clients_max: int = Field(default=600, gt=0)
    # Of these with one account, token or screen: a program that opens ever more must not take the wall's place.
    clients_of_one_max: int = Field(default=60, gt=0)
    # Messages kept for `Last-Event-ID`.
    resume_messages: int = Field(default=10_000, gt=0)
    session_hours: float = Field(default=12.0, gt=0)
    # Where people may sign in with an account of their organisation.
    oidc: ProviderSettings | None = None
    # So long after its last use a phone that is to be remembered must sign in again. No browser keeps a cookie longer.
    phone_session_days: float = Field(default=30.0, gt=0, le=400)
    # How long a request waits for a connection to the database before it is answered with 503.
    database_wait_seconds: float = Field(default=5.0, gt=0)
