"""What all channels have in common in city.toml: a name, and secrets that may stand in files of their own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, model_validator

from alerts.rules.terms import Name

# Over well before the lease of a message ends.
LONGEST_TIMEOUT_SECONDS = 15.0
TimeoutSeconds: TypeAlias = Annotated[float, Field(gt=0, le=LONGEST_TIMEOUT_SECONDS)]
TIMEOUT_SECONDS = 10.0


def _folder(info: ValidationInfo) -> Path:
    """Where city.toml is: the validation's context `folder`."""
    return Path((info.context or {}).get("folder", "."))


# A file beside city.toml, or an absolute path.
BesideCity: TypeAlias = Annotated[Path, AfterValidator(lambda path, info: _folder(info) / path)]


class ChannelSettings(BaseModel):
    """Every key of `SECRETS` may be given as KEY_file instead: a file beside city.toml, or an absolute path."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    SECRETS: ClassVar[tuple[str, ...]] = ()

    name: Name

    @property
    def ear(self) -> str | None:
        """Where replies are heard, which one channel alone may do; it may be a secret. None where nobody can reply."""
        return None

    @model_validator(mode="before")
    @classmethod
    def _from_files(cls, given: Any, info: ValidationInfo) -> Any:  # noqa: ANN401  whatever stands in the file
        if not isinstance(given, Mapping):
            return given
        filed = {key: given[f"{key}_file"] for key in cls.SECRETS if f"{key}_file" in given}
        if twice := [key for key in filed if key in given]:
            raise ValueError(f"give {twice[0]} or {twice[0]}_file, not both")
        rest = {key: value for key, value in given.items() if key.removesuffix("_file") not in filed}
        return rest | {key: _content(f"{key}_file", _folder(info), file) for key, file in filed.items()}


def _content(key: str, folder: Path, file: object) -> str:
    """The file without its last line's end. Raises ValueError, which shows nothing of what is in it."""
    if not isinstance(file, str):
        raise ValueError(f"{key}: must be the name of a file")  # noqa: TRY004  pydantic wants a ValueError
    try:
        content = (folder / file).read_text("utf-8").strip()
    except OSError as fault:
        raise ValueError(f"{key}: {file} cannot be read: {fault.strerror}") from fault
    except UnicodeDecodeError:
        raise ValueError(f"{key}: {file} is not UTF-8") from None  # the error holds the file's bytes
    if not content:
        raise ValueError(f"{key}: {file} is empty")
    return content
