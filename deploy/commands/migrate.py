"""pantau migrate"""

import psycopg

from deploy.clocks import real_supervisor
from deploy.database import migrate
from deploy.settings import Settings


async def run(settings: Settings) -> None:
    """Bring the database to the newest migration, waiting for it as long as it takes to come up."""
    supervisor = real_supervisor()
    applied = await supervisor.until(
        "migrate", lambda: migrate(settings.database_url), patient_with=psycopg.OperationalError
    )
    for name in applied:
        print(name)
    print(f"{len(applied)} applied" if applied else "nothing to apply")
