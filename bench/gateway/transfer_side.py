"""One copy from the warehouse into its bucket, as `transfer` makes it or raw; or the memory that copies take."""

import http.client
import os
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.gateway.turns import hushed, serve
from bench.gateway.warehouse import seconds

CHUNK = 1 << 16
MEGABYTE = 1_000_000
STATUS = Path("/proc/self/status")


def raw(url: str, size: int) -> None:
    """What comes in goes out, as it comes: no disk, no hash, no look, no signature."""
    host = urlsplit(url).netloc
    source, bucket = http.client.HTTPConnection(host), http.client.HTTPConnection(host)
    source.request("GET", f"/{size}.wav")
    answer = source.getresponse()
    bucket.putrequest("PUT", "/raw")
    bucket.putheader("Content-Length", str(size))
    bucket.endheaders()
    while chunk := answer.read(CHUNK):
        bucket.send(chunk)
    if bucket.getresponse().status != 200:
        raise RuntimeError("the bucket did not take it")
    source.close()
    bucket.close()


def copier(url: str) -> Callable[[int], None]:
    """The use case with its real fetcher, probe and bucket; the job is in memory."""
    os.environ |= {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none", "AWS_DEFAULT_REGION": "eu-central-1"}
    os.environ |= {"AWS_ENDPOINT_URL_S3": url}
    from reprise.aws import clients
    from reprise.aws.buckets import S3Covers
    from reprise.media import PacketProbe
    from reprise.memory import MemoryClock, MemoryJobs
    from reprise.net.fetch import GuardedFetcher
    from reprise.usecases.record import Record
    from reprise.usecases.transfer import Transfer, Transferred

    from tests.factories import NOW, a_take, an_archiving_job

    by_path: Any = clients.REGIONAL
    by_path.s3["addressing_style"] = "path"  # an address has no buckets as subdomains
    covers = S3Covers("covers", clients.s3)
    fetcher = GuardedFetcher((ip_network("127.0.0.0/8"),))

    def copy(size: int) -> None:
        job = an_archiving_job()
        take = a_take(1, urls=(f"{url}/{size}.wav",), seconds=seconds(size))
        first = replace(job.tracks[0], take=take)
        jobs = MemoryJobs(jobs={job.id: replace(job, tracks=(first, *job.tracks[1:]))})
        clock = MemoryClock(NOW + timedelta(minutes=1))
        transfer = Transfer(jobs, covers, fetcher, PacketProbe(), Record(jobs, clock))
        if transfer(job.id, 1, first.tries) is not Transferred.KEPT:
            raise RuntimeError("the track was not kept")

    return copy


def peak() -> float:
    """MB that this program held at most. Not ru_maxrss where it can be helped: on Linux that begins with what the
    parent held when it forked."""
    if STATUS.exists():
        (line,) = [line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM:")]
        return int(line.split()[1]) * 1024 / MEGABYTE
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE  # macOS counts bytes


def main() -> None:
    answers = hushed()
    what, url, size = sys.argv[1], sys.argv[2], int(sys.argv[3])
    copy = copier(url) if what == "ours" else lambda size: raw(url, size)

    def once() -> float:
        began = time.perf_counter()
        copy(size)
        return time.perf_counter() - began

    def memory() -> float:
        copy(size)
        return peak()

    serve(answers, memory if "memory" in sys.argv else once)


if __name__ == "__main__":
    main()
