"""Paper Round: the research papers most worth each reader's time, as a daily digest."""

__version__ = "0.1.0"
