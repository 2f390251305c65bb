"""When a digest is due; never what is in it."""
