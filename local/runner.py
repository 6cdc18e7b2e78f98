"""`up` and `down`: one stack that stays, in .local/.

The lock file says whether one runs: the process that serves holds it, and the kernel lets go of it however that
process ends.
"""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import TextIO

from local.errors import LocalError, tail
from local.stack import HOME, ROOT, Running, Stack, running_stack, write_stack
from local.studio import installed, python

LOOK_SECONDS = 0.5
START_SECONDS = 180.0  # the first start installs the layers
STOP_SECONDS = 20.0


def up(home: Path = HOME, *, pace: float = 1.0) -> int:
    """Serve until Ctrl-C, SIGTERM or the end of a part."""
    signal.signal(signal.SIGTERM, _interrupt)
    with _held(home), contextlib.ExitStack() as cleanup:
        (home / "stack.json").unlink(missing_ok=True)  # of one that was killed
        running = cleanup.enter_context(running_stack(home, pace=pace, studio=installed(), takes=python()))
        cleanup.callback((home / "stack.json").unlink, missing_ok=True)
        write_stack(running.stack, home / "stack.json")
        print(describe(running.stack), flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            _stay(running)
        print("Stopping.", flush=True)
    return 0


def up_detached(home: Path = HOME, *, pace: float = 1.0) -> int:
    """Return once a process of its own serves; what it printed is in .local/up.log. One that serves is left alone."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup
            signal.signal(number, _interrupt)
    if serving_pid(home) is not None and (home / "stack.json").is_file():
        print(describe(read_stack(home), "Reprise is up already."))
        return 0
    _refuse_second(home)
    (home / "stack.json").unlink(missing_ok=True)  # of one that was killed
    server = _start(home, pace)
    try:
        ready = _ready(server, home)
    except BaseException:
        _stop(server)  # it is in a session of its own: Ctrl-C did not reach it
        raise
    if not ready:
        print("\n".join(tail(home / "up.log", 40)), file=sys.stderr)
        return 1
    server.returncode = 0  # it stays; nobody here waits for it
    print(describe(read_stack(home)))
    return 0


def down(home: Path = HOME) -> bool:
    """Stop the running stack. False if there was none."""
    pid = serving_pid(home)
    if pid is None:
        (home / "stack.json").unlink(missing_ok=True)
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while serving_pid(home) is not None:
        if time.monotonic() > deadline:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)  # its children are tethered to it
            deadline += STOP_SECONDS
        time.sleep(0.05)
    (home / "stack.json").unlink(missing_ok=True)
    return True


def read_stack(home: Path = HOME) -> Stack:
    path = home / "stack.json"
    if not path.is_file():
        raise LocalError("No stack is running.", "`make up`, or `python -m local up`")
    try:
        return Stack(**json.loads(path.read_text()))
    except (ValueError, TypeError) as error:
        raise LocalError(f"{path} cannot be read: {error}", "`make down`, then `make up`") from error


def serving_pid(home: Path = HOME) -> int | None:
    """Who holds the lock; None if nobody does."""
    path = home / "lock"
    if not path.is_file():
        return None
    with path.open() as lock:
        return None if _locked(lock) else int(lock.read() or 0) or None


def describe(stack: Stack, title: str = "Reprise is up.") -> str:
    others = {**stack.simulators, "studio": stack.studio or "not installed: `make up` says why"}
    fakes = "\n".join(f"  {name:<12} {url}" for name, url in others.items())
    return f"""\
{title}

  API          {stack.api_url}
  console      {stack.api_url}/console   (sign in with the key below)
  AWS          {stack.aws_endpoint}   (region {stack.region}, keys test/test)
{fakes}
  inbox        s3://{stack.inbox_bucket}/inbox/
  logs         {stack.logs}
  all of it    .local/stack.json

Next:
  .venv/bin/reprise cover SONG.mp3 --style "lo-fi jazz" --out out
  export REPRISE_KEY={stack.api_key}
  curl -s {stack.api_url}/v1/covers -H "Authorization: Bearer $REPRISE_KEY"
  make down
"""


def _start(home: Path, pace: float) -> "subprocess.Popen[bytes]":
    home.mkdir(parents=True, exist_ok=True)
    log = home / "up.log"
    log.unlink(missing_ok=True)
    log.touch(mode=0o600)  # it holds the key
    command = [sys.executable, "-m", "local", "up", "--pace", str(pace)]
    with log.open("wb") as sink:
        return subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, start_new_session=True
        )


def _ready(server: "subprocess.Popen[bytes]", home: Path) -> bool:
    """True once it serves, False if it ended."""
    deadline = time.monotonic() + START_SECONDS
    while not (home / "stack.json").is_file():
        if server.poll() is not None:
            return False
        if time.monotonic() > deadline:
            raise LocalError(f"The stack was not ready in {START_SECONDS:.0f} s.", "read its log", home / "up.log")
        time.sleep(0.05)
    return True


def _stop(server: "subprocess.Popen[bytes]") -> None:
    """It clears up after itself; if it takes too long, or Ctrl-C comes again, it is killed with all of its own."""
    server.terminate()
    try:
        server.wait(STOP_SECONDS)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)  # and the children are tethered to it
        server.wait()


def _stay(running: Running) -> None:
    while (broken := running.broken()) is None:
        time.sleep(LOOK_SECONDS)
    log = Path(running.stack.logs) / ("engine.log" if broken == "embedded AWS" else f"{broken.split()[0]}.log")
    raise LocalError(f"The {broken} ended by itself.", "start again", log)


def _refuse_second(home: Path) -> None:
    if (pid := serving_pid(home)) is not None:
        raise LocalError(
            f"A stack is running, starting or stopping here (process {pid}).", "wait for it, or stop it: `make down`"
        )


@contextlib.contextmanager
def _held(home: Path) -> Iterator[None]:
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("a+") as lock:
        if not _locked(lock):
            _refuse_second(home)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
        lock.truncate(0)


def _locked(lock: TextIO) -> bool:
    """True if nobody had it; then we do, until the file is closed."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
