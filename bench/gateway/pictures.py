"""Plain SVG: what is measured is two bars and a goal, or a stack. A drawing library would be the larger part."""

from collections.abc import Mapping, Sequence
from html import escape

from bench.gateway.row import Row

WIDTH, LEFT, BAR, GAP = 720, 130, 26, 12
INK, OURS, FLOOR, GOAL = "#24292f", "#2f6f8f", "#b8c4cc", "#c0392b"
SERVICES = ("#2f6f8f", "#7fb069", "#e6aa68", "#ca3c25", "#8d6a9f", "#5c946e", "#b8c4cc", "#1d1a31")


def bars(row: Row) -> str:
    """Ours above the floor, and a line where the goal is."""
    scale = (WIDTH - LEFT - 110) / max(row.ours, row.floor, row.limit, 1e-12)
    drawn = [
        bar
        for place, (name, value, colour) in enumerate([("ours", row.ours, OURS), ("floor", row.floor, FLOOR)])
        for bar in _bar(name, f"{number(value)} {row.unit}", GAP + place * (BAR + GAP), value * scale, colour)
    ]
    x, height = LEFT + row.limit * scale, 2 * BAR + 3 * GAP
    drawn.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="4" y2="{height}" stroke="{GOAL}" stroke-width="2"/>')
    drawn.append(_text(x, height + 14, f"goal {row.goal}", "middle", GOAL))
    return _svg(height + 24, drawn)


def stacked(columns: Mapping[str, Mapping[str, float]], goal: float, unit: str) -> str:
    """Name of a bar -> part -> value."""
    most = max([goal, *(sum(parts.values()) for parts in columns.values())])
    scale = (WIDTH - LEFT - 110) / most
    names = list(dict.fromkeys(part for parts in columns.values() for part in parts))
    colours = dict(zip(names, SERVICES * len(names), strict=False))
    drawn: list[str] = []
    for place, (name, parts) in enumerate(columns.items()):
        y, x = GAP + place * (BAR + GAP), float(LEFT)
        drawn.append(_text(LEFT - 8, y + BAR * 0.68, name, "end"))
        for part, value in parts.items():
            drawn.append(_rect(x, y, value * scale, colours[part], f"{part}: {number(value)} {unit}"))
            x += value * scale
        drawn.append(_text(x + 6, y + BAR * 0.68, f"{number(sum(parts.values()))} {unit}"))
    bottom = GAP + len(columns) * (BAR + GAP)
    x = LEFT + goal * scale
    drawn.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="4" y2="{bottom}" stroke="{GOAL}" stroke-width="2"/>')
    drawn.append(_text(x, bottom + 14, f"goal {number(goal)} {unit}", "middle", GOAL))
    return _svg(bottom + 30 + 18 * -(-len(names) // 3), [*drawn, *_legend(names, colours, bottom + 26)])


def number(value: float) -> str:
    """Three digits that mean something; no more was measured."""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _legend(names: Sequence[str], colours: Mapping[str, str], y: float) -> list[str]:
    drawn = []
    for place, name in enumerate(names):
        x, line = LEFT + (place % 3) * 190, y + 18 * (place // 3)
        drawn += [_rect(x, line, 12, colours[name], name, 12), _text(x + 18, line + 10, name)]
    return drawn


def _bar(name: str, told: str, y: float, width: float, colour: str) -> list[str]:
    middle = y + BAR * 0.68
    return [
        _text(LEFT - 8, middle, name, "end"),
        _rect(LEFT, y, width, colour, told),
        _text(LEFT + width + 6, middle, told),
    ]


def _rect(x: float, y: float, width: float, colour: str, title: str, height: float = BAR) -> str:
    shape = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height}" fill="{colour}"'
    return f"<rect {shape}><title>{escape(title)}</title></rect>"


def _text(x: float, y: float, text: str, anchor: str = "start", colour: str = INK) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'


def _svg(height: float, drawn: Sequence[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" font-family="sans-serif"'
    paper = '<rect width="100%" height="100%" fill="#ffffff"/>'
    return "\n".join([f'{head} font-size="13">', paper, *drawn, "</svg>"]) + "\n"
