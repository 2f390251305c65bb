"""Where papers come from: each source is one small module that yields `PaperRecord` values.

A source knows how to ask for papers and how to read the reply. It saves nothing, ranks nothing, and
does not know which papers are here already: `paperround.services` upserts what it yields, so that a
source may say the same thing twice.

To add one:

1. Write `sources/<name>.py` with a pure parser, `bytes -> records`, and a class of the `Source`
   protocol whose `fetch` asks through the `Fetch` it was given, which is its only way out.
2. Give every record its canonical `paper_id` from `paperround.identity`, a one-line title, and
   `announced_on` only if the source announced it as new on that day.
3. Skip a malformed entry into `skips`; raise a `SourceError` when the whole reply is no batch of
   papers.
4. Add its class to the contract tests in `tests/paperround/sources/test_protocol.py` and a line to
   the services that choose sources.

`paperround.sources.http` is not imported here: nothing else needs the HTTP library.
"""

from paperround.sources.announcements import announcement_day
from paperround.sources.arxiv_feed import ArxivFeed, FeedBatch, parse_feed
from paperround.sources.bulk import BulkFile
from paperround.sources.protocol import Fetch, SkipLog, Skipped, Source
from paperround.sources.sample import BundledSample

__all__ = [
    "ArxivFeed",
    "BulkFile",
    "BundledSample",
    "FeedBatch",
    "Fetch",
    "SkipLog",
    "Skipped",
    "Source",
    "announcement_day",
    "parse_feed",
]
