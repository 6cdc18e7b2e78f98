"""The client's view of the deployed house on moto: the API through its real doors, the buckets, a provider that works.

The house's clock stands still but while somebody waits; then, each time, the provider tells the next stage of each job.
"""

from contextlib import redirect_stdout
from dataclasses import dataclass, field
from io import StringIO

import httpx
from reprise.aws import clients
from reprise.client import Reprise
from reprise.client.transport import Told
from reprise.dialects.forms import read_form

from tests.integration.gateway import Gateway
from tests.integration.house import OWNER_KEY, House
from tests.integration.test_work import FIRST, SECOND, Life, a_song, short_takes
from tests.stack import PUBLIC_URL

SONG = b"ID3" + bytes(100)
STAGES = ("text", "first", "complete")


@dataclass
class World:
    house: House
    told: dict[str, int] = field(default_factory=dict)
    lives: dict[str, Life] = field(default_factory=dict)
    slept: list[float] = field(default_factory=list)
    asked: list[httpx.Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.house.links.files = {FIRST: a_song(1), SECOND: a_song(2)}
        self.house.clock.meanwhile = self.work
        self.api = httpx.WSGITransport(app=Gateway(self.house))

    def client(self, key: str = OWNER_KEY, on_pause: Told | None = None) -> Reprise:
        http = httpx.Client(transport=httpx.MockTransport(self.answer))
        return Reprise(PUBLIC_URL, key, http=http, sleep=self.slept.append, on_pause=on_pause)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if str(request.url).startswith(PUBLIC_URL):
            return self.through(request)
        return self.bucket(request)

    def through(self, request: httpx.Request) -> httpx.Response:
        """Tests put what goes wrong on the way in its place."""
        with redirect_stdout(StringIO()):  # the functions' numbers are no output of the client's
            answer = self.api.handle_request(request)
            answer.read()
        return answer

    def bucket(self, request: httpx.Request) -> httpx.Response:
        """S3 by a presigned form, or by a presigned link. Who has one needs no key, and must send none."""
        assert "authorization" not in request.headers
        with self.house.elsewhere():
            if request.method == "POST":
                form = read_form(request.headers["content-type"], request.read())
                self.house.drop(form.fields["key"], body=form.files["file"])
                return httpx.Response(204)
            name, key = request.url.host.partition(".s3.")[0], request.url.path.lstrip("/")
            return httpx.Response(200, content=clients.s3().get_object(Bucket=name, Key=key)["Body"].read())

    def work(self) -> None:
        with self.house.elsewhere():
            for job in self.house.jobs():
                stage = self.told.get(job.id, 0)
                if stage < len(STAGES) and not job.state.terminal:
                    self.told[job.id] = stage + 1
                    self.tell(job.id, STAGES[stage])
        self.house.clock.meanwhile = self.work

    def tell(self, job_id: str, stage: str) -> None:
        body = short_takes(stage) if stage in ("first", "complete") else None
        assert self.house.callback(stage, job_id, body=body).status == 200
        self.lives.setdefault(job_id, Life(self.house, job_id)).settle()

    def paid(self) -> int:
        return len(self.house.vendor.paid)
