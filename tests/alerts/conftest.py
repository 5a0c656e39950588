from collections.abc import AsyncIterator
from typing import Any

import pytest
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from deploy.database import open_pool
from tests.alerts.city import City
from tests.alerts.receiver import Receiver, receiving


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[AsyncConnectionPool[AsyncConnection[Any]]]:
    async with open_pool(database_url) as pool:
        yield pool


@pytest.fixture
def city(pool: AsyncConnectionPool[AsyncConnection[Any]]) -> City:
    return City(pool)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver
