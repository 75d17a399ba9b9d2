import pyarrow as pa
import pytest

from sources.connectors.files.counts import LARGEST, read_count, read_counts


@pytest.mark.parametrize(
    ("text", "count"),
    [("12", 12), (" 12 ", 12), ("12.0", 12), ("12.", 12), ("0", 0), ("007", 7), ("١٢", 12), (str(LARGEST), LARGEST)],
)
def test_whole_numbers_are_read(text, count):
    assert read_count(text) == count


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "blank"),
        ("many", "not a number"),
        ("12 views", "not a number"),
        ("0x1F", "not a number"),
        ("-5", "negative"),
        ("−5", "negative"),
        ("12.5", "fraction"),
        ("1.234", "fraction"),
        ("1e400", "not a finite number"),
        ("inf", "not a finite number"),
        ("nan", "not a finite number"),
        ("1e5", "plain digits"),
        (str(LARGEST + 1), "larger than 9007199254740992"),
        ("9" * 5000, "larger than"),
        ("1,234", "thousands separator"),
        ("1 234", "thousands separator"),
        ("1'234'567", "thousands separator"),
        ("12,0", "comma"),
    ],
)
def test_anything_else_is_refused_with_its_own_reason(text, reason):
    with pytest.raises(ValueError, match=reason):
        read_count(text)


def test_counts_in_bulk_agree_with_counts_one_by_one():
    texts = ["12", "x", "3.0", "-1", "999999999999999", str(LARGEST)]
    counts, reasons = read_counts(pa.array(texts))
    assert counts.tolist() == [12, -1, 3, -1, 999999999999999, LARGEST]
    assert set(reasons) == {1, 3}


def test_no_counts_are_no_problem():
    counts, reasons = read_counts(pa.array([], pa.string()))
    assert (len(counts), reasons) == (0, {})
