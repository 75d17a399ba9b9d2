"""How many comments a second are read, on one core: `python -m benchmarks.comments [--comments 1000000]`.

The comments are made of the demo's and the tests' lists, in several languages, with a few words exchanged so that most
of them are new to the search for near-duplicates. Times are of the processor, not of the clock, and memory is the
process's peak, told after a tenth and at the end.
"""

import argparse
import csv
import random
import resource
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from enrichment.measures.reading import CommentReader, load_reader
from enrichment.measures.screening import Seen

ROOT = Path(__file__).resolve().parents[1]
LISTS = (
    ROOT / "apg_site/demo/data/comments.csv",
    ROOT / "tests/enrichment/measures/data/comments_labelled.csv",
    ROOT / "tests/enrichment/measures/data/quotes_labelled.csv",
)
BATCH = 5_000


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--comments", type=int, default=1_000_000, help="how many comments are read")
    wanted: int = options.parse_args().comments
    reader = load_reader(ROOT / "enrichment/data")
    templates = load_templates()
    print(f"{len(templates):,} templates, reading {wanted:,} comments")
    seconds, reasons = read(reader, templates, wanted)
    print(
        f"{seconds:.1f} s of one core, {wanted / seconds:,.0f} comments a second, {seconds / wanted * 1e6:.0f} us each"
    )
    print(", ".join(f"{reason or 'may be quoted'} {count / wanted:.1%}" for reason, count in reasons.most_common()))


def read(reader: CommentReader, templates: list[str], wanted: int) -> tuple[float, Counter[str]]:
    seen, reasons, done, seconds = Seen(), Counter[str](), 0, 0.0
    for batch in batches(templates, wanted):
        started = time.process_time()
        readings = reader.read(batch, seen)
        seconds += time.process_time() - started
        reasons.update(reason.value if reason else "" for reason in readings.reasons)
        done += len(batch)
        if done in {wanted // 10 // BATCH * BATCH, wanted}:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"{done:>9,} comments, peak of {peak:.0f} MB")
    return seconds, reasons


def load_templates() -> list[str]:
    templates = []
    for path in LISTS:
        with path.open(encoding="utf-8", newline="") as file:
            templates += [row["text"].replace("{number}", "0143") for row in csv.DictReader(file)]
    return templates


def batches(templates: list[str], wanted: int) -> Iterator[list[str]]:
    """Yield comments in batches: a template, or two of the same script, with a word left out or doubled."""
    draw = random.Random(0)  # noqa: S311
    for first in range(0, wanted, BATCH):
        yield [varied(templates, draw) for _ in range(min(BATCH, wanted - first))]


def varied(templates: list[str], draw: random.Random) -> str:
    words = draw.choice(templates).split()
    place = draw.randrange(len(words))
    words[place : place + 1] = draw.choice(([], [words[place]], [words[place], draw.choice(words)]))
    if draw.random() < 0.3:
        words += draw.choice(templates).split()
    return " ".join(words)


if __name__ == "__main__":
    main()
