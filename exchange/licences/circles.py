"""Chains that come back to where they began."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Keys = NDArray[np.uint64]


def in_circles(one: Keys, before: Keys) -> Keys:
    """The keys from which following what comes before leads back to them; each pair is one and the one before it.

    The cost follows the number of pairs, however long the chains are.
    """
    names, places = np.unique(np.concatenate([one, before]), return_inverse=True)
    a, b = places[: len(one)], places[len(one) :]
    graph = coo_array((np.ones(len(a), np.int8), (a, b)), shape=(len(names), len(names)))
    strong = connected_components(graph, directed=True, connection="strong")[1]
    together = np.bincount(strong, minlength=1)[strong] > 1 if len(names) else np.zeros(0, np.bool_)
    together[a[a == b]] = True
    found: Keys = names[together]
    return found
