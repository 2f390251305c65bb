"""A power cut for a SQLite database: its last commits never reached the disk.

With `synchronous=NORMAL` the write-ahead log is only flushed when it is copied into the database,
so a power cut may take the commits at its end, and those only. Nobody may have the database open.

Source: https://www.sqlite.org/fileformat2.html#the_write_ahead_log
"""

import struct
from pathlib import Path

__all__ = ["forget_commits"]

_HEADER = struct.Struct(">8I")
"""Magic, version, page size, checkpoint number, two salts, two checksums."""
_FRAME = struct.Struct(">6I")
"""Page, database size after a commit or 0, two salts, two checksums."""


def forget_commits(database: Path, count: int) -> int:
    """Cut the last commits off a write-ahead log, and return how many were.

    Frames of an earlier round, which lie behind those that count, have other salts.

    Args:
        database: the file whose log it is.
        count: how many commits are lost; fewer if there are not so many.
    """
    log = Path(f"{database}-wal")
    data = log.read_bytes()
    if len(data) < _HEADER.size:
        return 0
    page_size, salts = _HEADER.unpack_from(data)[2], _HEADER.unpack_from(data)[4:6]
    ends = [_HEADER.size]
    for start in range(_HEADER.size, len(data), _FRAME.size + page_size):
        if start + _FRAME.size + page_size > len(data):
            break
        frame = _FRAME.unpack_from(data, start)
        if frame[2:4] != salts:
            break
        if frame[1]:
            ends.append(start + _FRAME.size + page_size)
    lost = min(count, len(ends) - 1)
    with log.open("r+b") as file:
        file.truncate(ends[-1 - lost])
    # The index of the log in shared memory; it is made anew by whoever opens the database first.
    Path(f"{database}-shm").unlink(missing_ok=True)
    return lost
