"""What an update makes of an item, for those who keep a table in memory: the expressions that our adapters write."""

import re
from collections.abc import Mapping
from typing import Any

Item = Mapping[str, Mapping[str, Any]]

SET = re.compile(r"(#?\w+) = (?:(:\w+)|list_append\(if_not_exists\((\w+), (:\w+)\), (:\w+)\))(?:, |$)")


def updated(before: Item, asked: Mapping[str, Any]) -> Item:
    """Raises NotImplementedError for an expression that no adapter of a job writes."""
    found = re.fullmatch(r"SET (.+) REMOVE (\w+(?:, \w+)*)", asked["UpdateExpression"])
    if not found or SET.sub("", found[1]):
        raise NotImplementedError(asked["UpdateExpression"])
    values, names = asked["ExpressionAttributeValues"], asked.get("ExpressionAttributeNames", {})
    after = {**asked["Key"], **before}
    for name, value, list_name, none, more in SET.findall(found[1]):
        if value:
            after[names.get(name, name)] = values[value]
        else:
            after[name] = {"L": [*before.get(list_name, values[none])["L"], *values[more]["L"]]}
    return {name: value for name, value in after.items() if name not in found[2].split(", ")}
