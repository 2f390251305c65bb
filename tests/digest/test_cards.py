from datetime import date

import pytest

from digest.cards import PaperFacts, card, key_sentence

ARXIV = "https://arxiv.org/abs/2605.00022"


def facts(**fields: object) -> PaperFacts:
    """Make the facts of a paper that has no more than a title and an address."""
    values: dict[str, object] = {"paper_id": "arxiv:2605.00022", "title": "A title", "url": ARXIV}
    return PaperFacts(**(values | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("announced_on", "label"),
    [(date(2026, 5, 4), "May 4"), (date(2024, 5, 4), "May 4, 2024"), (None, "")],
)
def test_dates_name_the_year_only_where_it_is_another(
    announced_on: date | None, label: str
) -> None:
    """Month and day in the digest's own year, with the year when older."""
    assert card(facts(announced_on=announced_on), year=2026).date_label == label


@pytest.mark.parametrize(
    ("authors", "line"),
    [
        ((), ""),
        (("Ada",), "Ada"),
        (("Ada", "Grace", "Alan"), "Ada, Grace, Alan"),
        (("Ada", "Grace", "Alan", "Ada"), "Ada, Grace, Alan et al."),
        (("Ada",) * 3_300, "Ada, Ada, Ada et al."),
    ],
)
def test_three_authors_are_named(authors: tuple[str, ...], line: str) -> None:
    """The first three, and "et al." only where there are more."""
    assert card(facts(authors=authors), year=2026).authors == line


def test_latex_is_readable_everywhere() -> None:
    """Titles, names and abstracts come as their authors wrote them."""
    made = card(
        facts(title=r"On $\alpha$", authors=(r"Kurt G\"odel",), abstract=r"\emph{So} it is."),
        year=2026,
    )

    assert (made.title, made.authors, made.abstract) == ("On α", "Kurt Gödel", "So it is.")


@pytest.mark.parametrize("field", ["title", "abstract"])
def test_a_megabyte_of_text_becomes_a_few_lines(field: str) -> None:
    """T82: cut at a word, whatever the length."""
    made = card(facts(**{field: "word " * 200_000}), year=2026)

    assert len(getattr(made, field)) <= 220
    assert getattr(made, field).endswith("word…")


def test_a_title_of_nothing_becomes_the_papers_identity() -> None:
    """A link needs a text."""
    assert card(facts(title="\x00\u200b "), year=2026).title == "arxiv:2605.00022"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//host/path",
        "https://",
        "http://[bad",
        "https://a b/",
        "https://a\u202eb/",
        "https://host/" + "x" * 600,
        "",
    ],
)
def test_what_is_no_address_of_the_web_is_left_out(address: str) -> None:
    """Check A33: https links only; a paper without an address has a title without a link."""
    made = card(facts(url=address, code_url=address), year=2026)

    assert (made.url, made.code_url) == ("", "")


def test_plain_http_becomes_https() -> None:
    """Check A33."""
    made = card(facts(code_url="http://github.com/ada/code"), year=2026)

    assert made.code_url == "https://github.com/ada/code"


def test_affiliations_are_named_once_each() -> None:
    """Authors of one house share it."""
    made = card(facts(affiliations=("ETH Zürich", "MIT", "ETH Zürich", "")), year=2026)

    assert made.affiliations == "ETH Zürich; MIT"


def test_key_sentences_are_readable_and_bounded() -> None:
    """A sentence of an abstract may be as long as the abstract."""
    assert key_sentence(r"We reach $O(n^2)$.") == "We reach O(n²)."
    assert len(key_sentence("word " * 10_000)) <= 300


@pytest.mark.parametrize(
    ("novelty", "forecast", "expected"),
    [
        (93.4, 88.0, "Novelty 93 · Forecast 88"),
        (0.0, None, "Novelty 0"),
        (float("nan"), 100.0, "Forecast 100"),
        (None, float("nan"), ""),
    ],
)
def test_prospects_are_said_where_they_are_known(
    novelty: float | None, forecast: float | None, expected: str
) -> None:
    """In whole numbers; what is not a number is unknown."""
    made = card(facts(novelty=novelty, forecast=forecast), year=2026)

    assert made.prospects == expected
