from pathlib import Path

from benchmarks.corpus import some_papers, write_corpus
from paperround.sources.bulk import BulkFile
from tests.paperround.shared_data import needs_data

NOWHERE = Path("/nowhere")


def test_without_the_corpora_papers_are_made_of_the_sample_and_the_words_say_so() -> None:
    """Nobody mistakes the bundled sample for the real corpus."""
    records, told = some_papers(300, NOWHERE)

    assert len({record.paper_id for record in records}) == 300
    assert "bundled sample" in told


def test_papers_made_of_the_sample_have_texts_of_their_own() -> None:
    """A text is embedded once, so repeated ones would make embedding look fast."""
    records, _ = some_papers(300, NOWHERE)

    assert len({record.title for record in records}) == 300


def test_a_file_made_of_the_sample_holds_as_many_papers_as_asked_for(tmp_path: Path) -> None:
    """Every line of it is a paper that the bulk source understands."""
    written = write_corpus(tmp_path / "papers.jsonl.gz", 300, NOWHERE)
    source = BulkFile(written.path)

    ids = {record.paper_id for record in source.fetch()}

    assert (written.count, len(ids), source.skips.count) == (300, 300, 0)


@needs_data("arxiv/announced_2025-03_2026-05.jsonl.gz")
def test_with_the_corpora_the_file_holds_real_papers(tmp_path: Path) -> None:
    """The announced papers come first, and the words count them."""
    written = write_corpus(tmp_path / "papers.jsonl.gz", 20)

    assert written.count == 20
    assert written.told.startswith("20 papers announced")


@needs_data("arxiv/two_weeks_2026-05-04_05-15.jsonl.gz")
def test_with_the_corpora_some_papers_are_real() -> None:
    """The words say from when they are."""
    records, told = some_papers(5)

    assert len(records) == 5
    assert "4 May 2026" in told
