"""What the ranking is worth, next to what readers would use instead, on corpora that others know.

`python -m benchmarks.ranking` (`make bench-ranking`) prints every table, `--help` says what else it
does: other people's scores as a .npy file are measured by the same code. Speed is measured by
`benchmarks.ranking_speed`.
"""
