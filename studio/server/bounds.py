"""What a worker may use of the machine."""

import os
import resource
import sys
from pathlib import Path

MEGABYTE = 1_000_000
BESIDE_DATA = 4000
"""Megabytes of address space beyond the bound, for what is mapped and hardly used: libraries, files, arenas."""

NICE = 5


def bind(memory_mb: int) -> None:
    """In the worker, before anything large is imported: an allocation beyond the bound raises MemoryError.

    Linux counts what is written (RLIMIT_DATA, since 4.7); elsewhere only address space can be bounded.
    """
    data, space = memory_mb * MEGABYTE, (memory_mb + BESIDE_DATA) * MEGABYTE
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_DATA, (data, data))
        resource.setrlimit(resource.RLIMIT_AS, (space, space))
    elif sys.platform != "darwin":  # macOS has the call and refuses it
        resource.setrlimit(resource.RLIMIT_AS, (space, space))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(NICE)


def resident(pid: int) -> int | None:
    """Bytes that a process has in memory; None where the system does not tell, or it has ended."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    except (OSError, IndexError):
        return None
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
