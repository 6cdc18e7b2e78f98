"""`make openapi`."""

import sys

from docs.openapi import ROOT, texts

for path, text in texts().items():
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    sys.stdout.write(f"{path.relative_to(ROOT)}\n")
