"""What all pages have: the head, the choice of page, the contents beside the text."""

from collections.abc import Mapping
from html import escape

from markdown_it import MarkdownIt

MARKDOWN = MarkdownIt("commonmark", {"html": False})

FRAME = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="stylesheet" href="{here}style.css">
</head>
<body>
<a class="skip" href="#text">To the text</a>
<header><p class="brand">Reprise</p><nav aria-label="APIs">{pages}</nav>
<a class="jump" href="#contents">Contents</a></header>
<div class="sides">
<main id="text">
{text}</main>
<nav class="contents" id="contents" aria-label="Contents">{contents}</nav>
</div>
</body>
</html>
"""


def framed(page: str, names: Mapping[str, str], contents: str, text: str) -> str:
    """Links are relative: the gateway may lie below a path. `/docs` itself is no folder, all others lie in it."""
    here = "docs/" if page == "index" else ""
    title = "Reprise API" if page == "index" else f"{names[page]} - Reprise API"
    pages = "".join(_link(one, name, one == page, here) for one, name in names.items())
    return FRAME.format(title=escape(title), here=here, pages=pages, contents=contents, text=text)


def _link(page: str, name: str, current: bool, here: str) -> str:
    target = ("docs" if here else "../docs") if page == "index" else f"{here}{page}"
    mark = ' aria-current="page"' if current else ""
    return f'<a href="{target}"{mark}>{escape(name)}</a>'


def words(text: str) -> str:
    """Markdown, as it stands in the documents."""
    return str(MARKDOWN.render(text))


def line(text: str) -> str:
    """The same within a line."""
    return str(MARKDOWN.renderInline(text))
