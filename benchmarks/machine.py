"""What the figures were measured on; measures nothing itself."""

import os
import platform
from collections.abc import Sequence
from pathlib import Path

__all__ = ["load_line", "machine_lines"]

_CPU_INFO = Path("/proc/cpuinfo")


def machine_lines(command: Sequence[str]) -> list[str]:
    """Return the machine and the command in words, a line each."""
    memory_gb = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return [
        f"machine: {_cpu_model()}, {os.cpu_count()} cores, {memory_gb:.0f} GB RAM, "
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        f"command: {' '.join(command)}",
    ]


def load_line() -> str:
    """Return how busy the machine is: processes running or waiting, over 1 and 5 minutes."""
    one, five, _ = os.getloadavg()
    return f"{one:.2f} (1 min), {five:.2f} (5 min)"


def _cpu_model() -> str:
    if _CPU_INFO.exists():
        for line in _CPU_INFO.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or "unknown processor"
