"""What the readers of this installation lend each other, once there are enough of them."""

import numpy as np
from scipy.sparse import csr_array

from paperround.context import App
from paperround.store.pooled import pooled_likes, vectors_of_papers
from recommender.coreaders import MAX_READERS, MIN_READERS, CoReaders
from recommender.papers import Papers
from recommender.vectors import unpack_rows

__all__ = ["read_coreaders"]


def read_coreaders(app: App, dim: int) -> CoReaders | None:
    """Return the readers who can lend; None while they are too few.

    Raises:
        ModelMismatchError: The store holds vectors of another dimension.
    """
    with app.database.read() as session:
        pairs = pooled_likes(session, at_most=MAX_READERS)
        readers, row = np.unique(pairs.readers, return_inverse=True)
        if len(readers) < MIN_READERS:
            return None
        keys, column = np.unique(pairs.papers, return_inverse=True)
        packed = vectors_of_papers(session, app.settings.model, keys.tolist())
    likes = csr_array(
        (np.ones(len(row), dtype=np.float32), (row, column)), shape=(len(readers), len(keys))
    )
    vectors = unpack_rows([packed.get(key) for key in keys.tolist()], dim)
    nothing = csr_array((len(keys), 0), dtype=np.float32)
    return CoReaders.of(likes, Papers(keys, vectors, nothing), readers)
