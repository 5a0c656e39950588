"""A test run leaves no folder behind, not even one that was killed."""

from pathlib import Path

from tests.scratch import scratch_folder


def test_a_scratch_folder_is_gone_at_the_end(tmp_path: Path) -> None:
    with scratch_folder(tmp_path) as folder:
        (folder / "data").mkdir()
    assert not folder.exists()


def test_a_killed_runs_folder_goes_with_the_next_run_and_a_living_ones_stays(tmp_path: Path) -> None:
    abandoned = tmp_path / "test-abandoned"
    abandoned.mkdir()
    (abandoned / "in-use").touch()
    with scratch_folder(tmp_path) as living, scratch_folder(tmp_path) as other:
        assert not abandoned.exists()
        assert living.exists()
        assert other != living
