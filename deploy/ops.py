"""Each process's own door: /healthz, /readyz and /metrics, without a token, on the loopback unless told otherwise."""

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

# Part of the process to the reason why it is not ready; None where it is. Its parts write it, /readyz reads it.
Ready = dict[str, str | None]
NOT_YET = "not reached yet"


def ops_app(ready: Ready) -> Starlette:
    async def healthz(_request: Request) -> JSONResponse:
        return JSONResponse({"status": "ok"})

    async def readyz(_request: Request) -> JSONResponse:
        missing = {part: why for part, why in ready.items() if why is not None}
        return JSONResponse({"ready": not missing, "missing": missing}, status_code=503 if missing else 200)

    async def metrics(_request: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return Starlette(routes=[Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)])
