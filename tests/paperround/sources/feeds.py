"""Feeds of our own in the two forms that arXiv sends, for tests."""

from xml.sax.saxutils import escape

__all__ = ["atom", "atom_entry", "rss", "rss_item"]

SPACES = (
    'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:atom="http://www.w3.org/2005/Atom"'
)


def rss(*items: str, title: str = "cs.CL updates on arXiv.org", description: str = "") -> bytes:
    """Return an RSS feed of Monday, 4 May 2026."""
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<rss {SPACES} version="2.0"><channel><title>{escape(title)}</title>
<description>{escape(description)}</description>
<lastBuildDate>Mon, 04 May 2026 04:00:11 +0000</lastBuildDate>
<pubDate>Mon, 04 May 2026 00:00:00 -0400</pubDate>
<skipDays><day>Saturday</day><day>Sunday</day></skipDays>
{"".join(items)}</channel></rss>""".encode()


def rss_item(
    name: str = "2605.00022v1",
    kind: str = "new",
    *,
    title: str = "On engines",
    abstract: str = "We weave.",
    creator: str = "Ada Lovelace, Grace Hopper (Navy)",
    categories: tuple[str, ...] = ("cs.CL", "cs.AI"),
) -> str:
    """Return one item of an RSS feed."""
    terms = "".join(f"<category>{term}</category>" for term in categories)
    return f"""<item><title>{escape(title)}</title>
<link>https://arxiv.org/abs/{name.partition("v")[0]}</link>
<description>arXiv:{name} Announce Type: {kind} \nAbstract: {escape(abstract)}</description>
<guid isPermaLink="false">oai:arXiv.org:{name}</guid>{terms}
<pubDate>Mon, 04 May 2026 00:00:00 -0400</pubDate>
<arxiv:announce_type>{kind}</arxiv:announce_type>
<dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights>
<dc:creator>{escape(creator)}</dc:creator></item>"""


def atom(*entries: str, updated: str = "2026-05-04T04:00:11+00:00") -> bytes:
    """Return an Atom feed of Monday, 4 May 2026."""
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<feed {SPACES} xmlns="http://www.w3.org/2005/Atom"><id>http://rss.arxiv.org/atom/cs.CL</id>
<title>cs.CL updates on arXiv.org</title><updated>{updated}</updated>
{"".join(entries)}</feed>""".encode()


def atom_entry(name: str = "2605.00022v1", kind: str = "new") -> str:
    """Return one entry of an Atom feed that says the same as `rss_item`."""
    return f"""<entry><id>oai:arXiv.org:{name}</id><title>On engines</title>
<updated>2026-05-04T04:00:11+00:00</updated>
<link href="https://arxiv.org/abs/{name.partition("v")[0]}" rel="alternate"/>
<summary>arXiv:{name} Announce Type: {kind} \nAbstract: We weave.</summary>
<category term="cs.CL"/><category term="cs.AI"/>
<published>2026-05-04T00:00:00-04:00</published>
<arxiv:announce_type>{kind}</arxiv:announce_type>
<dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights>
<dc:creator>Ada Lovelace, Grace Hopper (Navy)</dc:creator></entry>"""
