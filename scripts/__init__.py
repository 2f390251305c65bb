"""Programs that make files of this repository; not part of what is installed."""
