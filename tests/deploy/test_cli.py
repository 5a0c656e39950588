"""The command line as a person or a script meets it: exit codes, what is printed where, and what is not."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from deploy.cli import main
from deploy.ending import DONE, FAILED, REFUSED
from deploy.local.ports import free_port
from deploy.settings import DEFAULT_CONFIG

PASSWORD = "hunter2-rahasia"
SHEET = """\
id,kind,name,area,latitude,longitude,parents,external_ids,attributes
pop-1,fibre_point,Pusat,Utara,-4.1,104.2,,,
fp-1,fibre_point,"Titik, satu",Utara,-4.12345,104.25,pop-1,dev_eui=AB12,note=baik
cam-1,camera,Kamera,Selatan,,,pop-1|fp-1,,rtsp_url=rtsp://10.0.0.1/ch1
"""
ROUTED = '[[channels]]\nname = "ops"\nkind = "ntfy"\ntopic = "kota"\n[[routes]]\nchannels = ["ops"]\n'
COMMANDS = [
    *("", "up", "ingest", "alerts", "video", "dashboards", "simulate", "migrate", "check-config"),
    *("devices", "devices import", "devices export", "devices list"),
    *("token", "token create", "token list", "token revoke"),
    *("doctor", "notify", "notify test"),
]


@dataclass(frozen=True, slots=True)
class Said:
    """What one command left behind."""

    code: int
    out: str
    err: str


Pantau = Callable[..., Said]


@pytest.fixture
def pantau(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Pantau:
    """Runs a command in this process, with the environment given by name."""

    def run(*arguments: str | Path, **environ: str | Path) -> Said:
        capsys.readouterr()
        with monkeypatch.context() as patch:
            for name, value in environ.items():
                patch.setenv(f"PANTAU_{name}", str(value))
            try:
                code = main([str(argument) for argument in arguments])
            except SystemExit as left:
                code = int(left.code or 0)
        return Said(code, *capsys.readouterr())

    return run


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    file = tmp_path / "devices.csv"
    file.write_text(SHEET)
    return file


@pytest.fixture
def dead_url() -> str:
    """Where no database is, with a password that nobody may ever read."""
    return f"postgresql://pantau:{PASSWORD}@127.0.0.1:{free_port()}/pantau"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_tells_what_it_does(pantau: Pantau, command: str) -> None:
    said = pantau(*command.split(), "--help")
    assert said.code == DONE
    assert said.out.startswith(f"usage: pantau {command}".rstrip())
    assert not said.err


@pytest.mark.parametrize(
    "arguments",
    [
        "",
        "fly",
        "devices",
        "token create --role king --name me",
        "notify test --to +62812",
        "up --scenario story.toml",
        "simulate --speed 0",
        "simulate --rate nan",
        "simulate --rtsp-port 0",
    ],
)
def test_arguments_that_make_no_sense_are_refused(pantau: Pantau, arguments: str) -> None:
    assert pantau(*arguments.split()).code == REFUSED


def test_settings_that_are_missing_are_refused_in_a_line_each(pantau: Pantau) -> None:
    said = pantau("ingest", DATABASE_URL="", MQTT_URL="", LISTEN="nowhere")
    assert said.code == REFUSED
    assert [line.split(":")[1].strip() for line in said.err.splitlines()] == [
        "PANTAU_DATABASE_URL",
        "PANTAU_MQTT_URL",
        "PANTAU_LISTEN",
    ]


def test_ingest_workers_are_counted_from_one(pantau: Pantau, dead_url: str) -> None:
    said = pantau("ingest", "--worker", "0", DATABASE_URL=dead_url, MQTT_URL="mqtt://127.0.0.1")
    assert (said.code, said.err) == (REFUSED, "pantau: --worker 0: workers are counted from 1\n")


def test_the_city_that_is_shipped_is_sound(pantau: Pantau) -> None:
    said = pantau("check-config")
    assert (said.code, said.err) == (DONE, "")
    assert "Ogan Komering Ulu" in said.out


def test_check_config_names_every_device_of_an_unknown_area_by_its_line(
    pantau: Pantau, sheet: Path, tmp_path: Path
) -> None:
    city = tmp_path / "city.toml"
    city.write_text('[city]\nname = "Kota"\ndevices = "devices.csv"\nareas = ["Selatan"]\n')
    credentials = tmp_path / "none.toml"
    said = pantau("check-config", CONFIG=city, CAMERA_CREDENTIALS_FILE=credentials)
    assert said.code == REFUSED
    *areas, cameras = said.err.splitlines()
    assert areas == [
        f"pantau: {sheet}:2: pop-1: area: Utara is not among [city] areas",
        f"pantau: {sheet}:3: fp-1: area: Utara is not among [city] areas",
    ]
    assert cameras.startswith("pantau: PANTAU_CAMERA_CREDENTIALS_FILE: ")


def test_check_config_misses_the_secret_of_the_provider(pantau: Pantau, sheet: Path, tmp_path: Path) -> None:
    city = tmp_path / "city.toml"
    city.write_text(
        f'[city]\nname = "Kota"\ndevices = "{sheet.name}"\n[dashboards.oidc]\nissuer = "https://sso.example"\n'
        'client_id = "pantau"\nroles = { operator = "op" }\n'
    )
    said = pantau("check-config", CONFIG=city)
    assert (said.code, said.err.startswith("pantau: PANTAU_OIDC_CLIENT_SECRET: not set")) == (REFUSED, True)
    assert pantau("check-config", CONFIG=city, OIDC_CLIENT_SECRET="rahasia").code == DONE


def test_check_config_names_numbers_of_devices_that_are_not_in_the_list(
    pantau: Pantau, sheet: Path, tmp_path: Path
) -> None:
    city = tmp_path / "city.toml"
    city.write_text(
        f'[city]\nname = "Kota"\ndevices = "{sheet.name}"\n\n[states.devices.fp-9]\nattempts = 5\n\n'
        "[states.devices.fp-1]\nattempts = 5\n"
    )
    said = pantau("check-config", CONFIG=city)
    assert (said.code, said.err) == (REFUSED, f"pantau: {city}:5: fp-9 is not in the device list\n")


def test_check_config_names_settings_of_cameras_that_are_none(pantau: Pantau, sheet: Path, tmp_path: Path) -> None:
    city = tmp_path / "city.toml"
    city.write_text(
        f'[city]\nname = "Kota"\ndevices = "{sheet.name}"\n\n[video.cameras.fp-1]\nstream = "sub"\n\n'
        '[video.detector]\nmodel = "/nowhere.onnx"\ncameras = ["cam-99"]\n'
    )
    said = pantau("check-config", CONFIG=city)
    assert said.code == REFUSED
    *cameras, model = said.err.splitlines()
    assert cameras == [
        f"pantau: {city}:10: cam-99 is no camera of the device list",
        f"pantau: {city}:5: fp-1 is no camera of the device list",
    ]
    assert model.startswith(f"pantau: {city}: [video.detector] model: /nowhere.onnx: ")


def test_a_city_without_areas_takes_any(pantau: Pantau, sheet: Path, tmp_path: Path) -> None:
    city = tmp_path / "city.toml"
    city.write_text(f'[city]\nname = "Kota"\ndevices = "{sheet.name}"\n')
    said = pantau("check-config", CONFIG=city)
    assert (said.code, said.out.splitlines()) == (
        DONE,
        [
            f"{city}: Kota, 3 devices, 0 rules, 0 channels, 0 policies, 0 routes: sound",
            "but nobody is told of any alert: there is no [[routes]]",
        ],
    )


def test_check_config_reads_several_files_as_one(pantau: Pantau, sheet: Path, tmp_path: Path) -> None:
    city, more = tmp_path / "city.toml", tmp_path / "channels.toml"
    city.write_text(f'[city]\nname = "Kota"\ndevices = "{sheet.name}"\n')
    more.write_text(ROUTED)
    said = pantau("check-config", CONFIG=f"{city}:{more}")
    told = f"{city}, {more}: Kota, 3 devices, 0 rules, 1 channels, 0 policies, 1 routes: sound\n"
    assert (said.code, said.out) == (DONE, told)


def test_a_new_token_is_all_that_is_printed_and_opens_nothing_once_revoked(pantau: Pantau, database_url: str) -> None:
    made = pantau("token", "create", "--role", "wall", "--name", "lobby", DATABASE_URL=database_url)
    assert made.code == DONE
    assert made.out.startswith("pantau_")
    assert len(made.out.split()) == 1
    assert made.out.count("\n") == 1
    assert not made.err
    again = pantau("token", "create", "--role", "wall", "--name", "lobby", DATABASE_URL=database_url)
    assert (again.code, again.out, again.err.count("\n")) == (FAILED, "", 1)

    (listed,) = json.loads(pantau("token", "list", "--json", DATABASE_URL=database_url).out)
    assert (listed["name"], listed["role"], listed["revoked_at"]) == ("lobby", "wall", None)
    assert pantau("token", "revoke", "lobby", DATABASE_URL=database_url).code == DONE
    assert "revoked" in pantau("token", "list", DATABASE_URL=database_url).out
    twice = pantau("token", "revoke", "lobby", DATABASE_URL=database_url)
    assert (twice.code, twice.err) == (FAILED, "pantau: no live token is named 'lobby'\n")


def test_a_token_needs_a_sound_name(pantau: Pantau, database_url: str) -> None:
    said = pantau("token", "create", "--role", "wall", "--name", " ", DATABASE_URL=database_url)
    assert (said.code, said.out, said.err) == (REFUSED, "", "pantau: --name: a name has 1 to 64 characters\n")


@pytest.mark.parametrize("form", ["csv", "geojson"])
def test_what_was_exported_is_imported_as_it_was(
    pantau: Pantau, database_url: str, sheet: Path, tmp_path: Path, form: str
) -> None:
    first = pantau("devices", "import", sheet, DATABASE_URL=database_url)
    assert (first.code, first.out) == (DONE, "3 added, 0 changed, 0 as they were\n")
    exported = pantau("devices", "export", "--format", form, DATABASE_URL=database_url)
    copy = tmp_path / f"copy.{form}"
    copy.write_text(exported.out, newline="")
    again = pantau("devices", "import", copy, DATABASE_URL=database_url)
    assert (again.code, again.out) == (DONE, "0 added, 0 changed, 3 as they were\n")
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("delete from device")
    assert pantau("devices", "import", copy, DATABASE_URL=database_url).code == DONE
    assert pantau("devices", "export", "--format", form, DATABASE_URL=database_url).out == exported.out


def test_devices_are_listed_for_people_and_for_scripts(pantau: Pantau, database_url: str, sheet: Path) -> None:
    pantau("devices", "import", sheet, DATABASE_URL=database_url)
    people = pantau("devices", "list", DATABASE_URL=database_url).out.splitlines()
    scripts = json.loads(pantau("devices", "list", "--json", DATABASE_URL=database_url).out)
    exported = json.loads(pantau("devices", "export", "--format", "json", DATABASE_URL=database_url).out)
    assert [line.split()[0] for line in people] == ["cam-1", "fp-1", "pop-1"]
    assert scripts == exported
    assert scripts[0]["parents"] == [["pop-1", "fp-1"]]


def test_a_bad_list_is_refused_whole_with_every_bad_row(pantau: Pantau, database_url: str, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text(f"{SHEET}fp-2,toaster,Dua,Utara,,,,,\nFP 3,camera,Tiga,Utara,95,104,nobody,,\n")
    said = pantau("devices", "import", bad, DATABASE_URL=database_url)
    assert (said.code, said.out) == (REFUSED, "")
    assert said.err.startswith(f"pantau: {bad}:5: fp-2: kind: unknown kind 'toaster'; known are ")
    assert {line.split(": ")[1] for line in said.err.splitlines()} == {f"{bad}:5", f"{bad}:6"}
    assert pantau("devices", "list", DATABASE_URL=database_url).out == ""


def test_a_list_that_cannot_be_read_is_refused(pantau: Pantau, database_url: str, tmp_path: Path) -> None:
    said = pantau("devices", "import", tmp_path / "none.csv", DATABASE_URL=database_url)
    assert (said.code, said.err) == (
        REFUSED,
        f"pantau: {tmp_path}/none.csv: cannot be read: No such file or directory\n",
    )


@pytest.mark.parametrize(
    "command", ["devices list", "devices export", "token list", "token create --role wall --name n"]
)
def test_a_command_says_in_one_line_that_the_database_is_away(pantau: Pantau, dead_url: str, command: str) -> None:
    said = pantau(*command.split(), DATABASE_URL=dead_url)
    assert (said.code, said.out, said.err.count("\n")) == (FAILED, "", 1)
    assert said.err.startswith("pantau: the database: ")
    assert PASSWORD not in said.err


def test_a_command_says_in_one_line_that_the_database_was_never_migrated(pantau: Pantau, database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("drop table token, device cascade")
    for command in ("devices list", "token list"):
        said = pantau(*command.split(), DATABASE_URL=database_url)
        assert (said.code, said.err) == (
            FAILED,
            "pantau: the database has not got the tables of this version: run `pantau migrate`\n",
        )


def test_a_reader_who_leaves_early_is_no_reason_for_a_trace(database_url: str, pantau: Pantau) -> None:
    pantau("devices", "import", DEFAULT_CONFIG.with_name("devices.csv"), DATABASE_URL=database_url)
    command = f"{sys.executable} -m deploy devices export | true"
    ended = subprocess.run(
        ["bash", "-c", f"{command}; exit ${{PIPESTATUS[0]}}"],
        env={**os.environ, "PANTAU_DATABASE_URL": database_url},
        capture_output=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (FAILED, b"")
