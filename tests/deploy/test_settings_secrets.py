"""Passwords come from the environment or from files, and are in nothing that anybody sees."""

import traceback
from pathlib import Path

import pytest

from deploy.oidc_secret import oidc_secret
from deploy.refused import RefusedError
from deploy.server_urls import BROKER, DATABASE, OIDC_SECRET, SERVERS, server_url
from deploy.settings import read_settings

PASSWORD = "hunter2-rahasia"
CITY = '[city]\nname = "Kota"\ndevices = "devices.csv"\n'


def test_the_repr_of_the_settings_shows_no_secret(tmp_path: Path) -> None:
    city = tmp_path / "city.toml"
    city.write_text(f'{CITY}[[channels]]\nname = "ops"\nkind = "webhook"\nurl = "https://ops.example/{PASSWORD}"\n')
    environ = {
        "PANTAU_CONFIG": str(city),
        DATABASE: f"postgresql://u:{PASSWORD}@h/d",
        BROKER: f"mqtt://u:{PASSWORD}@h",
    }
    settings = read_settings(environ, needs=SERVERS)
    assert PASSWORD in settings.database_url
    assert PASSWORD in settings.mqtt_url
    assert PASSWORD not in f"{settings!r} {settings} {settings.city!r} {settings.city.model_dump()}"


@pytest.mark.parametrize(
    "wrong",
    [
        f'name = "ops"\nkind = "webhook"\nurl = "ftp://ops.example/{PASSWORD}"',
        f'name = "ops"\nkind = "webhook"\nurl = ["{PASSWORD}"]',
        f'name = "ops"\nkind = "webhook"\nurl = "https://ops.example/"\ntoken = "{PASSWORD}"',
        f'name = "ops"\nkind = "webhook"\nurl = "https://h/"\nsecret = "{PASSWORD[:9]}"\nsecret_file = "{PASSWORD}"',
        f'name = "tg"\nkind = "telegram"\ntoken = "{PASSWORD}"',
        f'name = "sign"\nkind = "mqtt"\nurl = "mqtt://u:{PASSWORD}/@h:port"',
        f'name = "mail"\nkind = "email"\nhost = "h"\nsender = "a@b"\nsecurity = "none"\npassword = "{PASSWORD}"',
        f'name = "sms"\nkind = "sms_http"\nurl = "http://h/{{{{ {PASSWORD[:7]} }}}}"\nsecret = "{PASSWORD}"',
    ],
)
def test_a_refused_channel_shows_no_secret_not_even_in_a_trace(tmp_path: Path, wrong: str) -> None:
    city = tmp_path / "city.toml"
    city.write_text(f"{CITY}[[channels]]\n{wrong}\n")
    with pytest.raises(RefusedError) as refused:
        read_settings({"PANTAU_CONFIG": str(city)})
    assert PASSWORD[:7] not in "".join(traceback.format_exception(refused.value))


def test_the_secret_of_a_channel_may_stand_in_a_file_beside_the_citys(tmp_path: Path) -> None:
    city = tmp_path / "city.toml"
    channel = 'name = "tg"\nkind = "telegram"\ntoken_file = "secrets/tg"\n'
    city.write_text(f"{CITY}[[channels]]\n{channel}")
    with pytest.raises(RefusedError) as refused:
        read_settings({"PANTAU_CONFIG": str(city)})
    assert refused.value.faults == [
        f"{city}:4: channels.0: token_file: secrets/tg cannot be read: No such file or directory"
    ]
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "tg").write_text(f"123:{PASSWORD}\n")
    (telegram,) = read_settings({"PANTAU_CONFIG": str(city)}).city.channels
    assert telegram.kind == "telegram"
    assert telegram.token.get_secret_value() == f"123:{PASSWORD}"
    assert PASSWORD not in f"{telegram!r} {telegram.model_dump()}"


