"""The one way in which the local servers fail."""


class LocalServerError(Exception):
    """A local server cannot be had; the message is one line that says what is wrong and what to do."""
