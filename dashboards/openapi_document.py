"""`python -m dashboards.openapi_document`: the OpenAPI document, of which the pages' types are made."""

import json
import sys

from fastapi import FastAPI

from dashboards.openapi_api import document
from dashboards.routes import ROUTES
from dashboards.routing import Routes


def main() -> None:
    app = FastAPI(title="Pantau", openapi_url=None)
    Routes(ROUTES).install(app)
    json.dump(document(app), sys.stdout)


if __name__ == "__main__":
    main()
