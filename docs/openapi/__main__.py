"""`make openapi`."""

import sys

from docs.openapi import write

sys.stdout.write(f"{write()}\n")
