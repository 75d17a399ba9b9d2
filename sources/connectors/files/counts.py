"""Counts as people and programs write them, read in bulk; only the odd ones are looked at one by one."""

import math
import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sources.connectors.records import Counts

LARGEST = 2**53
_DIGITS = re.compile(r"(\d+)(?:\.0*)?")
_NEGATIVE = re.compile(r"[-−]\s*\d.*")
_FRACTION = re.compile(r"\d*\.\d+")
_SEPARATED = re.compile(r"\d{1,3}(?:[,.'’  \s]\d{3})+(?:[.,]\d+)?")
_DECIMAL_COMMA = re.compile(r"\d+,\d*")


def read_counts(values: pa.StringArray) -> tuple[Counts, dict[int, str]]:
    """Return the n counts as float64, -1 where there is none to be had, and for these the reason by position."""
    plain = pc.match_substring_regex(values, r"^[0-9]{1,15}$").to_numpy(zero_copy_only=False).astype(bool)
    counts = np.full(len(values), -1.0)
    counts[plain] = pc.cast(values.filter(pa.array(plain)), pa.int64()).to_numpy(zero_copy_only=False)
    reasons: dict[int, str] = {}
    for position in np.flatnonzero(~plain).tolist():
        try:
            counts[position] = read_count(values[position].as_py())
        except ValueError as error:
            reasons[position] = str(error)
    return counts, reasons


def read_count(value: str) -> int:
    """Return a whole number from 0 to 2^53; raise ValueError with a reason for the person who wrote it."""
    text = value.strip()
    digits = _DIGITS.fullmatch(text)
    if digits is None:
        raise ValueError(_reason(text))
    if len(digits[1].lstrip("0")) > 16 or int(digits[1]) > LARGEST:
        raise ValueError(f"the count is larger than {LARGEST}")
    return int(digits[1])


def _reason(text: str) -> str:
    if not text:
        return "the count is blank"
    if _NEGATIVE.fullmatch(text):
        return "the count is negative"
    if "," not in text and _FRACTION.fullmatch(text):
        return "the count is a fraction: write a whole number, without a thousands separator"
    if _SEPARATED.fullmatch(text):
        return "the count has a thousands separator: write 1234, not 1,234"
    if _DECIMAL_COMMA.fullmatch(text):
        return "the count has a comma: write a whole number"
    return _reason_of_a_float(text)


def _reason_of_a_float(text: str) -> str:
    try:
        number = float(text)
    except ValueError:
        return "the count is not a number"
    if not math.isfinite(number):
        return "the count is not a finite number"
    return "the count is not written in plain digits"
