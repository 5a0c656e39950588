#!/bin/sh
# make setup: Debian's packages, the Python environment from uv.lock, the servers' files, the pages. Safe to interrupt and repeat.
set -eu
cd "$(dirname "$0")/../.."

UV_VERSION=0.13.9
# What the servers' files are built with, and what tests check with: systemd-analyze, ffprobe, a browser with letters, an RTSP
# server that is not ours.
PACKAGES="python3-venv mmdebstrap bubblewrap systemd ffmpeg chromium fonts-dejavu-core
    gir1.2-gst-rtsp-server-1.0 python3-gi gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad
    gstreamer1.0-plugins-ugly"
# Programs wanted without the service that their package would start: unpacked beside, found through the Makefile's PATH.
UNPACKED="prometheus prometheus-alertmanager"
# Trust what the machine trusts, as apt and pip do: uv's own list lacks the certificate of a network that opens TLS.
export UV_SYSTEM_CERTS=true

say() { printf 'setup: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

stamp=.local/setup-$(cat uv.lock pyproject.toml deploy/local/*.py deploy/local/setup.sh | sha256sum | cut -c1-16)
[ -e "$stamp" ] && [ -x .venv/bin/pantau ] && exec sh deploy/local/pages.sh

command -v python3 >/dev/null || fail "python3 is missing: apt-get install python3 python3-venv"
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "python3 is $(python3 -V 2>&1 | cut -d' ' -f2), and 3.11 or later is needed"
[ "$(df -Pk . | awk 'NR == 2 { print $4 }')" -gt 3000000 ] || fail "less than 3 GB are free here: make room and try again"

mkdir -p .local/tools
missing=""
for package in $PACKAGES; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
done
if [ -n "$missing" ]; then
    [ "$(id -u)" = 0 ] || fail "as root, once: apt-get update && apt-get install --no-install-recommends$missing"
    say "installing$missing, once: some minutes"
    apt-get update -qq >&2 || fail "Debian's packages cannot be listed: is there a network?"
    # A fresh machine may still be installing its own updates: wait for the lock.
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 install -y -qq --no-install-recommends $missing \
        >/dev/null 2>.local/apt.log ||
        { cat .local/apt.log >&2; fail "apt-get install$missing failed: see above"; }
fi

for package in $UNPACKED; do
    [ -e ".local/tools/$package.unpacked" ] && continue
    say "unpacking $package"
    (cd .local/tools && apt-get download -qq -o APT::Sandbox::User=root "$package" >&2 && dpkg -x "$package"_*.deb . && rm -f "$package"_*.deb) ||
        fail "apt-get download $package failed: as root, once: apt-get update"
    touch ".local/tools/$package.unpacked"
done

if ! .local/uv/bin/uv --version 2>/dev/null | grep -q "^uv $UV_VERSION"; then
    say "uv $UV_VERSION"
    rm -rf .local/uv
    python3 -m venv .local/uv || fail "python3 -m venv failed: apt-get install python3-venv"
    .local/uv/bin/pip install -q --disable-pip-version-check "uv==$UV_VERSION" ||
        fail "uv cannot be installed: is there a network?"
fi
say "the Python environment"
.local/uv/bin/uv sync --frozen -q || fail "uv sync failed: is there a network?"
say "the servers' files"
.venv/bin/python -m deploy.local setup
rm -f .local/setup-*
touch "$stamp"
sh deploy/local/pages.sh
