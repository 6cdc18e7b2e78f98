"""Texts of a certain form."""

from dataclasses import dataclass
from typing import Annotated, Any


@dataclass(frozen=True, slots=True)
class Format:
    """A `format` of JSON Schema for a text; who makes schemas asks for it by this method's name."""

    name: str

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        return {**handler(core), "format": self.name}


Moment = Annotated[str, Format("date-time")]
Link = Annotated[str, Format("uri")]
