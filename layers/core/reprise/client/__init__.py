"""A client of the native API, for programs in Python.

>>> from reprise.client import Reprise
>>> client = Reprise(url, key)
>>> cover = client.covers.create("song.mp3", style="lo-fi jazz")
>>> cover = client.covers.wait(cover["id"], on_stage=lambda now: print(now["state"], now["stage"]))
running none
running text
running first
succeeded complete
>>> [path.stem for path in client.covers.save(cover, "out")]
['Harbour Fog - lo-fi jazz (1)', 'Harbour Fog - lo-fi jazz (2)']

What comes back are the API's own objects as dictionaries; `reprise.http.shapes` has their types. The examples of this
package are run by the tests. It is no part of the deployed layer: docs/decisions/0033-the-client-is-in-the-package.md.
"""

from reprise.client.api import Reprise
from reprise.client.errors import (
    ApiError,
    BudgetSpentError,
    ForbiddenError,
    ForgedWebhookError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
    ProblemError,
    ServerError,
    SongError,
    TooManyRequestsError,
    UnauthenticatedError,
    UnreachableError,
    WaitedTooLongError,
    WrongUsageError,
)
from reprise.client.songs import Upload
from reprise.client.verify import verify_webhook

__all__ = [
    "ApiError",
    "BudgetSpentError",
    "ForbiddenError",
    "ForgedWebhookError",
    "InvalidError",
    "NotAllowedError",
    "NotFoundError",
    "ProblemError",
    "Reprise",
    "ServerError",
    "SongError",
    "TooManyRequestsError",
    "UnauthenticatedError",
    "UnreachableError",
    "Upload",
    "WaitedTooLongError",
    "WrongUsageError",
    "verify_webhook",
]
