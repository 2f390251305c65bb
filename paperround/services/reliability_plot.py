"""The reliability diagram: what was promised against what came true, as an SVG drawing.

Draws; computes no statistics.
"""

from collections.abc import Iterator

from recommender.reliability import Bin, Reliability

__all__ = ["reliability_svg"]

SIDE, LEFT, TOP = 400, 64, 56
"""Of the square that holds 0 to 100 % both ways, and the room beside and above it."""
WIDTH, HEIGHT = LEFT + SIDE + 24, TOP + SIDE + 104
INK, FAINT, ACCENT = "#1f2430", "#c9cdd6", "#0b6bcb"
LARGEST = 11.0
"""Radius of the bin with the most ratings; areas go with ratings."""
LEAST = 3.0

STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1f2430}"
    ".title{font-size:16px;font-weight:600}.small{font-size:11px;fill:#5a6070}"
)


def reliability_svg(before: Reliability, after: Reliability, *, taught: int) -> str:
    """Return a drawing of the chances stated before and after learning, as SVG text.

    Bins are discs, their areas in proportion to their ratings, with Wilson's 95 % intervals. A
    perfect promise lies on the diagonal.

    Args:
        before: of the prior; drawn as hollow discs.
        after: of the learned calibration, on the same ratings.
        taught: ratings that it was learned from.
    """
    most = max((each.count for each in (*before.bins, *after.bins)), default=1)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" role="img" aria-label="Reliability diagram">',
        f"<style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        _text(LEFT, 24, "Does the score come true?", "title"),
        _text(LEFT, 42, f"{after.count:,} later ratings; learned from {taught:,} earlier", "small"),
        *_grid(),
        *(_disc(each, most, FAINT, hollow=True) for each in before.bins),
        *(_disc(each, most, ACCENT, hollow=False) for each in after.bins),
        *_legend(before, after),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _grid() -> Iterator[str]:
    for percent in range(0, 101, 20):
        x, y = _x(percent), _y(percent)
        yield _line((x, _y(0)), (x, _y(100)), FAINT, 0.5)
        yield _line((_x(0), y), (_x(100), y), FAINT, 0.5)
        yield _text(x, _y(0) + 18, f"{percent}", "small", "middle")
        yield _text(LEFT - 8, y + 4, f"{percent}", "small", "end")
    yield _line((_x(0), _y(0)), (_x(100), _y(100)), INK, 1.0, ' stroke-dasharray="4 4"')
    yield _text(_x(50), _y(0) + 38, "score shown, %", "", "middle")
    turned = f' transform="rotate(-90 {LEFT - 42} {_y(50):.1f})"'
    yield _text(LEFT - 42, _y(50), "thumbs up, % of ratings", "", "middle", turned)


def _disc(each: Bin, most: int, colour: str, *, hollow: bool) -> str:
    x, (low, high) = _x(each.predicted), each.interval
    radius = max(LEAST, LARGEST * (each.count / most) ** 0.5)
    fill = "#ffffff" if hollow else colour
    stroke = INK if hollow else colour
    said = f"{each.count} ratings: {each.predicted:.0f} % shown, {each.observed:.0f} % thumbs up"
    return (
        f"<g><title>{said}</title>{_line((x, _y(low)), (x, _y(high)), stroke, 1.5)}"
        f'<circle cx="{x:.1f}" cy="{_y(each.observed):.1f}" r="{radius:.1f}" fill="{fill}" '
        f'stroke="{stroke}" fill-opacity="0.85"/></g>'
    )


def _legend(before: Reliability, after: Reliability) -> Iterator[str]:
    rows = ((before, "as shipped", "#ffffff", INK), (after, "learned", ACCENT, ACCENT))
    for number, (found, name, fill, stroke) in enumerate(rows):
        y = _y(0) + 66 + 20 * number
        yield f'<circle cx="{LEFT + 6}" cy="{y - 4}" r="5" fill="{fill}" stroke="{stroke}"/>'
        figures = "no later ratings"
        if found.count:
            figures = (
                f"expected error {found.expected_error:.3f}, Brier {found.brier:.3f}, "
                f"log loss {found.log_loss:.3f}"
            )
        yield _text(LEFT + 20, y, f"{name}: {figures}")


def _x(percent: float) -> float:
    return LEFT + SIDE * percent / 100.0


def _y(percent: float) -> float:
    return TOP + SIDE * (1.0 - percent / 100.0)


def _line(
    start: tuple[float, float], end: tuple[float, float], colour: str, width: float, more: str = ""
) -> str:
    return (
        f'<line x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}" '
        f'stroke="{colour}" stroke-width="{width}"{more}/>'
    )


def _text(
    x: float, y: float, said: str, kind: str = "", anchor: str = "start", more: str = ""
) -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{named}{more}>{said}</text>'
