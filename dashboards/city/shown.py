"""Pure: the city's settings as people are shown them: each with whether it is the default, and no secret among them.

Of a section every key is shown; of a list, such as the rules, each entry with what is written of it. Of a channel only
its kind and which keys it has: what stands in one may be a secret even where nobody marked it so.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, Secret, SecretBytes, SecretStr
from pydantic.fields import FieldInfo

from devices.secrecy import secret_fault

UNSHOWN = frozenset({"channels"})


class SettingShape(BaseModel):
    """`default`: nothing else is written in city.toml. `secret`: the value is kept to itself, and null."""

    key: str
    value: Any
    default: bool
    secret: bool


class SettingsSection(BaseModel):
    """As in city.toml: `dashboards.map` is [dashboards.map]."""

    name: str
    items: list[SettingShape]


class SettingsShape(BaseModel):
    sections: list[SettingsSection]


def sections_of(settings: BaseModel, name: str = "") -> Iterator[SettingsSection]:
    """A section with what stands in it, if anything does, and then those below it."""
    items: list[SettingShape] = []
    below: list[SettingsSection] = []
    for field, info in type(settings).model_fields.items():
        key = info.alias or field
        path = f"{name}.{key}" if name else key
        value = getattr(settings, field)
        if isinstance(value, BaseModel):
            below += sections_of(value, path)
        elif _of_models(value):
            below += _listed(path, value)
        elif not name:  # a list of the file's own, with nothing in it
            below.append(SettingsSection(name=path, items=[]))
        else:
            items.append(_item(settings, field, key, info))
    if items:
        yield SettingsSection(name=name, items=items)
    yield from below


def _of_models(value: object) -> bool:
    """Whether it is a list or a table of sections, and not empty."""
    found: Sequence[object] = []
    if isinstance(value, Mapping):
        found = list(value.values())
    elif isinstance(value, Sequence) and not isinstance(value, str):
        found = value
    return bool(found) and all(isinstance(one, BaseModel) for one in found)


def _listed(path: str, value: Mapping[str, BaseModel] | Sequence[BaseModel]) -> Iterator[SettingsSection]:
    if isinstance(value, Mapping):
        for key, section in value.items():
            yield from sections_of(section, f"{path}.{key}")
        return
    entries = [_entry(path, number, entry) for number, entry in enumerate(value, start=1)]
    yield SettingsSection(name=path, items=entries)


def _entry(path: str, number: int, entry: BaseModel) -> SettingShape:
    key = str(getattr(entry, "name", number))
    if path in UNSHOWN:
        shown: Any = {"kind": getattr(entry, "kind", None), "keys": sorted(entry.model_fields_set - {"name", "kind"})}
    else:
        shown = _clean(key, entry.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude={"name"}))
    return SettingShape(key=key, value=shown, default=False, secret=False)


def _item(settings: BaseModel, field: str, key: str, info: FieldInfo) -> SettingShape:
    default = field not in settings.model_fields_set
    value = getattr(settings, field)
    plain = settings.model_dump(mode="json", include={field}, by_alias=True).get(key)
    if not info.repr or isinstance(value, Secret | SecretStr | SecretBytes) or secret_fault(key, plain):
        return SettingShape(key=key, value=None, default=default, secret=value is not None)
    return SettingShape(key=key, value=plain, default=default, secret=False)


def _clean(key: str, value: Any) -> Any:  # noqa: ANN401  whatever JSON there is
    """The same without what would give a secret away: there is null instead."""
    if isinstance(value, dict):
        return {name: _clean(name, one) for name, one in value.items()}
    if isinstance(value, list):
        return [_clean(key, one) for one in value]
    return None if secret_fault(key, value) else value
