from pathlib import Path

import pytest

from sources.connectors.files.checking import check_comments, check_contents, check_interactions

HEADER = "content_id,gender,age_group,country,count\n"


@pytest.fixture
def saved(tmp_path):
    """Save text or bytes as a file."""

    def save(content: str | bytes, encoding="utf-8", name="rows.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return save


@pytest.fixture
def checked(saved, tmp_path):
    """Check the rows of an interactions file; a text that does not name its columns gets the usual header."""

    def check(content: str | bytes, encoding="utf-8", period=None, mapping=None, report=None):
        if isinstance(content, str) and "count" not in content.split("\n")[0]:
            content = HEADER + content
        path = saved(content, encoding)
        return check_interactions(path, period=period, mapping=mapping, rejects=tmp_path / "rejects.csv", report=report)

    return check


@pytest.fixture
def checked_contents(saved, tmp_path):
    return lambda content, **options: check_contents(saved(content), rejects=tmp_path / "rejects.csv", **options)


@pytest.fixture
def checked_comments(saved, tmp_path):
    return lambda content, known=("v1",): check_comments(saved(content), known=known, rejects=tmp_path / "rejects.csv")


@pytest.fixture
def cells():
    """Return the cells of checked interactions as {(period, content, group): count}."""

    def unpack(checked):
        columns = checked.columns
        return {
            (
                checked.periods[columns.period_code[place]],
                checked.content_ids[columns.content_code[place]],
                checked.groups[columns.group_code[cell]],
            ): columns.count[cell]
            for place in range(len(columns))
            for cell in range(columns.starts[place], columns.starts[place + 1])
        }

    return unpack
