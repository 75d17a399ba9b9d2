"""A large made-up audience as a CSV of interactions, the same at every call."""

import csv
from itertools import product
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from sources.connectors.vocabulary import AGE_GROUPS, DATA

CONTENTS = 300_000
COUNTRIES = 200
GENDERS = ("female", "male")
KINDS = 10
ROWS_AT_ONCE = 1_000_000


def write_csv(path: Path, rows: int, contents: int = CONTENTS) -> None:
    """Write rows of content, gender, age, country and count in no order; about a fifth of them repeat a cell.

    Groups and contents have heavy tails, and every group mixes KINDS behaviours.
    """
    rng = np.random.default_rng(0)
    groups = np.array(list(product(GENDERS, AGE_GROUPS, _countries())))
    rng.shuffle(groups)
    sizes = _tail(len(groups), 0.7)
    mixtures = np.cumsum(rng.dirichlet(np.full(KINDS, 0.3), len(groups)), axis=1)
    tastes = [np.cumsum(_tail(contents, 0.85)[rng.permutation(contents)]) for _ in range(KINDS)]
    ids = pa.array([f"v{number:010x}" for number in rng.permutation(contents) * 7919])
    columns = [pa.array(groups[:, place].tolist()) for place in range(3)]
    schema = pa.schema([("content_id", pa.string()), ("gender", pa.string()), ("age_group", pa.string()),
                        ("country", pa.string()), ("count", pa.int64())])  # fmt: skip
    with pa_csv.CSVWriter(path, schema, write_options=pa_csv.WriteOptions(quoting_style="none")) as out:
        for start in range(0, rows, ROWS_AT_ONCE):
            group, content = _views(min(ROWS_AT_ONCE, rows - start), sizes, mixtures, tastes, rng)
            count = rng.geometric(0.3, len(group))
            if start == 0:
                content[: min(contents, len(content))] = np.arange(min(contents, len(content)))  # every content is seen
            cells = [column.take(pa.array(group)) for column in columns]
            out.write_table(pa.table([ids.take(pa.array(content)), *cells, pa.array(count)], schema=schema))


def _views(rows, sizes, mixtures, tastes, rng) -> tuple[np.ndarray, np.ndarray]:
    group = rng.choice(len(sizes), size=rows, p=sizes)
    kind = (rng.random(rows)[:, None] > mixtures[group]).sum(axis=1)
    content = np.empty(rows, np.int64)
    for number, taste in enumerate(tastes):
        mine = np.flatnonzero(kind == number)
        content[mine] = np.searchsorted(taste, rng.random(len(mine)) * taste[-1])
    return group, content


def _tail(count: int, exponent: float) -> np.ndarray:
    weights = np.arange(1, count + 1) ** -exponent
    return weights / weights.sum()


def _countries() -> list[str]:
    with (DATA / "countries.csv").open(encoding="utf-8", newline="") as file:
        return [row["alpha2"] for row in csv.DictReader(file)][:COUNTRIES]