@pytest.mark.parametrize(
    ("name", "url"),
    [
        (DATABASE, f"postgresql://u:{PASSWORD}%zz@h/d"),
        (DATABASE, f"postgresql://u:{PASSWORD}@[::1/d"),
        (DATABASE, f"postgresql://u:{PASSWORD}@h:port/d"),
        (DATABASE, f"postgresql://u:{PASSWORD}@h:70000/d"),
        (DATABASE, f"postgresql://u:{PASSWORD}@h/d?nonsense=1"),
        (DATABASE, f"postgresql://u:a@{PASSWORD}@h/d"),
        (DATABASE, f"postgresql://u:5432/{PASSWORD}@h/d"),
        (DATABASE, f"postgresql://u:5432?{PASSWORD}@h/d"),
        (DATABASE, f"postgresql://u:5432#{PASSWORD}@h/d"),
        (DATABASE, f"host=h password={PASSWORD}"),
        (DATABASE, f"postgresql://u:{PASSWORD}\n@h/d"),
        (DATABASE, "postgresql://"),
        (BROKER, f"http://u:{PASSWORD}@h"),
        (BROKER, f"mqtt://u:{PASSWORD}@"),
        (BROKER, f"mqtt://u:{PASSWORD}@h:port"),
        (BROKER, f"mqtt://u:a@{PASSWORD}@h"),
        (BROKER, f"mqtt://u:1883/{PASSWORD}@h"),
    ],
)
def test_an_unusable_url_is_refused_by_its_variable_and_not_shown(name: str, url: str) -> None:
    with pytest.raises(RefusedError) as refused:
        server_url({name: url}, name, needed=True)
    (fault,) = refused.value.faults
    assert fault.startswith(f"{name}: ")
    assert PASSWORD[:7] not in "".join(traceback.format_exception(refused.value))


@pytest.mark.parametrize(
    ("name", "url"),
    [
        (DATABASE, "postgresql://pantau@[::1]:5432/pantau"),
        (DATABASE, "postgres://u:p%40ss%2F@a:5432,b:5432/pantau?target_session_attrs=read-write"),
        (DATABASE, "postgresql:///pantau?host=/run/postgresql"),
        (BROKER, "mqtt://127.0.0.1"),
        (BROKER, "mqtts://u:p%40ss@broker.example:8883"),
    ],
)
def test_every_url_that_the_clients_take_is_taken(name: str, url: str) -> None:
    assert server_url({name: url}, name, needed=True) == url


def test_a_secret_may_stand_in_a_file_and_the_variable_wins(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_text("mqtt://from-the-file\n")
    assert server_url({f"{BROKER}_FILE": str(file)}, BROKER, needed=True) == "mqtt://from-the-file"
    both = {f"{BROKER}_FILE": str(file), BROKER: "mqtt://from-the-variable"}
    assert server_url(both, BROKER, needed=True) == "mqtt://from-the-variable"


@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, "cannot be read: No such file or directory"), (b"\n", "is empty"), (b"mqtt://\xff\xfe", "is not UTF-8")],
)
def test_a_secrets_file_that_does_not_do_is_refused_by_its_variable(
    tmp_path: Path, content: bytes | None, reason: str
) -> None:
    file = tmp_path / "url"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(RefusedError) as refused:
        server_url({f"{BROKER}_FILE": str(file)}, BROKER, needed=False)
    assert refused.value.faults == [f"PANTAU_MQTT_URL_FILE: {file} {reason}"]


def test_what_a_process_does_not_need_may_be_missing() -> None:
    assert server_url({}, BROKER, needed=False) == ""


def test_the_providers_secret_comes_from_the_environment_or_a_file_and_is_in_nothing_that_anybody_sees(
    tmp_path: Path,
) -> None:
    file = tmp_path / "oidc"
    file.write_text(f"{PASSWORD}\n")
    for environ in ({OIDC_SECRET: PASSWORD}, {f"{OIDC_SECRET}_FILE": str(file)}):
        settings = read_settings(environ)
        assert settings.oidc_secret.get_secret_value() == PASSWORD
        assert PASSWORD not in repr(settings)
    with pytest.raises(RefusedError, match=f"{OIDC_SECRET}_FILE: .* cannot be read"):
        read_settings({f"{OIDC_SECRET}_FILE": str(tmp_path / "none")})


def test_a_provider_without_our_secret_is_refused_where_it_is_needed(tmp_path: Path) -> None:
    city = tmp_path / "city.toml"
    roles = 'roles = { wall = "x" }'
    city.write_text(f'{CITY}[dashboards.oidc]\nissuer = "https://sso.example"\nclient_id = "pantau"\n{roles}\n')
    environ = {"PANTAU_CONFIG": str(city)}
    with pytest.raises(RefusedError, match=r"PANTAU_OIDC_CLIENT_SECRET: not set, nor PANTAU_OIDC_CLIENT_SECRET_FILE"):
        oidc_secret(read_settings(environ))
    assert oidc_secret(read_settings(environ | {OIDC_SECRET: PASSWORD})).get_secret_value() == PASSWORD
    assert oidc_secret(read_settings({})).get_secret_value() == ""
