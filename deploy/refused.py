"""How settings are refused: all that is wrong at once, so that they are mended once."""


class RefusedError(Exception):
    """Settings or arguments that cannot be: one line per fault, each saying where and why. Exit code 2."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Faults:
    """Collects what is refused, block by block, so that one start shows every fault."""

    def __init__(self) -> None:
        self._faults: list[str] = []

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, fault: BaseException | None, _trace: object) -> bool:
        if not isinstance(fault, RefusedError):
            return False
        self._faults.extend(fault.faults)
        return True

    def refuse(self) -> None:
        """Raise RefusedError where there was any fault."""
        if self._faults:
            raise RefusedError(self._faults)
