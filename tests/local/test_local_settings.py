"""What the servers are told, before there is a server."""

from pathlib import Path

from deploy.local.bubblewrap import bubblewrap_command
from deploy.local.chroot import chroot_command
from deploy.local.mosquitto import LIMITS, local_config
from deploy.local.postgres_settings import initdb, postgres, single_user
from deploy.local.server import complaint


def test_a_commit_is_on_disk_unless_the_data_is_thrown_away() -> None:
    durable = postgres("/d", port=1, durable=True, extra={})
    careless = postgres("/d", port=1, durable=False, extra={})
    assert not [word for word in durable if word.startswith(("fsync", "synchronous_commit", "full_page_writes"))]
    assert {"fsync=off", "synchronous_commit=off", "full_page_writes=off"} <= set(careless)


def test_a_new_cluster_is_on_disk_unless_it_is_thrown_away() -> None:
    assert "--no-sync" not in initdb("/d", password_file="/p", durable=True)
    assert "--no-sync" in initdb("/d", password_file="/p", durable=False)


def test_a_callers_setting_wins_but_never_the_port() -> None:
    command = postgres("/d", port=5433, durable=True, extra={"shared_buffers": "1MB", "port": "1"})
    assert {"shared_buffers=1MB", "port=5433"} <= set(command)
    assert not {"shared_buffers=256MB", "port=1"} & set(command)


def test_a_statement_that_fails_ends_the_setup() -> None:
    assert "exit_on_error=on" in single_user("/d", database="postgres")


def test_postgres_listens_on_the_loopback_only() -> None:
    assert {"listen_addresses=127.0.0.1", "unix_socket_directories="} <= set(
        postgres("/d", port=1, durable=True, extra={})
    )


def test_the_broker_has_productions_limits_and_a_listener_of_its_own() -> None:
    lines = local_config(LIMITS.read_text(), port=1884).splitlines()
    assert [line for line in lines if line.startswith("listener")] == ["listener 1884 127.0.0.1"]
    assert "persistence true" in lines
    assert [line for line in lines if line.startswith("max_queued_messages ")]


def test_a_contained_program_dies_with_its_parent_and_is_not_root() -> None:
    command = bubblewrap_command(Path("/root"), Path("/data-of-a-server"), ("/bin/true",), info_fd=9)
    assert "--die-with-parent" in command
    assert command[command.index("--uid") + 1] != "0"
    assert command[-2:] == ("--", "/bin/true")


def test_under_chroot_the_wish_to_die_with_the_parent_comes_after_the_change_of_user() -> None:
    command = chroot_command(Path("/d"), ("/bin/true",))
    assert command.index("--reuid") < command.index("--pdeathsig") < command.index("/bin/true")


def test_a_failed_server_is_explained_by_its_last_error() -> None:
    log = "LOG:  starting\nFATAL:  could not create any TCP/IP sockets\nLOG:  database system is shut down\n\n"
    assert complaint(log) == "FATAL:  could not create any TCP/IP sockets"


def test_a_failed_server_without_an_error_is_explained_by_its_last_line() -> None:
    assert complaint("one\ntwo\n") == "two"
    assert complaint("") == "it said nothing"
