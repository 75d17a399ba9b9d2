"""Child processes of the queue's tasks."""

import subprocess
import sys

import pytest

from sources.children import do_aside, end, has_ended_within

pytestmark = pytest.mark.django_db


def test_a_chore_that_ends_well_says_nothing():
    do_aside("os.getpid")


def test_a_chore_that_breaks_fails_its_task():
    with pytest.raises(RuntimeError, match=r"os\.abort ended with code -6"):
        do_aside("os.abort")


def test_a_child_that_goes_on_is_ended():
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert not has_ended_within(child, 0.1)
    end(child)
    assert child.returncode == -9
