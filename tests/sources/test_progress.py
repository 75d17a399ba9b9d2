"""The progress of a command."""

import io

from sources.progress import ProgressLine


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_terminal_sees_stage_and_counts_on_one_line():
    terminal = Terminal()
    line = ProgressLine(terminal)
    line.report("patterns", 3, 6)
    assert "patterns" in terminal.getvalue()
    assert "50%  3 of 6" in terminal.getvalue()
    assert "\n" not in terminal.getvalue()


def test_line_is_not_redrawn_for_every_row():
    terminal = Terminal()
    line = ProgressLine(terminal)
    for row in range(10_000):
        line.report("reading", row, 10_000)
    assert terminal.getvalue().count("\r") < 100


def test_last_step_is_always_drawn():
    terminal = Terminal()
    line = ProgressLine(terminal)
    line.report("reading", 0, 2)
    line.report("reading", 2, 2)
    assert "100%" in terminal.getvalue()


def test_pipe_stays_clean():
    pipe = io.StringIO()
    line = ProgressLine(pipe)
    line.report("reading", 1, 2)
    line.close()
    assert pipe.getvalue() == ""
