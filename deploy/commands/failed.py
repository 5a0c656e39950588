"""How a command says no."""


class FailedError(Exception):
    """The command could not do its work; the message is all that the person at the terminal sees. Exit code 1."""
