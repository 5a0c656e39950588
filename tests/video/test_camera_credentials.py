import traceback
from pathlib import Path

import pytest
from pydantic import SecretStr

from video.credentials import Credentials, CredentialsError, load, redacted, with_credentials

URL = "rtsp://10.0.0.7:554/Streaming/Channels/101?transport=tcp"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cameras.toml"


def test_each_camera_has_its_own_table(file: Path) -> None:
    file.write_text('[cam-01]\nuser = "admin"\npassword = "r4has!a"\n')
    credentials = load(file)["cam-01"]
    assert (credentials.user, credentials.password.get_secret_value()) == ("admin", "r4has!a")


def test_a_password_is_never_printed(file: Path) -> None:
    file.write_text('[cam-01]\nuser = "admin"\npassword = "r4has!a"\n')
    assert "r4has!a" not in repr(load(file)) + str(load(file)["cam-01"])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('[cam-01]\npassword = "r4has!a"\n', r"\[cam-01.user\] Field required"),
        ('[cam-01]\nuser = "admin"\npassword = "r4has!a"\nport = 1\n', r"\[cam-01.port\]"),
        ('[cam-01]\nuser = "admin"\npassword = ["r4has!a"]\n', r"\[cam-01.password\]"),
        ('cam-01 = "r4has!a"\n', r"\[cam-01\]"),
        ('[cam-01]\nuser = "admin"\npassword = r4has!a\n', "line 3"),
    ],
)
def test_a_faulty_file_is_refused_by_file_and_key_and_without_its_secrets(
    file: Path, content: str, reason: str
) -> None:
    file.write_text(content)
    with pytest.raises(CredentialsError, match=reason) as refused:
        load(file)
    assert str(file) in str(refused.value)
    assert "r4has!a" not in "".join(traceback.format_exception(refused.value))


def test_a_missing_file_is_refused(file: Path) -> None:
    with pytest.raises(CredentialsError, match="No such file"):
        load(file)


def test_a_file_that_is_no_text_is_refused(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CredentialsError, match="utf-8"):
        load(file)


def test_credentials_are_escaped_into_the_url() -> None:
    credentials = Credentials(user="ad min", password=SecretStr("p@ss:w/rd#%"))
    assert with_credentials(URL, credentials) == URL.replace("10.0.0.7", "ad%20min:p%40ss%3Aw%2Frd%23%25@10.0.0.7")


def test_credentials_replace_those_in_the_url() -> None:
    credentials = Credentials(user="a", password=SecretStr("b"))
    assert with_credentials("rtsp://x:y@host/1", credentials) == "rtsp://a:b@host/1"


def test_a_camera_without_credentials_is_asked_without() -> None:
    assert with_credentials(URL, None) == URL


def test_a_redacted_url_names_the_camera_and_nobody() -> None:
    assert redacted("rtsp://admin:r4has!a@[::1]:554/1?a=b") == "rtsp://[::1]:554/1?a=b"
    assert redacted(URL) == URL


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("rtsp://admin:r4/has!a@10.0.0.7/1", "rtsp://10.0.0.7/1"),
        ("rtsp://admin:123#r4has!a@10.0.0.7/1", "rtsp://10.0.0.7/1"),
        ("rtsp://admin:r4?has!a@10.0.0.7/1", "rtsp://10.0.0.7/1"),
        ("rtsp://admin:r\u2100has!a@10.0.0.7/1", "rtsp://10.0.0.7/1"),
        ("admin:r4has!a@10.0.0.7/1", "10.0.0.7/1"),
        ("rtsp://[::1/1", "rtsp://[::1/1"),
    ],
)
def test_of_an_address_that_is_none_no_part_of_the_password_is_told(url: str, told: str) -> None:
    assert redacted(url) == told
