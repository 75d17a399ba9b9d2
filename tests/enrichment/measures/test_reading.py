import shutil
import subprocess
import sys

import numpy as np

from enrichment.measures.reading import load_reader
from enrichment.measures.screening import Reason
from tests.enrichment.measures.labelled import DATA

TEXTS = ["This report was excellent, thank you all", "que pesimo programa, la verdad no lo veo mas", "😍🔥🔥", ""]


def test_a_comment_is_read_in_one_call():
    found = load_reader(DATA).read(TEXTS)
    assert found.languages == ["en", "es", "unknown", "unknown"]
    assert np.sign(found.scores[:3]).tolist() == [1, -1, 1]
    assert np.isnan(found.scores[3])
    assert found.reasons == [None, None, Reason.MEANINGLESS, Reason.MEANINGLESS]


def test_no_comments_give_empty_readings():
    found = load_reader(DATA).read([])
    assert (found.languages, found.scores.shape, found.reasons) == ([], (0,), [])


def test_comments_are_read_alike_in_one_batch_or_in_many():
    reader = load_reader(DATA)
    whole = reader.read(TEXTS)
    parts = [reader.read([text]) for text in TEXTS]
    assert [part.languages[0] for part in parts] == whole.languages
    np.testing.assert_array_equal([part.scores[0] for part in parts], whole.scores)


def test_the_reader_is_made_once_for_a_folder():
    assert load_reader(DATA) is load_reader(DATA)


def test_the_version_changes_with_any_list(tmp_path):
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    with (folder / "sentiment" / "it.csv").open("a", encoding="utf-8") as file:
        file.write("magnifichissimo,3\n")
    assert load_reader(folder).version != load_reader(DATA).version


def test_reading_needs_no_network_and_is_the_same_in_a_new_process():
    code = (
        "import socket, sys\n"
        "def refuse(*args, **kwargs): raise OSError('no network')\n"
        "socket.socket.connect = refuse; socket.getaddrinfo = refuse\n"
        "from pathlib import Path\n"
        "from enrichment.measures.reading import load_reader\n"
        "found = load_reader(Path(sys.argv[1])).read(sys.argv[2:])\n"
        "print(found.languages, found.scores.tolist())"
    )
    command = [sys.executable, "-c", code, str(DATA), *TEXTS[:3]]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, cwd=DATA.parents[1]).stdout
    found = load_reader(DATA).read(TEXTS[:3])
    assert printed.strip() == f"{found.languages} {found.scores.tolist()}"
