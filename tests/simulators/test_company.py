import logging

import pytest

from simulators.company import Company


def test_a_lost_broker_is_said_once_and_the_return_of_all_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    company = Company(size=2)
    company.enter()
    company.enter()
    for reason in ("reset", "refused"):
        company.leave()
        company.fail(reason)
    assert company.connected == 0
    company.enter()
    company.enter()
    assert [record.levelname for record in caplog.records] == ["INFO", "WARNING", "INFO"]
    assert "reset" in caplog.messages[1]
