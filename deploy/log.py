"""One line per event on standard error, in the form journald and Docker keep."""

import logging


def to_stderr() -> None:
    logging.basicConfig(
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        datefmt="%Y-%m-%dT%H:%M:%S%z",
    )
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    # A pool repeats itself in every part of a process; supervise.py tells each failure once.
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
    # Apprise tells of its failures with what its URLs hold; that it failed is in the outbox.
    logging.getLogger("apprise").setLevel(logging.CRITICAL)
    # httpx tells of every request, with the address, which may hold a secret.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    # apprise quotes URLs that it cannot read, with the token in them; what it could not do is in the outbox.
    logging.getLogger("apprise").setLevel(logging.CRITICAL)
