"""Runs the proofs of delivery: `python -m benchmarks.delivery --help`."""

import sys

from benchmarks.delivery.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
