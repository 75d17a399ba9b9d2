"""The entry point of the commands."""

import subprocess
import sys

from django.conf import settings


def test_a_reader_that_has_seen_enough_ends_a_command_quietly():
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "help", "--commands"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        process.stdout.close()
        assert "Traceback" not in process.stderr.read()
    assert process.returncode == 141
