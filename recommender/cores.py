"""One core for products that are too small to be shared.

The products of one reader take less time than waking a second core for them; on a machine that is
busy with something else, the cores then wait for each other ten times as long as they work.
"""

import functools
from contextlib import AbstractContextManager

from threadpoolctl import ThreadpoolController

__all__ = ["one_core"]


def one_core() -> AbstractContextManager[object]:
    """Keep matrix products on the calling thread's core as long as this lasts.

    BLAS has one number of threads for the whole process. Of several Python threads the one that
    first set it goes on to, and for the others nothing changes: a server that ranks in many threads
    is started with OPENBLAS_NUM_THREADS=1.
    """
    limit: AbstractContextManager[object] = _controller().limit(limits=1, user_api="blas")
    return limit


@functools.cache
def _controller() -> ThreadpoolController:
    """Return what finds the libraries; looking for them takes a while."""
    return ThreadpoolController()
