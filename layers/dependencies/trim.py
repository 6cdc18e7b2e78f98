"""Cuts botocore's data to the calls of calls.toml: `python trim.py <folder of the wheels>`.

A client reads the description of its whole service before the first call, and lists the folders of all 400 services
to find it. Models, paginators and endpoints of ours stay as they are, without their documentation.
"""

import json
import shutil
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

CALLS: Mapping[str, Sequence[str]] = tomllib.loads(Path(__file__).with_name("calls.toml").read_text())
FOR_ALL = ("_retry", "endpoints", "partitions", "sdk-default-configuration")


def trim(wheels: Path) -> None:
    sys.path.insert(0, str(wheels))
    from botocore.loaders import Loader

    data, kept = wheels / "botocore" / "data", wheels / "botocore" / "trimmed"
    loader = Loader(extra_search_paths=[str(data)], include_default_search_paths=False)
    for service, calls in CALLS.items():
        version = loader.determine_latest_version(service, "service-2")
        place = f"{service}/{version}"
        paginators = loader.load_service_model(service, "paginators-1")
        write(kept / place / "service-2.json", model(loader.load_service_model(service, "service-2"), calls))
        write(kept / place / "paginators-1.json", {"pagination": only(paginators["pagination"], calls)})
        write(kept / place / "endpoint-rule-set-1.json", loader.load_service_model(service, "endpoint-rule-set-1"))
    for name in FOR_ALL:
        write(kept / f"{name}.json", loader.load_data(name))
    write(kept / "endpoints.json", endpoints(loader.load_data("endpoints")))
    shutil.rmtree(data)
    kept.rename(data)


def model(whole: Mapping[str, Any], calls: Sequence[str]) -> dict[str, Any]:
    """Of a service's model the calls, and the shapes that they are made of."""
    operations = {call: whole["operations"][call] for call in calls}
    needed: set[str] = set()
    todo = list(shapes_in(operations))
    while todo:
        shape = todo.pop()
        if shape not in needed:
            needed.add(shape)
            todo += shapes_in(whole["shapes"][shape])
    shapes = only(whole["shapes"], needed)
    return {**whole, "operations": without_words(operations), "shapes": without_words(shapes), "documentation": ""}


def shapes_in(part: Any) -> Iterator[str]:
    """Names of the shapes that a part of a model refers to: `{"shape": "TableName"}`."""
    values = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    if isinstance(part, dict) and isinstance(part.get("shape"), str):
        yield part["shape"]
    for value in values:
        yield from shapes_in(value)


def without_words(part: Any) -> Any:
    if isinstance(part, dict):
        return {k: without_words(v) for k, v in part.items() if k != "documentation" or not isinstance(v, str)}
    return [without_words(one) for one in part] if isinstance(part, list) else part


def endpoints(whole: Mapping[str, Any]) -> dict[str, Any]:
    """Of each partition what it says of our services; its regions and defaults stay."""
    parts = [{**one, "services": only(one["services"], CALLS)} for one in whole["partitions"]]
    return {**whole, "partitions": parts}


def only(table: Mapping[str, Any], names: Any) -> dict[str, Any]:
    return {name: value for name, value in table.items() if name in names}


def write(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, separators=(",", ":")))


if __name__ == "__main__":
    trim(Path(sys.argv[1]))
