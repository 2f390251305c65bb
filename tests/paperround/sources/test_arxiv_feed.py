"""arXiv's feeds become papers; what only looks like a feed becomes an error."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperround.errors import SourceUnreachableError, UnknownCategoryError
from paperround.records import AuthorRecord, PaperRecord
from paperround.sources import ArxivFeed, parse_feed
from tests.paperround.shared_data import SHARED_DATA, needs_data
from tests.paperround.sources.feeds import atom, atom_entry, rss, rss_item

RECORDED = SHARED_DATA / "recorded/arxiv-rss"
MONDAY = date(2026, 5, 4)


@pytest.mark.parametrize("body", [rss(rss_item()), atom(atom_entry())])
def test_both_forms_of_an_announcement_are_one_paper(body: bytes) -> None:
    """RSS and Atom say the same with other words."""
    batch = parse_feed(body)

    assert batch.announced_on == MONDAY
    assert batch.records == (
        PaperRecord(
            paper_id="arxiv:2605.00022",
            source="arxiv-feed",
            title="On engines",
            abstract="We weave.",
            authors=(AuthorRecord("Ada Lovelace"), AuthorRecord("Grace Hopper", ("Navy",))),
            categories=("cs.CL", "cs.AI"),
            version=1,
            announced_on=MONDAY,
            licence="http://creativecommons.org/licenses/by/4.0/",
            url="https://arxiv.org/abs/2605.00022",
        ),
    )


@pytest.mark.parametrize(
    ("kind", "version", "announced_on"),
    [
        ("new", 1, MONDAY),
        ("new", 3, MONDAY),
        ("cross", 1, MONDAY),
        ("cross", 3, None),
        ("replace", 3, None),
        ("replace-cross", 3, None),
    ],
)
def test_a_papers_first_word_is_news_and_nothing_after_it(
    kind: str, version: int, announced_on: date | None
) -> None:
    """A first version cross-listed is new to these categories; no replacement resurfaces as new."""
    batch = parse_feed(rss(rss_item(f"2605.00022v{version}", kind)))

    assert batch.records[0].announced_on == announced_on
    assert batch.records[0].version == version
    assert batch.counts == {kind: 1}


@pytest.mark.parametrize("kinds", [("cross", "new"), ("new", "cross")])
def test_a_paper_new_here_and_cross_listed_there_is_new_once(kinds: tuple[str, str]) -> None:
    """Whichever of the two comes first."""
    batch = parse_feed(rss(*(rss_item(kind=kind) for kind in kinds)))

    assert [record.announced_on for record in batch.records] == [MONDAY]
    assert batch.counts == {"new": 1}


@pytest.mark.parametrize(
    "updated",
    ["2026-05-03T04:00:00+00:00", "2026-05-03T20:00:00-04:00", "2026-05-04T03:59:00+00:00"],
)
def test_a_weekend_feed_is_empty_and_no_error(updated: str) -> None:
    """Its day is the one of arXiv's own zone."""
    batch = parse_feed(atom(updated=updated))

    assert batch.records == ()
    assert batch.announced_on == date(2026, 5, 3)


def test_mathematics_and_markup_in_an_abstract_stay_as_written() -> None:
    """An abstract is LaTeX, not HTML: nothing in it is a tag."""
    [record] = parse_feed(rss(rss_item(abstract="If $a<b$ and <b>c</b> & d."))).records

    assert record.abstract == "If $a<b$ and <b>c</b> & d."


def test_an_abstract_without_lead_is_taken_whole() -> None:
    """The announce type of the element is enough."""
    body = rss(rss_item()).replace(b"arXiv:2605.00022v1 Announce Type: new", b"")

    assert parse_feed(body).records[0].abstract == "Abstract: We weave."


def test_a_control_character_does_not_cost_the_day() -> None:
    """XML forbids it, submitters paste it."""
    body = rss(rss_item(abstract="We \x0bweave."))

    assert parse_feed(body).records[0].abstract == "We weave."


@pytest.mark.parametrize(
    ("item", "why"),
    [
        (rss_item("0000.0000v1"), "not a paper id"),
        (rss_item(title=" "), "no title"),
        (rss_item(kind="withdrawn"), "unknown announce type 'withdrawn'"),
    ],
)
def test_a_malformed_item_is_skipped_and_counted(item: str, why: str) -> None:
    """The rest of the day is kept."""
    batch = parse_feed(rss(item, rss_item("2605.00023v1")))

    assert [record.paper_id for record in batch.records] == ["arxiv:2605.00023"]
    assert batch.skipped.count == 1
    assert batch.skipped.samples[0].startswith("item 1: ")
    assert why in batch.skipped.samples[0]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "no feed or is cut off"),
        (b"Rate exceeded.", "no feed or is cut off"),
        (rss(rss_item())[:700], "no feed or is cut off"),
        (b"<!DOCTYPE html><html></html>", "html page"),
        (b"<html><body>Blocked</body></html>", "<html>"),
        (b"<rss><channel/></rss>", "no title"),
        (b'<?xml version="1.0" encoding="klingon"?><rss/>', "no feed or is cut off"),
        (rss(title="Feed error for query: x", description="Bad archive 'x'."), "Bad archive 'x'."),
        (b'<!DOCTYPE r [<!ENTITY a "b">]><rss>&a;</rss>', "instead of a feed"),
    ],
)
def test_an_answer_that_is_no_feed_is_an_error(body: bytes, why: str) -> None:
    """An error never passes for a quiet day."""
    with pytest.raises(SourceUnreachableError) as caught:
        parse_feed(body)

    assert why in str(caught.value)


