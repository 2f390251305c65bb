"""Text from outside fits on one line and into every database."""

from hypothesis import given
from hypothesis import strategies as st

from paperround.folding import fold, is_text


def test_white_space_of_any_kind_becomes_single_spaces() -> None:
    """Wrapped lines, tabs and no-break spaces are all one space."""
    assert fold(" A\n  long\u00a0title\t") == "A long title"


def test_what_no_database_keeps_is_dropped() -> None:
    """Control characters separate words; half a surrogate pair does not survive."""
    assert fold("a\x00b \ud800 c\x1b[0m") == "a b c [0m"


def test_marks_that_languages_need_are_kept() -> None:
    """Joiners of emoji and Persian, and right-to-left text, are not control characters."""
    assert fold("می\u200cخواهم 👩\u200d🔬") == "می\u200cخواهم 👩\u200d🔬"


@given(text=st.text(alphabet=st.characters()))
def test_folding_is_idempotent_and_encodable(text: str) -> None:
    """Folded text is folded, and UTF-8 holds it."""
    folded = fold(text)

    assert fold(folded) == folded
    assert folded.encode().decode() == folded


def test_half_a_surrogate_pair_is_no_text() -> None:
    """Python hands bytes that are not UTF-8 over as such halves."""
    assert not is_text("name \udcff")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_all_other_characters_are_text(text: str) -> None:
    """Whatever UTF-8 can write."""
    assert is_text(text)
