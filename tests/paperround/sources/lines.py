"""One line of each schema that bulk files hold, for tests."""

from typing import Any

__all__ = ["CORPUS", "DAILY", "SNAPSHOT"]

# Any: the tests put values of every type into their fields.
CORPUS: dict[str, Any] = {
    "id": "2605.00022",
    "announced": "2026-05-04",
    "title": "On\n  engines",
    "authors": ["Ada Lovelace", 'Grace H\\"opper'],
    "categories": ["cs.CL", "I.2.7", "cs.AI"],
    "comment": "9 pages, code: https://github.com/ada/engine",
    "abstract": " We\nweave. ",
    "lists": ["cs.CL"],
    "published": "2026-05-01T10:00:00.000Z",
    "updated": None,
}
SNAPSHOT: dict[str, Any] = {
    "id": "0704.0001",
    "authors": "ignored",
    "title": "Calculation",
    "comments": "37 pages",
    "journal-ref": "Phys.Rev.D76:013009,2007",
    "doi": "10.1103/PhysRevD.76.013009 10.1000/2",
    "categories": "hep-ph cs.CL",
    "license": "http://arxiv.org/licenses/nonexclusive-distrib/1.0/",
    "abstract": "  A full calculation.\n",
    "versions": [
        {"version": "v1", "created": "Mon, 2 Apr 2007 17:18:42 GMT"},
        {"version": "v2", "created": "Tue, 24 Jul 2007 20:10:27 GMT"},
    ],
    "update_date": "2008-11-26",
    "authors_parsed": [
        ["Lovelace", "Ada", "II", "Analytical Society"],
        ["Hopper", "Grace", "", "1 and 2"],
    ],
}
DAILY: dict[str, Any] = {
    "date": "2026-05-05",
    "response": [
        {
            "paper": {
                "id": "2605.00022",
                "authors": [{"name": "Ada Lovelace", "hidden": False}, {"name": "Grace Hopper"}],
                "publishedAt": "2026-05-01T10:00:00.000Z",
                "title": "On\nengines",
                "summary": "We weave.",
                "upvotes": 32,
                "githubRepo": "https://github.com/ada/engine",
            },
            "title": "On engines",
        }
    ],
}
