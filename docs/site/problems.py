"""The page that a problem's `type` leads to."""

from html import escape

from docs.problems import Kind, kinds
from docs.site.frame import line

ABOUT = (
    "Errors of our own API are problem details (RFC 9457): `type` is stable, `detail` says what is wrong with this "
    "request, and `Link: ...; rel=help` leads to the entry below. Vendors' clients are refused in their vendor's words."
)


def of_problems() -> tuple[str, str]:
    """Contents and text."""
    entries = "".join(f'<li><a href="#{one.slug}"><code>{one.status}</code> {one.slug}</a></li>' for one in kinds())
    sections = "".join(_section(one) for one in kinds())
    return f"<h2>Problems</h2><ul>{entries}</ul>", f"<h1>Problems</h1>\n<p>{line(ABOUT)}</p>\n{sections}"


def _section(one: Kind) -> str:
    facts = f"<dt>Means</dt><dd>{line(one.meaning)}</dd><dt>Do</dt><dd>{line(one.advice)}</dd>"
    return f"""\
<section id="{one.slug}" class="call"><h3>{escape(one.title)}</h3>
<p class="path"><code>{one.status}</code> <code>{one.type}</code></p>
<dl class="facts">{facts}</dl></section>
"""
