"""An OpenAPI document for readers: its operations, what they are told and answer, and the schemas that they name."""

import json
from collections.abc import Iterator, Mapping
from html import escape
from itertools import chain
from typing import Any

from docs.site.frame import line, words
from docs.site.shapes import anchor, fields, type_of

Document = Mapping[str, Any]


def contents(document: Document) -> str:
    calls = "".join(_entry(one["operationId"], one["summary"], method) for method, _, one in _calls(document))
    told = "".join(_entry(one["post"]["operationId"], name) for name, one in document.get("webhooks", {}).items())
    shapes = "".join(_entry(anchor(name), name) for name in _shown(document))
    hooks = f"<h2>Webhooks</h2><ul>{told}</ul>" if told else ""
    return f"<h2>Calls</h2><ul>{calls}</ul>{hooks}<h2>Schemas</h2><ul>{shapes}</ul>"


def reference(document: Document, file: str) -> str:
    info = document["info"]
    bases = ", ".join(f"<code>{escape(one['url'])}</code>" for one in document["servers"])
    (key,) = document["components"]["securitySchemes"].values()
    calls = "".join(_call(document, *one) for one in _calls(document))
    hooks = "".join(_hook(name, one["post"]) for name, one in document.get("webhooks", {}).items())
    shapes = "".join(_shape(name, document["components"]["schemas"][name]) for name in _shown(document))
    return f"""\
<h1>{escape(info["title"])}</h1>
{words(info["description"])}
<dl class="facts"><dt>Base URL</dt><dd>{bases} of this gateway</dd><dt>Key</dt><dd>{line(key["description"])}</dd>
<dt>For programs</dt><dd><a href="{escape(file)}">{escape(file.removeprefix("../"))}</a> (OpenAPI 3.1)</dd></dl>
<h2>Calls</h2>
{calls}{"<h2>Webhooks</h2>" + hooks if hooks else ""}<h2>Schemas</h2>
{shapes}"""


def _calls(document: Document) -> Iterator[tuple[str, str, Document]]:
    return ((method, path, one) for path, known in document["paths"].items() for method, one in known.items())


def _shown(document: Document) -> list[str]:
    return [name for name in document["components"]["schemas"] if name != "Nothing"]


def _entry(target: str, name: str, method: str = "") -> str:
    mark = f'<span class="method {method}">{method.upper()}</span> ' if method else ""
    return f'<li><a href="#{target}">{mark}{escape(name)}</a></li>'


def _call(document: Document, method: str, path: str, one: Document) -> str:
    free = ' <span class="quiet">no key</span>' if one.get("security") == [] else ""
    parts = [
        f'<section id="{one["operationId"]}" class="call"><h3>{escape(one["summary"])}</h3>',
        f'<p class="path"><span class="method {method}">{method.upper()}</span> <code>{_path(path)}</code>{free}</p>',
        words(one.get("description", "")),
        _parameters(one.get("parameters", ())),
        _body(one.get("requestBody")),
        _answers(document, one["responses"]),
        *(_told(place, told) for place, told in one.get("callbacks", {}).items()),
    ]
    return "".join(parts) + "</section>\n"


def _path(path: str) -> str:
    """A long one may be broken at its slashes."""
    return escape(path).replace("/", "/<wbr>")


def _hook(name: str, one: Document) -> str:
    head = f'<section id="{one["operationId"]}" class="call"><h3><code>{escape(name)}</code></h3>'
    return f"{head}{words(one['summary'])}{_body(one['requestBody'])}</section>\n"


def _parameters(every: Any) -> str:
    rows = ""
    for one in every:
        need = "" if one.get("required") else ", may be missing"
        told = f"<p>{line(one['description'])}</p>" if one.get("description") else ""
        head = f'<code>{escape(one["name"])}</code> <span class="quiet">{one["in"]}{need}</span>'
        rows += f'<tr><th scope="row">{head}</th><td>{type_of(one["schema"])}{told}</td></tr>'
    return f"<h4>Parameters</h4><table><tbody>{rows}</tbody></table>" if rows else ""


def _body(one: Document | None) -> str:
    if one is None:
        return ""
    kinds = {kind: media["schema"] for kind, media in one["content"].items()}
    lines = "".join(f"<li><code>{escape(kind)}</code>: {type_of(schema)}</li>" for kind, schema in kinds.items())
    shown = [media["example"] for media in one["content"].values() if "example" in media]
    example = "".join(f"<pre tabindex=0><code>{escape(_json(one))}</code></pre>" for one in shown)
    return f"<h4>Body</h4><ul>{lines}</ul>{example}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _answers(document: Document, answers: Mapping[str, Document]) -> str:
    """The good ones in full; those of a problem by their status and kinds, folded."""
    plain = [(status, _resolved(document, one)) for status, one in answers.items()]
    good = "".join(_answer(status, one) for status, one in plain if status < "400")
    bad = "".join(_answer(status, one) for status, one in plain if status >= "400")
    count = sum(status >= "400" for status, _ in plain)
    folded = f"<details><summary>{count} answers that refuse</summary><dl>{bad}</dl></details>" if bad else ""
    return f"<h4>Answers</h4><dl>{good}</dl>{folded}"


def _resolved(document: Document, answer: Document) -> Document:
    name = answer.get("$ref", "").rpartition("/")[2]
    return dict(document["components"]["responses"][name]) if name else answer


def _answer(status: str, one: Document) -> str:
    shapes = [type_of(media["schema"]) for media in one.get("content", {}).values()]
    heads = [f"<code>{escape(name)}</code>" for name in one.get("headers", {})]
    beside = ", ".join(chain(shapes, heads))
    told = f'<p class="quiet">{beside}</p>' if beside else ""
    return f"<dt><code>{status}</code></dt><dd>{words(one['description'])}{told}</dd>"


def _told(place: str, callback: Document) -> str:
    (path,) = callback.values()
    (media,) = path["post"]["requestBody"]["content"].values()
    return f"<h4>POSTed to <code>{escape(place)}</code></h4><ul><li>{type_of(media['schema'])}</li></ul>"


def _shape(name: str, schema: Document) -> str:
    return f'<section id="{anchor(name)}" class="shape"><h3>{escape(name)}</h3>{fields(schema)}</section>\n'
