"""Processes that never outlive the one that started them, even when that one is killed."""

import ctypes
import os
import signal
import sys
import threading
import time

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent(parent: int | None = None, number: int = signal.SIGKILL) -> None:
    """Have this process sent a signal when its parent ends; `parent` is the id it should have, if that is known."""
    parent = parent or os.getppid()
    if LIBC:
        LIBC.prctl(PR_SET_PDEATHSIG, number)
    else:
        threading.Thread(target=_watch, args=(parent, number), daemon=True).start()
    if os.getppid() != parent:  # it ended before we could ask
        os.kill(os.getpid(), number)


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent ends (on Linux), so that we can reap them."""
    if LIBC:
        LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1)


def reap_children() -> None:
    """Take leave of every child that has ended, so that none stays behind as a zombie."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def be_first_to_go() -> None:
    """Tell the system to end this process before others when memory runs out: its parent can tell the user."""
    if LIBC:
        with open("/proc/self/oom_score_adj", "w") as score:
            score.write("500")


def _watch(parent: int, number: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), number)
