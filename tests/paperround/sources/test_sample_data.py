"""The bundled sample is well-formed, factual and written in our own words.

Reading it into records is the business of the sample source and is not tested here.
"""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import TypeAlias

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
CORPUS = REPOSITORY.parent / "shared/data/arxiv/two_weeks_2026-05-04_05-15.jsonl.gz"

LONGEST_SHARED_RUN = 5
"""In words; a longer one that is no part of the title is a quotation of the abstract."""
LARGEST_SHARED_SHARE = 0.4
"""Of a summary's runs of four words, how many may occur in the abstract."""

Run: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """One line of the sample, or of the corpus it was chosen from."""

    id: str
    announced: date
    title: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    text: str
    """Our summary, or the authors' abstract."""
    comment: str
    code: str

    @property
    def facts(self) -> tuple[object, ...]:
        """What the sample may only copy."""
        return (self.id, self.announced, self.title, self.authors, self.categories)


def parse(line: str, text_key: str) -> Paper:
    """Read one JSON object; a missing required key is an error."""
    entry = json.loads(line)
    return Paper(
        id=entry["id"],
        announced=date.fromisoformat(entry["announced"]),
        title=entry["title"],
        authors=tuple(entry["authors"]),
        categories=tuple(entry["categories"]),
        text=entry[text_key],
        comment=entry.get("comment") or "",
        code=entry.get("code", ""),
    )


def runs(text: str, length: int) -> Iterator[Run]:
    """Yield every run of `length` words, without case and punctuation."""
    words = re.findall(r"\w+", text.lower())
    return zip(*(words[start:] for start in range(length)), strict=False)


def quotations(paper: Paper, original: Paper) -> set[Run]:
    """Return the runs shared with the abstract that are too long and not of the title."""
    length = LONGEST_SHARED_RUN + 1
    shared = set(runs(paper.text, length)) & set(runs(original.text, length))
    return shared - set(runs(original.title, length))


def shared_share(paper: Paper, original: Paper) -> float:
    """Return the part of the summary's runs of four words that the abstract has too."""
    known = set(runs(original.text, 4))
    ours = list(runs(paper.text, 4))
    return sum(run in known for run in ours) / len(ours)


def sentence_count(text: str) -> int:
    """Count full stops, question and exclamation marks that end a word."""
    return len(re.findall(r"[.!?](?=\s|$)", text))


@pytest.fixture(scope="module")
def sample() -> tuple[Paper, ...]:
    """Return the sample as it is shipped in the package."""
    resource = files("paperround") / "sources" / "data" / "sample.jsonl"
    lines = resource.read_text(encoding="utf-8").splitlines()
    return tuple(parse(line, "summary") for line in lines)


@pytest.fixture(scope="module")
def corpus() -> dict[str, Paper]:
    """Return the papers with their abstracts by id, or skip where they are not."""
    if not CORPUS.exists():
        pytest.skip(f"the corpus is not beside the repository: {CORPUS}")
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        papers = [parse(line, "abstract") for line in lines]
    return {paper.id: paper for paper in papers}


def test_the_sample_has_about_120_papers(sample: tuple[Paper, ...]) -> None:
    """It is large enough for three readers and small enough to embed at once."""
    assert 110 <= len(sample) <= 130


def test_every_id_is_an_arxiv_id_and_occurs_once(sample: tuple[Paper, ...]) -> None:
    """Ids are of the new style, without version, and unique."""
    counts = Counter(paper.id for paper in sample)

    assert [paper_id for paper_id in counts if not re.fullmatch(r"\d{4}\.\d{5}", paper_id)] == []
    assert set(counts.values()) == {1}


def test_the_papers_are_of_every_day_of_one_week(sample: tuple[Paper, ...]) -> None:
    """They were announced from Monday to Friday of the same week."""
    days = {paper.announced for paper in sample}

    assert len({day.isocalendar()[:2] for day in days}) == 1
    assert sorted(day.isoweekday() for day in days) == [1, 2, 3, 4, 5]


def test_the_papers_are_of_many_fields(sample: tuple[Paper, ...]) -> None:
    """Readers of different fields find some, and enough that is not for them."""
    archives = {code.split(".")[0] for paper in sample for code in paper.categories}
    primaries = Counter(paper.categories[0] for paper in sample)

    assert len(archives) >= 6
    assert len(primaries) >= 6
    assert max(primaries.values()) < len(sample) / 4


def test_every_paper_has_a_title_authors_and_categories(sample: tuple[Paper, ...]) -> None:
    """No field of the facts is empty, nor is any author's name."""
    assert [paper.id for paper in sample if not all(paper.facts)] == []
    assert [paper.id for paper in sample if not all(name.strip() for name in paper.authors)] == []


def test_every_summary_has_three_to_five_sentences(sample: tuple[Paper, ...]) -> None:
    """Summaries are short prose of a known length."""
    assert [paper.id for paper in sample if not 3 <= sentence_count(paper.text) <= 5] == []
    assert [paper.id for paper in sample if not 250 <= len(paper.text) <= 900] == []


def test_every_stated_code_is_a_github_repository(sample: tuple[Paper, ...]) -> None:
    """The address names an owner and a repository and nothing below."""
    codes = [paper.code for paper in sample if paper.code]

    assert codes
    assert [
        code for code in codes if not re.fullmatch(r"https://github\.com/[\w.-]+/[\w-]+", code)
    ] == []


@pytest.mark.data
def test_the_facts_are_those_of_the_corpus(
    sample: tuple[Paper, ...], corpus: dict[str, Paper]
) -> None:
    """Ids, days, titles, authors and categories are copied exactly."""
    assert [paper.id for paper in sample if paper.facts != corpus[paper.id].facts] == []


@pytest.mark.data
def test_every_stated_code_is_stated_by_its_paper(
    sample: tuple[Paper, ...], corpus: dict[str, Paper]
) -> None:
    """The address stands in the paper's own comment or abstract."""
    originals = {paper.id: corpus[paper.id] for paper in sample}
    said = {key: f"{original.comment} {original.text}" for key, original in originals.items()}

    assert [paper.id for paper in sample if paper.code not in said[paper.id]] == []


@pytest.mark.data
def test_no_summary_quotes_its_abstract(
    sample: tuple[Paper, ...], corpus: dict[str, Paper]
) -> None:
    """No run of more than five words is shared with it, titles excepted."""
    quoted = {paper.id: quotations(paper, corpus[paper.id]) for paper in sample}

    assert {paper_id: found for paper_id, found in quoted.items() if found} == {}


@pytest.mark.data
def test_no_summary_is_a_patchwork_of_its_abstract(
    sample: tuple[Paper, ...], corpus: dict[str, Paper]
) -> None:
    """At most two fifths of a summary's runs of four words are in it."""
    shares = {paper.id: shared_share(paper, corpus[paper.id]) for paper in sample}

    assert {key: share for key, share in shares.items() if share > LARGEST_SHARED_SHARE} == {}
