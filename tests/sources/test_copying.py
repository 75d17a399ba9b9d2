"""The binary form of COPY, against bytes written down by hand from its definition, and there and back again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.copying import decode, encode

KINDS = ("bigint", "text", "bytea", "double precision", "boolean", "integer")
ROWS = st.lists(
    st.tuples(
        st.integers(-(2**63), 2**63 - 1),
        st.text(st.characters(exclude_categories=["Cs"])),
        st.binary(),
        st.floats(allow_nan=False),
        st.booleans(),
        st.integers(-(2**31), 2**31 - 1),
    ),
    min_size=1,
)


def test_a_row_is_its_width_and_each_value_after_its_size():
    written = b"\x00\x03" + b"\x00\x00\x00\x04\x00\x00\x00\x07" + b"\x00\x00\x00\x02\xc3\xa9" + b"\xff\xff\xff\xff"
    assert encode(("integer", "text", "bytea"), [(7, "é", None)]) == written


def test_json_is_given_as_text_after_its_version_and_comes_parsed():
    written = encode(("jsonb",), [('["a"]',)])
    assert written == b"\x00\x01\x00\x00\x00\x06\x01" + b'["a"]'
    assert decode(("jsonb",), [written]) == [[["a"]]]


@given(ROWS)
def test_rows_come_back_as_they_went(rows):
    written = [encode(KINDS, [row]) for row in rows]
    assert b"".join(written) == encode(KINDS, rows)
    assert list(zip(*decode(KINDS, written), strict=True)) == rows


@pytest.mark.parametrize("kinds", [("integer",), ("bigint", "text"), ("text", "text", "text")])
def test_rows_of_other_kinds_are_refused(kinds):
    with pytest.raises(ValueError, match="COPY"):
        decode(kinds, encode(("bigint",), [(7,), (8,)]).partition(b"\x08")[:1])


@pytest.mark.parametrize("kind", ["text", "bigint"])
def test_a_null_is_refused_on_the_way_back(kind):
    with pytest.raises(ValueError, match="NULL"):
        decode((kind,), [encode((kind,), [(None,)])])


def test_no_rows_are_no_bytes():
    assert encode(KINDS, []) == b""
