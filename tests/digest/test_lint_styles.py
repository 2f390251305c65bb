"""Style sheets and colours, as far as checks of a mail need them."""

import pytest

from digest.lint.styles import colour, contrast, dark_rules


def test_a_sheet_is_read_as_far_as_it_is_understood() -> None:
    """Selectors of several elements are passed over, and a missing brace ends nothing early."""
    rules = dark_rules(
        "@media (prefers-color-scheme: dark) { div p, .a.b { color: #fff }"
        "/* } */ td { color: #eee }"
    )

    assert [(rule.tag, sorted(rule.classes), rule.declared) for rule in rules] == [
        ("", ["a", "b"], {"color": "#fff"}),
        ("td", [], {"color": "#eee"}),
    ]


def test_black_on_white_has_the_greatest_contrast() -> None:
    """Known answers of WCAG: 21, 1 and, for #767676 on white, 4.54."""
    white, black, grey = colour("#fff"), colour("black"), colour("rgb(118, 118, 118)")
    assert white is not None
    assert black is not None
    assert grey is not None

    assert contrast(black, white) == pytest.approx(21)
    assert contrast(white, white) == pytest.approx(1)
    assert contrast(white, grey) == pytest.approx(4.54, abs=0.005)
