"""Proofs of delivery: every digest once, at the reader's own hour, whatever breaks."""
