"""The benchmarks still run: what they measure is told by them alone."""

import re
import subprocess
import sys

from django.conf import settings


def test_the_benchmark_of_collecting_collects_a_small_property(tmp_path):
    command = [sys.executable, "-m", "benchmarks.collecting", "--pages", "40"]
    environment = {"DATABASE_URL": f"sqlite:///{tmp_path}/small.sqlite3", "PATH": ""}
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "40 pages, sqlite: done" in done.stdout
    assert re.search(r"stored: [1-9]\d* contents, [1-9]\d* cells", done.stdout)
