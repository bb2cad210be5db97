"""Plots as SVG, without a library for it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT, _BOTTOM = 720, 420, 70, 40, 150, 50
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#6a3d9a")
"""Told apart by people who see colours differently, on white and on black."""


@dataclass(frozen=True, slots=True)
class Line:
    """A named line through points, all above zero."""

    name: str
    points: Sequence[tuple[float, float]]


def log_log(title: str, lines: Sequence[Line]) -> str:
    """Return a plot with both axes in powers of ten."""
    xs = _decades([x for line in lines for x, _ in line.points])
    ys = _decades([y for line in lines for _, y in line.points])

    def across(x: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (math.log10(x) - xs[0]) / (xs[-1] - xs[0])

    def down(y: float) -> float:
        return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * (math.log10(y) - ys[0]) / (ys[-1] - ys[0])

    parts = [_text(_WIDTH / 2, 22, title, "middle")]
    for power in xs:
        x = across(10.0**power)
        parts.append(_stroke([(x, _TOP), (x, _HEIGHT - _BOTTOM)], "#8884", 1))
        parts.append(_text(x, _HEIGHT - _BOTTOM + 22, f"{10**power:,}", "middle"))
    for power in ys:
        y = down(10.0**power)
        parts.append(_stroke([(_LEFT, y), (_WIDTH - _RIGHT, y)], "#8884", 1))
        parts.append(_text(_LEFT - 8, y + 4, f"{10.0**power:,g}", "end"))
    for colour, line in zip(_COLOURS, lines, strict=False):
        points = [(across(x), down(y)) for x, y in line.points]
        parts.append(_stroke(points, colour, 2.5))
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in points]
        parts.append(_text(points[-1][0] + 10, points[-1][1] + 4, line.name, "start", colour))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img"'
    style = 'font-family="sans-serif" font-size="13"'
    ground = '<rect width="100%" height="100%" fill="#fff"/>'
    return "\n".join([f"{head} {style}>", f"<title>{escape(title)}</title>", ground, *parts, "</svg>", ""])


def _decades(values: Sequence[float]) -> list[int]:
    """Return the powers of ten around the values, two at least."""
    first, last = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return list(range(first, max(last, first + 1) + 1))


def _text(x: float, y: float, text: str, anchor: str, colour: str = "#333") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'


def _stroke(points: Sequence[tuple[float, float]], colour: str, width: float) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}"/>'
