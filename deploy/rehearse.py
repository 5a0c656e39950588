"""What the demo adds to a city beside whose settings a folder `rehearsal` stands: people on call, and mishaps.

`paging.toml` is read behind city.toml; `technicians.json` and `rotas.json` are what an operator would PUT to the API,
where nobody stands yet; `scenario.toml` is what breaks. The channel ends at telephones that are played on this machine.
"""

from collections.abc import MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx
import msgspec

from deploy.commands.failed import FailedError
from deploy.listen import Address
from deploy.local.ports import free_port
from deploy.settings import Settings

FOLDER = "rehearsal"
CHANNEL = "sms"
GATEWAY = "GATEWAY"
# In this order: a rota names technicians.
LISTS = ("technicians", "rotas")
# A machine that has just begun to play a city may be slow to answer.
ANSWER_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """The folder, and where the gateway of the played telephones listens."""

    folder: Path
    gateway: Address

    @classmethod
    def beside(cls, config: Path) -> Self | None:
        """None where the city has no such folder."""
        folder = config.parent / FOLDER
        return cls(folder=folder, gateway=Address("127.0.0.1", free_port(), "nothing")) if folder.is_dir() else None

    @property
    def scenario(self) -> Path:
        return self.folder / "scenario.toml"

    @property
    def technician(self) -> str:
        """The id of the first of them: whose telephone a visitor may open."""
        return str(self._list("technicians")["items"][0]["id"])

    def add_paging(self, environ: MutableMapping[str, str], settings: Settings) -> None:
        """From now on `environ` names paging.toml too, as it is with the gateway's address, in the data folder."""
        file = settings.data_dir / "paging.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text((self.folder / file.name).read_text("utf-8").replace(GATEWAY, str(self.gateway)), "utf-8")
        environ["PANTAU_CONFIG"] = ":".join(map(str, (*settings.text.files, file)))

    async def call_up(self, url: str, token: str) -> None:
        """Put the people on call, through the API, where there are none. Raises FailedError for what it refuses."""
        async with httpx.AsyncClient(
            base_url=f"{url}/api/v1/oncall", headers=_bearer(token), timeout=ANSWER_SECONDS
        ) as api:
            for name in LISTS:
                if not (await api.get(f"/{name}")).raise_for_status().json()["items"]:
                    answer = await api.put(f"/{name}", json=self._list(name))
                    if answer.is_error:
                        raise FailedError(f"{self.folder / name}.json: {answer.text}")

    def _list(self, name: str) -> dict[str, Any]:
        return msgspec.json.decode((self.folder / f"{name}.json").read_bytes(), type=dict[str, Any])


async def pass_on(url: str, token: str, number: str, text: str) -> None:
    """As a gateway passes on what somebody answered. Raises OSError."""
    async with httpx.AsyncClient(headers=_bearer(token), timeout=ANSWER_SECONDS) as api:
        try:
            answer = await api.post(f"{url}/api/v1/replies/{CHANNEL}", json={"from": number, "text": text})
            answer.raise_for_status()
        except httpx.HTTPError as fault:
            raise OSError(str(fault)) from fault


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
