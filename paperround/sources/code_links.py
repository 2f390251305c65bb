"""The repository of a paper's code, where its own words or a source name one.

Does not look whether the repository exists. A project page is no repository.
"""

import re
from collections.abc import Iterable

__all__ = ["find_repository", "repository"]

_REPOSITORY = re.compile(
    r"(?<![\w-])(?P<host>[Gg]it(?:[Hh]ub|[Ll]ab)\.com|codeberg\.org|bitbucket\.org)"
    r"/(?P<owner>[\w.-]+)/(?P<name>[\w.-]*\w)",
    re.ASCII,
)
_BEFORE = re.compile(r"^(?:https?://)?(?:www\.)?", re.IGNORECASE)


def repository(address: str) -> str | None:
    """Return the address of a repository in its shortest form, or None for any other address."""
    match = _REPOSITORY.match(_BEFORE.sub("", address.strip()))
    return _address(match) if match else None


def find_repository(texts: Iterable[str]) -> str | None:
    """Return the repository that is named in the first of the texts that names exactly one.

    A text that names several is likely to speak of other people's code, so it says nothing.
    """
    for text in texts:
        # Searching for plain words first is ten times faster than the pattern alone.
        if "hub.com/" in text or "lab.com/" in text or "berg.org/" in text or "bucket.org/" in text:
            found = {_address(match) for match in _REPOSITORY.finditer(text)}
            if len(found) == 1:
                return found.pop()
    return None


def _address(match: re.Match[str]) -> str:
    """Return `https://host/owner/name` of a match."""
    return f"https://{match['host'].lower()}/{match['owner']}/{match['name'].removesuffix('.git')}"
