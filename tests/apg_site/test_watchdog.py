"""What the watchdog of a worker does beside its cluster."""

from pathlib import Path

from apg_site.watchdog import Watchdog


def test_a_disk_that_refuses_a_chore_does_not_end_the_worker(db, settings, caplog):
    media = Path(settings.MEDIA_ROOT)
    media.mkdir()
    (media / "photos").write_text("a file where a folder should be")
    Watchdog(print)._keep_house()
    assert "The disk refused something; the worker tries again" in caplog.text
    assert "NotADirectoryError" in caplog.text
