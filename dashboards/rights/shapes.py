"""The shapes of accounts, tokens and the audit log."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field

from dashboards.parameters import TEXT_MAX, storable
from dashboards.rights.accounts import PASSWORD_MAX, PASSWORD_MIN
from dashboards.rights.naming import NAME_MAX, sound_name
from dashboards.roles import RoleWord

Name = Annotated[str, AfterValidator(sound_name), Field(min_length=1, max_length=NAME_MAX)]
TechnicianId = Annotated[str, AfterValidator(storable), Field(min_length=1, max_length=TEXT_MAX)]
NewPassword = Annotated[str, Field(min_length=PASSWORD_MIN, max_length=PASSWORD_MAX)]


class AccountShape(BaseModel):
    """Somebody who may sign in: here with a password, or at the provider of [dashboards.oidc].

    `technician`: the id of the technician they are, as an admin said; null for nobody.
    """

    name: str
    role: RoleWord
    signs_in: Literal["password", "provider"]
    technician: str | None
    created_at: datetime
    sessions: int


class Accounts(BaseModel):
    items: list[AccountShape]
    next: str | None


class AccountWish(BaseModel, extra="forbid"):
    """A new password ends every session of the account; without one, who is there keeps theirs."""

    role: RoleWord
    password: NewPassword | None = None


class TechnicianWish(BaseModel, extra="forbid"):
    """`technician`: an id of the list of technicians, or null for nobody."""

    technician: TechnicianId | None


class PasswordWish(BaseModel, extra="forbid"):
    old: Annotated[str, Field(max_length=PASSWORD_MAX)]
    new: NewPassword


class TokenShape(BaseModel):
    """A token without its secret, which nobody has any more. `kiosks`: how many screens live from it."""

    name: str
    role: RoleWord
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    kiosks: int


class Tokens(BaseModel):
    items: list[TokenShape]
    next: str | None


class TokenWish(BaseModel, extra="forbid"):
    name: Name
    role: RoleWord


class NewToken(BaseModel):
    """The one answer that has the secret."""

    name: str
    role: RoleWord
    token: str


class AuditLine(BaseModel):
    """A change: by whom, from which address (or `cli`), what, to what."""

    id: int
    at: datetime
    who: str
    origin: str
    action: str
    subject: str
    detail: dict[str, Any]


class AuditLines(BaseModel):
    items: list[AuditLine]
    next: str | None
