"""Every shape of an id means one paper, and nonsense means none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperround.errors import IdentityError
from paperround.identity import (
    arxiv_id,
    canonical,
    doi,
    find_arxiv_ids,
    paper_url,
    title_key,
)

new_ids = st.builds(
    "{:02d}{:02d}.{:05d}".format,
    st.integers(15, 90),
    st.integers(1, 12),
    st.integers(1, 99_999),
)
old_ids = st.builds(
    "{}/{:02d}{:02d}{:03d}".format,
    st.sampled_from(["hep-th", "math", "cs", "cond-mat", "math-ph", "q-bio", "alg-geom"]),
    st.sampled_from([*range(92, 100), *range(7)]),
    st.integers(1, 12),
    st.integers(1, 999),
)
shapes = st.sampled_from(
    [
        "{}",
        "arXiv:{}",
        "arxiv: {}",
        "ARXIV:{}",
        "arXiv preprint arXiv:{}",
        "[{}]",
        "({}).",
        '"{}",',
        "{} [cs.CL]",
        "abs/{}",
        "http://arxiv.org/abs/{}",
        "https://www.arxiv.org/abs/{}?context=cs",
        "https://arxiv.org/pdf/{}.pdf",
        "https://arxiv.org/pdf/{}#page=3",
        "arxiv.org/html/{}/",
        "https://export.arxiv.org/abs/{}",
        "https://xxx.lanl.gov/abs/{}",
        "https://ar5iv.labs.arxiv.org/html/{}",
        "https://www.alphaxiv.org/abs/{}",
        "https://alphaxiv.org/overview/{}",
        "https://huggingface.co/papers/{}",
        "10.48550/arXiv.{}",
        "doi:10.48550/arXiv.{}",
        "https://doi.org/10.48550/arXiv.{}",
        "oai:arXiv.org:{}",
        "arXiv%3A{}",
    ]
)


@given(name=new_ids | old_ids, version=st.none() | st.integers(1, 99), shape=shapes)
def test_every_shape_of_an_id_reads_back_as_its_name_and_version(
    name: str, version: int | None, shape: str
) -> None:
    """What an id is wrapped in does not matter."""
    written = name if version is None else f"{name}v{version}"

    assert arxiv_id(shape.format(written)) == (name, version)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("math.GT/0309136", "math/0309136"),
        ("cond-mat.mtrl-sci/0309136v2", "cond-mat/0309136"),
        ("Hep-Th/9901001", "hep-th/9901001"),
        ("hep-ph0605279", "hep-ph/0605279"),
        ("nlin0608019", "nlin/0608019"),
        ("0704.0001", "0704.0001"),
        ("1412.9999", "1412.9999"),
        ("arXiv:2605.00022v1 [cs.CL] 1 May 2026", "2605.00022"),
        ("\u201c2605.00022\u201d", "2605.00022"),
    ],
)
def test_old_and_worn_spellings_are_understood(text: str, name: str) -> None:
    """Subject classes, case, missing slashes and stamps are dropped."""
    assert arxiv_id(text)[0] == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "12.5",
        "0000.0000",
        "2605.00000",
        "2600.00001",
        "2613.00001",
        "0703.0001",
        "1412.12345",
        "1501.1234",
        "2605.0001",
        "2605.000221",
        "9901.00001",
        "hep-th/9913001",
        "hep-th/0704001",
        "hep-th/9106001",
        "hep-th/9901000",
        "nonsense/9901001",
        "2605.00022v0",
        "2605.00022 is worth reading",
        "10.1103/2605.12345",
        "https://example.org/abs/2605.00022",
        "２６０５.０００２２",
        "2605.00022" * 1000,
    ],
)
def test_an_id_that_arxiv_cannot_have_given_out_is_refused(text: str) -> None:
    """Impossible months, years and numbers, and other texts, name no paper."""
    with pytest.raises(IdentityError):
        arxiv_id(text)


def test_ids_are_found_in_prose_in_their_order() -> None:
    """Prose, lists and links give their ids; look-alikes are passed over."""
    text = (
        "See arXiv:1706.03762v5, (hep-th/9901001) and https://arxiv.org/pdf/2005.14165.pdf; "
        "not 10.1103/2605.12345, 1413.1234, 3.14159, 1905.123456 or ada@2605.00022."
    )

    found = list(find_arxiv_ids(text))

    assert found == [("1706.03762", 5), ("hep-th/9901001", None), ("2005.14165", None)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("10.1000/182", "10.1000/182"),
        ("doi:10.1000/ABC", "10.1000/abc"),
        ("DOI 10.1000/182", "10.1000/182"),
        ("https://doi.org/10.1000/182.", "10.1000/182"),
        ("http://dx.doi.org/10.1000/182", "10.1000/182"),
        ("https://doi.org/10.1000%2F182", "10.1000/182"),
        ("https://dl.acm.org/doi/pdf/10.1145/3292500", "10.1145/3292500"),
        ("(10.1000/182)", "10.1000/182"),
        ("10.1000/s(2)", "10.1000/s(2)"),
        (
            "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2",
            "10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2",
        ),
    ],
)
def test_a_doi_is_lower_case_and_bare(text: str, name: str) -> None:
    """Resolvers, prefixes, loose brackets and final punctuation are dropped."""
    assert doi(text) == name


@pytest.mark.parametrize(
    "text", ["", "10.1000/", "10.1000/).", "10.10/182", "182", "10.1000/1 and"]
)
def test_what_is_no_doi_is_refused(text: str) -> None:
    """A registrant without a name, or a text around it, is no DOI."""
    with pytest.raises(IdentityError):
        doi(text)


@pytest.mark.parametrize(
    ("text", "paper_id"),
    [
        ("https://arxiv.org/abs/2605.00022v2", "arxiv:2605.00022"),
        ("10.48550/ARXIV.2605.00022", "arxiv:2605.00022"),
        ("https://doi.org/10.1000/182", "doi:10.1000/182"),
    ],
)
def test_canonical_names_arxiv_papers_by_id_and_others_by_doi(text: str, paper_id: str) -> None:
    """The DOIs that arXiv gives are arXiv papers."""
    assert canonical(text) == paper_id


@given(name=new_ids | old_ids)
def test_canonical_is_idempotent(name: str) -> None:
    """A canonical id is its own canonical id."""
    assert canonical(canonical(name)) == canonical(name)


@given(text=st.text(max_size=80))
def test_any_text_names_a_paper_or_is_refused(text: str) -> None:
    """Nothing but `IdentityError` comes out of a text, and what is found stays itself."""
    try:
        paper_id = canonical(text)
    except IdentityError:
        paper_id = "doi:10.1000/182"

    assert canonical(paper_id) == paper_id


def test_paper_url_leads_to_the_paper() -> None:
    """An arXiv paper is read at arXiv, any other through its DOI."""
    assert paper_url("arxiv:hep-th/9901001") == "https://arxiv.org/abs/hep-th/9901001"
    assert paper_url("doi:10.1000/182") == "https://doi.org/10.1000/182"


@pytest.mark.parametrize("paper_id", ["2605.00022", "isbn:1", "arxiv:", ""])
def test_paper_url_refuses_what_is_not_canonical(paper_id: str) -> None:
    """An address is never guessed."""
    with pytest.raises(IdentityError):
        paper_url(paper_id)


@pytest.mark.parametrize(
    "title",
    [
        "BERT: Pre-training of Études",
        "bert pretraining of etudes",
        r"{BERT}: {Pre-training} of \'{E}tudes",
        "BERT \u2014 Pre-Training  of E\u0301tudes.",
    ],
)
def test_spellings_of_one_title_have_one_key(title: str) -> None:
    """Case, accents, braces, dashes and spaces do not tell titles apart."""
    assert title_key(title) == "bertpretrainingofetudes"


def test_titles_in_other_scripts_keep_their_letters() -> None:
    """Folding is not limited to Latin letters."""
    assert title_key("深層学習 (2)") == "深層学習2"


@pytest.mark.parametrize(
    "flood", ["a.a.", "arxiv", "http://", "1234.56789", "/", "a-", "arxiv.org/", "10.48550/arxiv."]
)
def test_a_flood_of_almost_ids_is_read_in_linear_time(flood: str) -> None:
    """No pattern goes over a long text more than a few times (a slow one would take hours)."""
    assert list(find_arxiv_ids(flood * 100_000)) == []
