"""The plain script that everything is measured against: `python -m benchmarks.plain FILE.csv [--sizes 5-15]`.

pandas.read_csv, groupby and scikit-learn's NMF at its defaults, one size after the other, as anyone would write it.
"""

import argparse
import time
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd
from scipy import sparse
from sklearn.decomposition import NMF
from sklearn.exceptions import ConvergenceWarning


def plain_matrix(path: Path) -> sparse.csr_array:
    """V (groups x contents) of a CSV with the columns group_id, content_id and count."""
    sums = pd.read_csv(path).groupby(["group_id", "content_id"], as_index=False)["count"].sum()
    rows, columns = sums.group_id.astype("category").cat.codes, sums.content_id.astype("category").cat.codes
    return sparse.csr_array((sums["count"].astype(float), (rows, columns)))


def plain_fit(V: sparse.csr_array, size: int) -> NMF:
    """The factorisation at one size."""
    model = NMF(n_components=size, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(V)
    return model


def plain_sweep(V: sparse.csr_array, sizes: Sequence[int], limit: float = float("inf")) -> Iterator[tuple[int, float]]:
    """Every size with the seconds that it took, until `limit` seconds are over."""
    begun = time.perf_counter()
    for size in sizes:
        since = time.perf_counter()
        plain_fit(V, size)
        yield size, time.perf_counter() - since
        if time.perf_counter() - begun > limit:
            return


def size_range(text: str) -> list[int]:
    """The sizes that "5-15" means."""
    first, last = (int(part) for part in text.split("-"))
    return list(range(first, last + 1))


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("file", type=Path)
    options.add_argument("--sizes", default="5-15", type=size_range)
    chosen = options.parse_args()
    started = time.perf_counter()
    counted = plain_matrix(chosen.file)
    print(f"matrix of {counted.shape[0]:,} x {counted.shape[1]:,}: {time.perf_counter() - started:.2f} s")
    for done, seconds in plain_sweep(counted, chosen.sizes):
        print(f"size {done}: {seconds:.2f} s")
