"""One line per unit of work: text for people, JSON for programs."""

import json
import logging
from datetime import UTC, datetime
from typing import TextIO

from paperround.settings import LogFormat

__all__ = ["configure_logging"]

OURS = ("paperround", "recommender", "digest", "scheduler")


class _JsonFormatter(logging.Formatter):
    """A JSON object per line, its time in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


def configure_logging(log_format: LogFormat, stream: TextIO, *, verbose: bool) -> None:
    """Send our log lines to a stream; those of libraries only from warnings on.

    On a terminal, where progress is shown, only warnings are logged unless `verbose`.
    """
    terminal = stream.isatty()
    as_json = log_format is LogFormat.JSON or (log_format is LogFormat.AUTO and not terminal)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        _JsonFormatter() if as_json else logging.Formatter("%(levelname)s %(name)s: %(message)s")
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    level = logging.DEBUG if verbose else logging.WARNING if terminal else logging.INFO
    for name in OURS:
        logging.getLogger(name).setLevel(level)
