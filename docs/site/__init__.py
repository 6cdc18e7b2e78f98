"""The pages at `/docs`: the OpenAPI documents for readers, without a script. `make openapi` writes them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docs.site.frame import framed
from docs.site.operations import contents, reference
from docs.site.problems import of_problems

STYLE = Path(__file__).with_name("style.css")


def site(documents: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """File name -> text. `documents` are by the name of their page; the first is at `/docs` itself."""
    names = {page: _title(one) for page, one in documents.items()} | {"index": "Our own API", "problems": "Problems"}
    found = {}
    for page, one in documents.items():
        file = "openapi.json" if page == "index" else f"../openapi/{page}.json"
        found[f"{page}.html"] = framed(page, names, contents(one), reference(one, file))
    found["problems.html"] = framed("problems", names, *of_problems())
    return found | {"style.css": STYLE.read_text()}


def _title(document: Mapping[str, Any]) -> str:
    return str(document["info"]["title"]).removesuffix(", by Reprise")