def test_the_source_asks_once_for_all_its_categories() -> None:
    """One request a day is the politest there is; repeated and miswritten codes are folded."""
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return rss(rss_item())

    records = list(ArxivFeed(["cs.cl", "cs.AI", "cs.CL"], fetch).fetch())

    assert asked == ["https://rss.arxiv.org/rss/cs.CL+cs.AI"]
    assert len(records) == 1


def test_the_source_without_categories_asks_nothing() -> None:
    """There is no feed of nothing."""
    assert list(ArxivFeed([], lambda url: b"").fetch()) == []


def test_an_unknown_category_is_refused_before_anything_is_asked() -> None:
    """One wrong code would turn arXiv's whole answer into an error."""
    with pytest.raises(UnknownCategoryError):
        ArxivFeed(["cs.XX"], lambda url: b"")


def test_a_feed_older_than_asked_for_yields_nothing() -> None:
    """A feed stands for its day alone."""
    source = ArxivFeed(["cs.CL"], lambda url: rss(rss_item(), rss_item("2605.00023v2", "replace")))

    assert len(list(source.fetch(MONDAY))) == 2
    assert list(source.fetch(date(2026, 5, 5))) == []


@given(places=st.lists(st.tuples(st.integers(0, 2500), st.binary(max_size=4)), max_size=4))
def test_a_mutated_feed_is_read_or_refused(places: list[tuple[int, bytes]]) -> None:
    """Nothing but sound papers or one kind of error comes out."""
    body = bytearray(rss(rss_item(), rss_item("2605.00023v2", "cross")))
    for place, noise in places:
        body[place : place + len(noise)] = noise
    try:
        records = parse_feed(bytes(body)).records
    except SourceUnreachableError:
        records = ()

    assert all(record.paper_id and record.title for record in records)


def kinds_in(path: Path) -> dict[str, set[str]]:
    """Return the ids of a recorded feed by announce type, found without an XML parser."""
    pairs = re.findall(r"arXiv:(\S+?)v\d+ Announce Type: ([a-z-]+)", path.read_text("utf-8"))
    found: dict[str, set[str]] = {}
    for name, kind in pairs:
        found.setdefault(kind, set()).add(f"arxiv:{name}")
    return found


FEEDS = sorted(
    path
    for path in [*RECORDED.glob("recorded/*.xml"), *RECORDED.glob("reserialised/*.xml")]
    if "error" not in path.name
)


@needs_data("recorded/arxiv-rss")
@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.name)
def test_a_recorded_feed_is_read_whole(path: Path) -> None:
    """Every id it names is a record with authors, and none is skipped."""
    batch = parse_feed(path.read_bytes())
    expected = kinds_in(path)
    ids = {record.paper_id for record in batch.records}
    first = {record.paper_id for record in batch.records if record.version == 1}
    news = {record.paper_id for record in batch.records if record.announced_on}

    assert batch.skipped.count == 0
    assert ids == set().union(*expected.values())
    assert news == expected.get("new", set()) | (expected.get("cross", set()) & first)
    assert all(record.authors and record.abstract and record.version for record in batch.records)


@needs_data("recorded/arxiv-rss")
@pytest.mark.parametrize(
    "path", sorted(RECORDED.glob("reserialised/*error*.xml")), ids=lambda path: path.name
)
def test_a_recorded_error_is_no_quiet_day(path: Path) -> None:
    """A feed in form, an error in content."""
    with pytest.raises(SourceUnreachableError):
        parse_feed(path.read_bytes())


@needs_data("recorded/arxiv-rss")
@pytest.mark.parametrize("form", ["rss", "atom"])
def test_a_recorded_feed_agrees_with_what_others_read_of_the_same_day(form: str) -> None:
    """Titles and authors of 17 April 2026, against what arXiv's own API said of them."""
    body = (RECORDED / f"reserialised/cs.CV_2026-04-17.{form}.xml").read_bytes()
    archive = RECORDED / "item-archive/wanzhouliu_cs.CV_2026-04-17.json"
    papers = json.loads(archive.read_text("utf-8"))["papers"]
    batch = parse_feed(body)

    assert batch.announced_on == date(2026, 4, 17)
    assert {
        (record.paper_id, record.title, tuple(author.name for author in record.authors))
        for record in batch.records
    } == {
        (f"arxiv:{paper['arxiv_id']}", paper["title"], tuple(map(str.strip, paper["authors"])))
        for paper in papers
    }
