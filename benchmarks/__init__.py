"""How fast the parts are, each beside the least that its work can cost on the same machine.

`python -m benchmarks` runs all of them, `python -m benchmarks ingest` one. Speed only: nothing here
says whether the ranking is any good.
"""
