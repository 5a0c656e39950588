"""Tiles for the map, made here: one that covers the whole world, and a PMTiles file of nothing but that.

PMTiles 3: github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md. Vector tiles 2.1: github.com/mapbox/vector-tile-spec.
"""

import json
import struct
from enum import IntEnum

import cv2
import numpy as np

EXTENT = 4_096
# Field numbers of the vector tile's messages, and the wire types of Protocol Buffers.
VARINT, BYTES = 0, 2
POLYGON = 3
MOVE_TO, LINE_TO, CLOSE = 1, 2, 7


class Kind(IntEnum):
    """What is in a tile (PMTiles, section 3.2, "Tile Type")."""

    VECTOR = 1
    RASTER = 2


def varint(number: int) -> bytes:
    """Little end first, seven bits at a time."""
    head, rest = number & 0x7F, number >> 7
    return bytes([head]) if rest == 0 else bytes([head | 0x80]) + varint(rest)


def _number(field: int, value: int) -> bytes:
    return varint(field << 3 | VARINT) + varint(value)


def _bytes(field: int, value: bytes) -> bytes:
    return varint(field << 3 | BYTES) + varint(len(value)) + value


def water() -> bytes:
    """A vector tile that is water from one edge to the other."""
    steps = ((0, 0), (EXTENT, 0), (0, EXTENT), (-EXTENT, 0))
    (start, *lines) = (b"".join(varint(_zigzag(way)) for way in step) for step in steps)
    ring = (
        varint(1 << 3 | MOVE_TO) + start + varint(len(lines) << 3 | LINE_TO) + b"".join(lines) + varint(1 << 3 | CLOSE)
    )
    feature = _number(3, POLYGON) + _bytes(4, ring)
    return _bytes(3, _number(15, 2) + _bytes(1, b"water") + _bytes(2, feature) + _number(5, EXTENT))


def _zigzag(number: int) -> int:
    return number << 1 ^ number >> 31


def snow() -> bytes:
    """A picture tile, white."""
    _, png = cv2.imencode(".png", np.full((256, 256, 3), 255, np.uint8))
    return png.tobytes()


def archive(tile: bytes, kind: Kind) -> bytes:
    """The tile of zoom 0, uncompressed, in a file: header, root directory, metadata, no leaves, tiles."""
    # One entry: its id, how many tiles it stands for, its length, and its offset, put up by one.
    root = b"".join(map(varint, (1, 0, 1, len(tile), 1)))
    told = json.dumps({"vector_layers": [{"id": "water", "fields": {}}]} if kind is Kind.VECTOR else {}).encode()
    begins = [127, 127 + len(root), 127 + len(root) + len(told)]
    header = b"PMTiles\x03" + struct.pack(
        "<11Q6B4iB2i",
        *(begins[0], len(root), begins[1], len(told), begins[2], 0, begins[2], len(tile)),
        *(1, 1, 1),  # tiles that can be asked for, entries, tiles of different contents
        *(1, 1, 1, kind, 0, 0),  # clustered, compression of directories and of tiles: none; zooms from 0 to 0
        *(-1_800_000_000, -850_000_000, 1_800_000_000, 850_000_000, 0, 0, 0),
    )
    return header + root + told + tile
