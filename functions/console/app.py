"""The web page for people, `GET /console` and its files, to whoever asks. What it shows takes an API key."""

from typing import Any

from reprise import bootstrap
from reprise.http import console
from reprise.http.api import new_api, resolve

api = new_api()
console.serve(api, bootstrap.storage_origins)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return resolve(api, event, context)
