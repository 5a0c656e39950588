"""Cameras that we did not write: GStreamer's RTSP server, run by the system's Python, which has its bindings.

Reads a password as the first line of its standard input, prints the addresses of its servers as one line of JSON and
serves until its standard input is closed. The servers: "open" to all, "basic" and "digest" for admin with the password.
"""

import json
import sys
import threading

import gi  # type: ignore[import-not-found]  # the system's

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")

from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # type: ignore[import-not-found] # noqa: E402  versions first

LIVE = "videotestsrc is-live=true pattern=smpte ! video/x-raw,width=320,height=180,framerate=20/1"
H264 = "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=20"
H265 = "x265enc tune=zerolatency speed-preset=ultrafast key-int-max=20"
SOUND = "audiotestsrc is-live=true wave=silence ! alawenc ! rtppcmapay pt=8"
MOUNTS = {
    "/h264": f"( {LIVE} ! {H264} ! rtph264pay name=pay0 pt=96 )",
    "/h265": f"( {LIVE} ! {H265} ! rtph265pay name=pay0 pt=96 )",
    "/both": f"( {LIVE} ! {H264} ! rtph264pay name=pay0 pt=96 {SOUND} name=pay1 )",
    "/sound": f"( {SOUND} name=pay0 )",
    "/broken": "( videotestsrc ! nosuchelement ! rtph264pay name=pay0 )",
}
METHODS = {"basic": GstRtsp.RTSPAuthMethod.BASIC, "digest": GstRtsp.RTSPAuthMethod.DIGEST}


def server(auth: GstRtspServer.RTSPAuth | None) -> GstRtspServer.RTSPServer:
    serving = GstRtspServer.RTSPServer()
    serving.set_address("127.0.0.1")
    serving.set_service("0")
    if auth is not None:
        serving.set_auth(auth)
    for path, launch in MOUNTS.items():
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(launch)
        factory.set_shared(True)
        if auth is not None:
            permissions = GstRtspServer.RTSPPermissions()
            permissions.add_permission_for_role("viewer", "media.factory.access", True)
            permissions.add_permission_for_role("viewer", "media.factory.construct", True)
            factory.set_permissions(permissions)
        serving.get_mount_points().add_factory(path, factory)
    serving.attach(None)
    return serving


def guard(method: str, password: str) -> GstRtspServer.RTSPAuth:
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(METHODS[method])
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    if method == "basic":
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic("admin", password), token)
    else:
        auth.add_digest("admin", password, token)
    return auth


def main(password: str) -> None:
    Gst.init(None)
    servers = {"open": server(None), **{method: server(guard(method, password)) for method in METHODS}}
    addresses = {name: f"rtsp://127.0.0.1:{serving.get_bound_port()}" for name, serving in servers.items()}
    loop = GLib.MainLoop()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
    sys.stdout.write(json.dumps(addresses) + "\n")
    sys.stdout.flush()
    loop.run()


main(sys.stdin.readline().strip())
