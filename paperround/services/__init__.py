"""Use cases, one module each: they take the App, begin the transactions, and return values."""
