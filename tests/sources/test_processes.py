"""A process ends with the one that started it, on Linux and where only a thread can watch."""

import os
import signal
import subprocess
import sys
import time

import pytest

CHILD = (
    "import time; from sources import processes; {before}; processes.die_with_parent(); print('ready'); time.sleep(60)"
)
PARENT = "import subprocess, sys; subprocess.run([sys.executable, '-u', '-c', sys.argv[1]])"


def _start(before: str) -> subprocess.Popen:
    """Start a parent with its child, which holds our pipe open for as long as it lives."""
    command = [sys.executable, "-c", PARENT, CHILD.format(before=before)]
    parent = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert parent.stdout.readline() == "ready\n"
    return parent


@pytest.mark.parametrize("before", ["pass", "processes.LIBC = None"], ids=["by the kernel", "by a thread"])
def test_a_child_ends_when_its_parent_is_killed(before):
    parent = _start(before)
    parent.kill()
    parent.wait()
    began = time.monotonic()
    assert parent.stdout.read() == ""  # the end of the file: nobody holds the pipe any more
    assert time.monotonic() - began < 5


def test_a_child_whose_parent_is_already_another_ends_at_once():
    code = f"from sources import processes; processes.die_with_parent({os.getpid() + 1}); print('lives on')"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (ended.returncode, ended.stdout) == (-signal.SIGKILL, "")
