"""Every route of this process, with the least role that may use it: the one place where rights are given."""

from dashboards import (
    alerts_api,
    availability_api,
    devices_api,
    explain_api,
    health_api,
    incidents_api,
    live_api,
    login,
    maintenance_api,
    map_api,
    openapi_api,
    page,
    pages,
    readings_api,
    rejected_api,
    replies_api,
    rules_api,
    states_api,
    summary_api,
    unknown_api,
)
from dashboards.cameras import access_api, frame_api, kept_api, list_api, mosaic_api, stream_api
from dashboards.cameras.multipart import MEDIA_TYPE as MJPEG
from dashboards.cameras.picture_answer import JPEG
from dashboards.roles import Role
from dashboards.routing import Route, delete, get, post, put

OPEN = None
WALL, TECHNICIAN, OPERATOR, ADMIN = Role.WALL, Role.TECHNICIAN, Role.OPERATOR, Role.ADMIN
V1 = "/api/v1"

ROUTES: tuple[Route, ...] = (
    get("/healthz", OPEN, health_api.alive),
    get("/readyz", OPEN, health_api.ready),
    get("/login", OPEN, login.login_page, documented=False),
    get("/login/style.css", OPEN, pages.login_style, documented=False),
    get("/login/icon.svg", OPEN, pages.login_icon, documented=False),
    post("/login", OPEN, login.login, documented=False),
    post("/logout", WALL, login.logout, documented=False),
    get("/", WALL, page.first_page, page=True, documented=False),
    get("/static/{name}", WALL, pages.asset, documented=False),
    get("/api/openapi.json", WALL, openapi_api.openapi, documented=False),
    get(f"{V1}/summary", WALL, summary_api.summary),
    get(f"{V1}/devices", WALL, devices_api.devices),
    get(f"{V1}/devices/{{id}}", WALL, devices_api.device),
    get(f"{V1}/devices/{{id}}/readings", WALL, readings_api.readings),
    get(f"{V1}/devices/{{id}}/states", WALL, states_api.states),
    get(f"{V1}/devices/{{id}}/affected", WALL, explain_api.affected),
    get(f"{V1}/devices/{{id}}/explain", WALL, explain_api.explanation),
    get(f"{V1}/availability", WALL, availability_api.availability),
    get(f"{V1}/availability.csv", WALL, availability_api.availability_csv, media=availability_api.CSV),
    get(f"{V1}/blind", WALL, states_api.blind),
    get(f"{V1}/map.geojson", WALL, map_api.geojson, media=map_api.MEDIA_TYPE),
    get(f"{V1}/alerts", WALL, alerts_api.alerts),
    get(f"{V1}/alerts/{{id}}", WALL, alerts_api.alert),
    get(f"{V1}/incidents", WALL, incidents_api.incidents),
    get(f"{V1}/incidents/{{id}}", WALL, incidents_api.incident),
    get(f"{V1}/maintenance", WALL, maintenance_api.maintenances),
    post(f"{V1}/maintenance", OPERATOR, maintenance_api.announce, status=201),
    delete(f"{V1}/maintenance/{{id}}", OPERATOR, maintenance_api.remove),
    post(f"{V1}/replies/{{channel}}", TECHNICIAN, replies_api.hear, status=202),
    get(f"{V1}/rules", WALL, rules_api.rules),
    post(f"{V1}/rules", OPERATOR, rules_api.add, status=201),
    get(f"{V1}/rules/{{name}}", WALL, rules_api.rule),
    put(f"{V1}/rules/{{name}}", OPERATOR, rules_api.change),
    delete(f"{V1}/rules/{{name}}", OPERATOR, rules_api.remove),
    get(f"{V1}/cameras", WALL, list_api.cameras),
    get(f"{V1}/cameras/{{id}}/frame.jpg", WALL, frame_api.frame, media=JPEG),
    get(f"{V1}/cameras/{{id}}/frames", WALL, kept_api.frames),
    get(f"{V1}/cameras/{{id}}/frames/{{name}}.jpg", WALL, kept_api.kept_frame, media=JPEG),
    get(f"{V1}/cameras/{{id}}/stream.mjpg", WALL, stream_api.stream, media=MJPEG),
    get(f"{V1}/mosaic.jpg", WALL, mosaic_api.mosaic, media=JPEG),
    get(f"{V1}/frame-access", ADMIN, access_api.frame_access),
    get(f"{V1}/rejected", WALL, rejected_api.rejected),
    get(f"{V1}/unknown-devices", WALL, unknown_api.unknown_devices),
    post(f"{V1}/unknown-devices/{{device}}/adopt", OPERATOR, unknown_api.adopt, status=201),
    get(f"{V1}/events", WALL, live_api.events, media="text/event-stream"),
)
