"""The heaviest contents of an audience: enough to find and judge patterns on, and quick."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

MOST_CONTENTS = 4096
MOST_CELLS = 300_000
LEAST_CONTENTS = 512

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Sample:
    """Some columns of V: the counts (groups x contents kept), the source of each column, and which they are."""

    V: sparse.csr_array
    sources: Ints
    columns: Ints


def sample_contents(V: sparse.csr_array, sources: Ints) -> Sample:
    """The contents that are heaviest for their source, as many as the limits on contents and cells allow."""
    weights = np.asarray(V.sum(axis=0)).ravel()
    cells = np.bincount(V.indices, minlength=V.shape[1])
    _, source_of = np.unique(sources, return_inverse=True)
    means = np.bincount(source_of, weights) / np.bincount(source_of)
    order = np.argsort(-weights / means[source_of], kind="stable")
    fitting = int(np.searchsorted(np.cumsum(cells[order]), MOST_CELLS))
    columns = np.sort(order[: min(max(fitting, LEAST_CONTENTS), MOST_CONTENTS)])
    return Sample(sparse.csr_array(V[:, columns]), sources[columns], columns)
