"""What is taken out of a text, and where it may be cut."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.characters import clean, one_line, shorten

ANY = st.text(alphabet=st.characters(), max_size=200)  # lone surrogates as well


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x00b", "ab"),
        ("a\r\nb", "a  b"),
        ("a\tb\x0bc\x0cd", "a b c d"),
        ("a\x85b\u2028c\u2029d", "a b c d"),
        ("\u202eabc\u202c \u2066x\u2069", "abc x"),
        ("a\ud835b", "ab"),
        ("\ufeffa\ufffeb", "ab"),
        ("a\x7fb\x9fc", "abc"),
        ("שלום \u200fabc", "שלום \u200fabc"),
        ("👩\u200d🔬", "👩\u200d🔬"),
    ],
)
def test_controls_go_and_breaks_become_spaces(text: str, expected: str) -> None:
    """Marks that belong to a script or to an emoji stay (T84)."""
    assert clean(text) == expected


@given(ANY)
def test_a_clean_text_is_clean(text: str) -> None:
    """Twice is the same as once, and it can be encoded."""
    once = clean(text)

    assert clean(once) == once
    assert len(once.encode().decode()) == len(once)


@given(ANY)
def test_one_line_has_no_other_space_than_single_ones(text: str) -> None:
    """Splitting and joining changes nothing."""
    line = one_line(text)

    assert " ".join(line.split()) == line


@given(ANY, st.integers(1, 50))
def test_a_shortened_text_is_a_beginning_and_fits(text: str, limit: int) -> None:
    """With an ellipsis if something is missing."""
    short = shorten(text, limit)

    assert len(short) <= limit
    assert text.startswith(short.removesuffix("…"))
    assert short == text or short.endswith("…")


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("parsing of treebanks", 20, "parsing of treebanks"),
        ("parsing of treebanks", 15, "parsing of…"),
        ("parsing, of treebanks", 9, "parsing…"),
        ("incomprehensibilities", 8, "incompr…"),
        ("e\u0301e\u0301e\u0301", 4, "e\u0301…"),
        ("a👍🏽b", 3, "a…"),
        ("ab👩\u200d🔬c", 4, "ab…"),
        ("🇩🇪🇫🇷", 3, "🇩🇪…"),
        ("🇩🇪🇫🇷🇮🇹", 4, "🇩🇪…"),
        ("🇩🇪🇫🇷🇮🇹", 2, "…"),
        ("☀\ufe0f☀\ufe0f", 3, "☀\ufe0f…"),
        ("abc", 1, "…"),
    ],
)
def test_a_text_is_cut_where_a_reader_sees_a_boundary(text: str, limit: int, expected: str) -> None:
    """At a word if there is one, and never inside of what is seen as one character (T82)."""
    assert shorten(text, limit) == expected


@given(ANY, st.integers(2, 50))
def test_no_cut_leaves_a_mark_behind(text: str, limit: int) -> None:
    """What follows the cut does not belong to what is before it."""
    short = shorten(text, limit)
    rest = text[len(short.removesuffix("…")) :].lstrip(" ,;:([–—-") if short != text else "x"

    assert not unicodedata.category(rest[:1] or "x").startswith("M") or len(short) == 1


def test_a_limit_below_one_is_a_mistake() -> None:
    """There is no text of no characters with an ellipsis."""
    with pytest.raises(ValueError, match="0 characters"):
        shorten("abc", 0)
