"""What somebody waiting for a long step is told."""

import sys


def say(line: str) -> None:
    sys.stderr.write(f"local servers: {line}\n")
    sys.stderr.flush()
