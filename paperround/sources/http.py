"""The one way out: a polite HTTP session that gives XML bodies or says why not.

The seam is `Fetch` in `paperround.sources.protocol`; pauses, backoff and caches come in here,
behind it, without a source noticing. Knows nothing of papers.
"""

from types import TracebackType
from typing import Self

import httpx2

from paperround.errors import SourceUnreachableError

__all__ = ["PoliteSession", "user_agent"]

_REDIRECTS = 3
_MAX_BYTES = 32 * 1024 * 1024
_ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.8"


def user_agent(version: str, contact: str) -> str:
    """Return who is asking, so that a provider can write instead of blocking.

    Args:
        version: Of this program.
        contact: A mail address or web address of whoever runs this installation; may be empty.
    """
    contact = " ".join(contact.split())
    reach = f"mailto:{contact}" if "@" in contact and "://" not in contact else contact
    return f"paperround/{version} (+{reach})" if reach else f"paperround/{version}"


class PoliteSession:
    """A connection that is kept, with limits on time, size and redirects; a context manager."""

    def __init__(
        self,
        agent: str,
        *,
        timeout_s: float = 10.0,
        max_bytes: int = _MAX_BYTES,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self.max_bytes = max_bytes
        self._client = httpx2.Client(
            headers={"User-Agent": agent, "Accept": _ACCEPT},
            timeout=timeout_s,
            follow_redirects=True,
            max_redirects=_REDIRECTS,
            transport=transport,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def get(self, url: str) -> bytes:
        """Return the body at an address; a `Fetch`.

        Raises:
            SourceUnreachableError: No answer in time, a status other than 200, a body that is too
                large, empty or no XML.
        """
        host = _host(url)
        try:
            with self._client.stream("GET", url) as response:
                if response.status_code != httpx2.codes.OK:
                    raise SourceUnreachableError(host, _status_problem(response))
                body = self._read(host, response)
        except httpx2.HTTPError as error:
            problem = str(error) or type(error).__name__
            raise SourceUnreachableError(host, f"no answer ({problem})") from error
        if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            raise SourceUnreachableError(host, f"answered with something that is not XML ({url})")
        return body

    def _read(self, host: str, response: httpx2.Response) -> bytes:
        """Return the unpacked body, giving up as soon as it is larger than allowed."""
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > self.max_bytes:
                raise SourceUnreachableError(host, f"answer larger than {self.max_bytes} bytes")
        return bytes(body)


def _host(url: str) -> str:
    """Return the host of an address, for messages."""
    try:
        return httpx2.URL(url).host or url
    except httpx2.InvalidURL as error:
        raise SourceUnreachableError(url[:80], f"not an address ({error})") from error


def _status_problem(response: httpx2.Response) -> str:
    """Return a status other than 200 in words, with the wait it asks for."""
    wait = response.headers.get("Retry-After", "").strip()
    hint = f"; asks to wait {wait[:40]}" if wait else ""
    return f"answered {response.status_code} {response.reason_phrase}{hint}"
