"""Runs what the ranking is worth: `python -m benchmarks.ranking --help`."""

import sys

from benchmarks.ranking.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
