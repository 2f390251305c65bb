"""The bundled sample is read into papers."""

from datetime import date

from paperround.sources import BundledSample


def test_every_bundled_paper_is_complete() -> None:
    """Id, title, authors, categories, summary and the day of its announcement."""
    records = list(BundledSample().fetch())

    assert len(records) >= 100
    assert len({record.paper_id for record in records}) == len(records)
    assert all(record.source == "sample" for record in records)
    assert all(record.title and record.abstract and record.authors for record in records)
    assert all(record.categories and record.announced_on for record in records)


def test_since_leaves_out_earlier_papers() -> None:
    """The last day alone, and nothing after it."""
    days = sorted(
        {record.announced_on for record in BundledSample().fetch() if record.announced_on}
    )

    last = list(BundledSample().fetch(days[-1]))

    assert {record.announced_on for record in last} == {days[-1]}
    assert list(BundledSample().fetch(date.max)) == []
