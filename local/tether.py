"""Run a command that cannot outlive its starter: `python -I -S tether.py STARTER_PID COMMAND...`

Linux: the kernel kills us when the starter dies (PR_SET_PDEATHSIG survives exec), so we become the command.
Elsewhere: we stay, run the command in our process group, and kill the group once our parent is no longer the starter.
"""

import os
import signal
import subprocess
import sys
import time

PR_SET_PDEATHSIG = 1
LOOK_SECONDS = 0.5


def main(starter: int, command: list[str]) -> int:
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != starter:  # it died before the call above
            return 1
        os.execvp(command[0], command)  # noqa: S606
    return _watch(starter, command)


def _watch(starter: int, command: list[str]) -> int:
    child = subprocess.Popen(command)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    while child.poll() is None:
        if os.getppid() != starter:
            os.killpg(os.getpgrp(), signal.SIGKILL)
        time.sleep(LOOK_SECONDS)
    return child.returncode


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
