"""The demo as a person starts it, server, worker and all, and a real browser before it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import psutil
import pytest
from django.conf import settings
from django.db import connections
from playwright._impl._driver import compute_driver_executable
from playwright.sync_api import sync_playwright

from tests.cluster.conftest import _drop_database, _new_database

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the browser's path; without one, or without what drives it, the tests are skipped, but never in CI."""
    node, _ = compute_driver_executable()
    if CHROMIUM is None:
        missing = "needs Chromium: apt-get install chromium"
    elif subprocess.run([node, "--version"], capture_output=True).returncode:
        missing = "needs what drives Chromium: apt-get install libatomic1"
    else:
        return CHROMIUM
    assert "CI" not in os.environ, missing
    pytest.skip(missing)


@pytest.fixture(scope="session")
def site(chromium, tmp_path_factory, django_db_blocker):
    """Return the address of a running demo with a database and pictures of its own."""
    folder = tmp_path_factory.mktemp("site")
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}", "MEDIA_ROOT": str(folder)}
    with django_db_blocker.unblock():
        place = _new_database(environment, connections["default"])
    port = _free_port()
    command = [sys.executable, "manage.py", "demo", "--port", str(port)]
    log = (folder / "log.txt").open("w+")
    demo = psutil.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log)
    try:
        _wait_for(f"http://127.0.0.1:{port}/accounts/login/", demo, folder / "log.txt")
        yield f"http://127.0.0.1:{port}"
    finally:
        demo.terminate()
        demo.wait(20)
        with django_db_blocker.unblock():
            _drop_database(place, connections["default"])


@pytest.fixture(scope="session")
def browser(chromium):
    # Playwright keeps a loop in this thread, which Django would take for an asynchronous caller of later tests.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def signed_in(site, browser):
    """What the browser keeps of the person who runs the demo, once signed in."""
    context = browser.new_context(base_url=site)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.get_by_label("User name").fill("demo")
    page.get_by_label("Password").fill("demo")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/personas/**")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture(params=[(1280, 900), (390, 844)], ids=["desk", "phone"])
def page(request, site, browser, signed_in):
    """A page of that person; anything the browser complains of fails the test."""
    width, height = request.param
    size = {"width": width, "height": height}
    context = browser.new_context(viewport=size, base_url=site, storage_state=signed_in)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda asked: complaints.append(asked.url) if not _is_ours(asked.url, site) else None)
    page.goto("/o/demo/personas/")
    yield page
    context.close()
    assert complaints == []


def _is_ours(address: str, site: str) -> bool:
    return address.startswith((site, "data:", "blob:"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(address: str, demo: subprocess.Popen, log, seconds: float = 600) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert demo.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(address, timeout=2).read()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"the demo did not answer in {seconds} s: {log.read_text()}")
