"""The sample organization, from nothing to personas in the browser."""

import argparse
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path
from types import ModuleType

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from apg_site.demo import channel, platforms
from personas.generation import new_generation
from personas.models import Generation
from sources.carrying import carry_out
from sources.importing import import_files
from sources.models import Collection, DataSource, Membership, Organization
from sources.overview import periods_of
from sources.periods import period_words
from sources.processes import die_with_parent
from sources.progress import ProgressLine

ACCOUNT = "demo"  # name and password: the server listens on this machine only
STOP_SECONDS = 10


class Command(BaseCommand):
    help = (
        "Make the sample organization and its personas, and serve them on this machine. May be run again at any time."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--no-serve", action="store_true", help="prepare everything, start nothing")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--platforms", action="store_true", help="connect a second organization to stand-ins of the platforms"
        )

    def handle(self, *args, **options) -> None:
        if not options["no_serve"]:
            _check_port(options["port"])
        with platforms.running_platforms() if options["platforms"] else nullcontext([]) as permissions:
            self._make(options, permissions)

    def _make(self, options: dict, permissions: list[platforms.Permission]) -> None:
        self._say("Preparing the database")
        call_command("migrate", verbosity=0)
        _refuse_strangers((channel, platforms) if permissions else (channel,))
        settings.STATIC_ROOT.mkdir(exist_ok=True)  # the server of static files warns of a missing folder
        organization = _organization(channel.SLUG, channel.NAME)
        user = _account(organization)
        self._import(organization)
        self._generate(organization)
        if permissions:
            self._collect(permissions, user)
        self._say(f"\nThe demo is ready: http://127.0.0.1:{options['port']}/")
        self._say(f"Sign in as {ACCOUNT} with the password {ACCOUNT}.")
        if options["no_serve"]:
            more = " --platforms" if permissions else ""
            self._say(f"Start it with: {_python()} manage.py demo{more} --port {options['port']}")
        else:
            self._say("Stop it with Ctrl+C.")
            serve(options["port"])

    def _import(self, organization: Organization) -> None:
        source, _ = DataSource.objects.get_or_create(organization=organization, name=channel.NAME)
        line = ProgressLine(sys.stderr)
        with tempfile.TemporaryDirectory() as folder:
            files = channel.write_channel(Path(folder))
            paths = {"interactions": files.interactions, "contents": files.contents, "comments": files.comments}
            paths["attributes"] = files.attributes
            told = import_files(source=source, paths=paths, rejects=Path(folder), report=line.report)
        line.close()
        counts = told.summary
        self._say(
            f"Imported {told.accepted:,} rows of interactions, {counts['contents']['accepted']:,} contents "
            f"and {counts['comments']['accepted']:,} comments of {channel.NAME}, a fictional channel"
        )

    def _collect(self, permissions: list[platforms.Permission], user) -> None:
        """Collect from the stand-ins of the platforms, and make personas of all that came but of ads."""
        organization = _organization(platforms.SLUG, platforms.NAME)
        _account(organization)
        _end_what_was_left(organization)
        for source in platforms.connect(organization, permissions, user):
            self._say(f"Collecting from {source}, a stand-in of {source.get_kind_display()}")
            call_command("collect", source=source.pk, stdout=self.stdout, stderr=self.stderr)
        if not Generation.objects.of(organization).complete().exists():
            # Who is shown ads is who they aim at; they tell how large groups are and what jobs people have.
            self._generate_one(organization, "", organization.sources.exclude(kind=DataSource.Kind.FACEBOOK_ADS))
        self._say(f"Switch to “{organization}” at the top of the page to see it.")

    def _generate(self, organization: Organization) -> None:
        """Make the sets of every month in their order, each carrying on the one before, and of all months last.

        What was finished last is what the pages open with: so the whole audience is made anew after a missing month.
        """
        _end_what_was_left(organization)
        months = sorted(periods_of(organization))
        there = set(Generation.objects.of(organization).complete().values_list("period", flat=True))
        missing = [period for period in (*months, "") if period not in there]
        if not missing:
            self._say("The personas are there already")
            return
        for period in [*filter(None, missing), ""]:
            self._generate_one(organization, period)

    def _generate_one(self, organization: Organization, period: str, sources: Iterable[DataSource] = ()) -> None:
        generation = new_generation(organization=organization, period=period, sources=list(sources))
        line = ProgressLine(sys.stderr)
        carry_out(generation, line.report)
        line.close()
        if generation.state != Generation.State.DONE:
            raise CommandError(f"The demo's personas could not be made: {generation.error}")
        before = generation.continues
        carried = f", carrying on those of {period_words(before.period)}" if before and before.period else ""
        self._say(
            f"{period_words(period)}: made {len(generation.sizes)} sets of personas in "
            f"{generation.elapsed_seconds:.1f} s from {generation.group_count:,} groups and "
            f"{generation.content_count:,} contents{carried}"
        )

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()


def _python() -> Path:
    """Return this interpreter as it can be called from the folder that the command was called in."""
    python, here = Path(sys.executable), Path.cwd()
    return python.relative_to(here) if python.is_relative_to(here) else python


def serve(port: int) -> None:
    """Run a worker and a web server until one of them ends or somebody presses Ctrl+C."""
    server = ["gunicorn", "apg_site.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "8"]
    commands = (
        [sys.executable, "manage.py", "worker"],
        [sys.executable, "-m", *server, "--log-level", "warning"],
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that whoever ends us ends what we started, too
    processes = [
        subprocess.Popen(command, cwd=settings.BASE_DIR, preexec_fn=_end_with_us)  # noqa: S603 - our own
        for command in commands
    ]
    try:
        while all(process.poll() is None for process in processes):
            time.sleep(0.5)
    except KeyboardInterrupt:
        pass
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(STOP_SECONDS)


def _end_with_us() -> None:
    die_with_parent(number=signal.SIGTERM)


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise CommandError(f"Port {port} is in use. Choose another one: manage.py demo --port {port + 1}") from None


def _refuse_strangers(parts: Iterable[ModuleType]) -> None:
    """Raise CommandError where others work: the demo lets in whoever knows its password, and invents data.

    People whom somebody let in beside the demo's own account do no harm, nor does another name for an organization.
    """
    advice = f"Give the demo a database of its own: DATABASE_URL=sqlite:///demo.sqlite3 {_python()} manage.py demo"
    users = get_user_model().objects
    if users.exists() and not users.filter(username=ACCOUNT).exists():
        raise CommandError(f"Other people have accounts in this database. {advice}")
    for part in parts:
        theirs = Organization.objects.filter(slug=part.SLUG).exclude(name=part.NAME)
        if stranger := theirs.exclude(members__username=ACCOUNT).first():
            raise CommandError(f"The organization “{stranger}” of this database is not the demo's. {advice}")


def _organization(slug: str, name: str) -> Organization:
    return Organization.objects.get_or_create(slug=slug, defaults={"name": name})[0]


def _end_what_was_left(organization: Organization) -> None:
    """Close what a demo that was killed has left open: it worked in place, so nobody else goes on with it."""
    for runs in (Generation.objects, Collection.objects):
        for left in runs.of(organization).open():
            left.request_cancel()
            left.err("The demo was stopped while this ran, and was started again.")


def _account(organization: Organization) -> AbstractBaseUser:
    user, made = get_user_model().objects.get_or_create(
        username=ACCOUNT, defaults={"is_staff": True, "is_superuser": True}
    )
    if made:
        user.set_password(ACCOUNT)
        user.save()
    Membership.objects.get_or_create(organization=organization, user=user, defaults={"role": Membership.Role.ADMIN})
    return user
