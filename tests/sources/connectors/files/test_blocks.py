from sources.connectors.files.blocks import Block, blocks, records

MULTILINE = b'a,"one\ntwo"\n'


def test_blocks_end_where_lines_end_and_know_their_first_line():
    cut = list(blocks([b"a,1\nb,", b"2\nc,3\n", b"d,4"]))
    assert cut == [Block(1, b"a,1\n"), Block(2, b"b,2\nc,3\n"), Block(4, b"d,4")]


def test_a_block_is_not_cut_inside_quotes():
    assert list(blocks([MULTILINE + b'b,"on', b"e\nt", b'wo"\n'])) == [Block(1, MULTILINE), Block(3, b'b,"one\ntwo"\n')]


def test_a_stray_quote_does_not_hold_up_the_cutting():
    rows = b'5" disk,1\n' + b"b,2\n" * 500_000
    assert len(list(blocks([rows, b"c,3\n"]))) == 2


def test_records_know_their_lines_past_blank_and_quoted_lines():
    found = list(records(Block(10, MULTILINE + b"\n" + b"b,2\r\n"), ","))
    assert [(record.line, record.cells) for record in found] == [(10, ["a", "one\ntwo"]), (13, ["b", "2"])]


def test_a_file_where_every_quote_is_left_open_is_read_to_its_end():
    found = list(records(Block(1, b'"a,1\n' * 1000), ","))
    assert [record.line for record in found] == list(range(1, 1001))
    assert all(record.problem for record in found)
