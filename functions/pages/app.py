"""Web pages and the descriptions of the vendors' APIs: files, made by `make openapi`. Has no rights on anything."""

from pathlib import Path
from typing import Any

from reprise.http import files
from reprise.http.api import new_api, resolve

FILES = Path(__file__).with_name("files")

api = new_api()
files.serve(api, FILES / "docs", "/docs")
files.serve(api, FILES / "openapi", "/openapi")


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return resolve(api, event, context)
