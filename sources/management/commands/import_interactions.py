"""Import a CSV of interactions, in place."""

import argparse
import csv
import os
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError
from django.utils.text import slugify

from sources.connectors.files.export_tables import write_bundle
from sources.errors import DataError
from sources.importing import Imported, import_files
from sources.models import PERIOD, Collection, DataSource, Organization
from sources.preparing import prepare_new_database
from sources.progress import ProgressLine
from sources.replacing import replacing_words
from sources.reporting import BESIDE


class Command(BaseCommand):
    help = "Import a CSV (or CSV.gz) of interactions; makes the organization and the source if they are absent."
    requires_system_checks = [Tags.models]  # the others load every page, which takes as long as a million rows

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "file", type=Path, nargs="+", metavar="FILE", help="a table, or the exports of one platform, zipped or not"
        )
        parser.add_argument("--organization", required=True, metavar="SLUG")
        parser.add_argument("--source", default="Files", metavar="NAME", help="the pile of files it belongs to")
        parser.add_argument("--contents", type=Path, metavar="FILE", help="titles, categories, tags of the contents")
        parser.add_argument("--comments", type=Path, metavar="FILE")
        parser.add_argument("--attributes", type=Path, metavar="FILE", help="estimates of job, education, relationship")
        parser.add_argument("--period", default="", metavar="YYYY-MM", help="for rows that name no period")
        parser.add_argument("--add", action="store_true", help="add to the periods instead of replacing them")
        parser.add_argument("--rejects", type=Path, metavar="FILE", help="where the rejected rows go")

    def handle(self, *args, **options) -> None:
        tables = options["file"]
        beside = {kind: options[kind] for kind in BESIDE if options[kind]}
        _check_arguments([*tables, *beside.values()], options)
        prepare_new_database()
        source, made = _source(options["organization"], options["source"])
        if not options["add"] and (words := replacing_words(source)):
            self.stderr.write(f"warning: {words}")
        line = ProgressLine(sys.stderr)
        with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as room:
            paths = {"interactions": _one_file(tables, Path(room))} | beside
            try:
                told = import_files(
                    source=source,
                    paths=paths,
                    rejects=Path(folder),
                    period=options["period"],
                    mode=Collection.Mode.ADD if options["add"] else Collection.Mode.REPLACE,
                    report=line.report,
                )
            except DataError as error:
                line.close()
                found = {path.stem: path for path in Path(folder).glob("*.csv") if _has_rows(path)}
                _keep_rejects(found, options["rejects"])
                for new in made:
                    new.delete()
                self.stderr.write(f"Nothing was imported. {error}")
                sys.exit(1)
            line.close()
            kept = _keep_rejects(told.reject_files, options["rejects"])
        self._tell(told, kept)
        if not source.organization.memberships.exists():
            self.stdout.write(
                f"Nobody is a member of {source.organization} yet: only superusers see it on the pages. "
                "Add people in its settings."
            )

    def _tell(self, told: Imported, kept: list[Path]) -> None:
        summary = told.summary
        self.stdout.write(f"rows read        {told.read:>12,}")
        self.stdout.write(f"rows accepted    {told.accepted:>12,}")
        self.stdout.write(f"rows rejected    {told.rejected:>12,}")
        self.stdout.write(f"rows per second  {summary['rows_per_second']:>12,}")
        for kind in BESIDE:
            if kind in summary:
                part = summary[kind]
                self.stdout.write(f"{kind:<16} {part['accepted']:>12,} accepted, {part['rejected']:,} rejected")
        if summary["duplicates"]:
            self.stdout.write(f"duplicate keys   {summary['duplicates']:>12,}, their counts were summed")
            for words in summary["duplicate_examples"][:3]:
                self.stdout.write(f"  {words}")
        if summary.get("unknown_mass"):
            self.stdout.write(f"unknown groups   {summary['unknown_mass']:>12,.0f} interactions, kept apart")
        if absent := [name.replace("_", " ") for name in summary.get("absent_dimensions", [])]:
            self.stdout.write(f"The file has no {' and no '.join(absent)}: groups are made without it.")
        for change in summary["replaced"]:
            self.stdout.write(_change_words(change))
        for words in summary["warnings"]:
            self.stdout.write(f"note: {words}")
        for reject in summary["first_rejects"][:5]:
            self.stdout.write(
                f"rejected: {reject['file']} line {reject['line']}, {reject['column']} = {reject['value']!r}: "
                f"{reject['reason']}"
            )
        for path in kept:
            self.stdout.write(f"rejected rows are in {path}")
        if told.rejected and not kept:
            self.stdout.write("Add --rejects FILE to get the rejected rows as a CSV.")


def _one_file(tables: list[Path], room: Path) -> Path:
    """Several tables, or one export that tells its days by its name, come as one archive."""
    if len(tables) == 1 and tables[0].suffix.lower() != ".zip":
        return tables[0]
    bundle = room / "bundle.zip"
    with bundle.open("wb") as out, ExitStack() as stack:
        write_bundle(out, [(path.name, stack.enter_context(path.open("rb"))) for path in tables])
    return bundle


def _check_arguments(paths: list[Path], options: dict) -> None:
    for path in paths:
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
    if slugify(options["organization"]) != options["organization"]:
        raise CommandError("--organization takes a slug: small letters, digits and hyphens.")
    if PERIOD.regex.match(options["period"]) is None:
        raise CommandError("--period is written YYYY-MM, for example 2026-10.")
    if options["rejects"]:
        _check_target(options["rejects"])


def _check_target(target: Path) -> None:
    if target.is_dir():
        raise CommandError(f"--rejects takes a file; {target} is a folder.")
    if not target.parent.is_dir():
        raise CommandError(f"There is no folder {target.parent} for the rejected rows. Make it first.")
    if not os.access(target.parent, os.W_OK):
        raise CommandError(f"You may not write into {target.parent}. Name another place for --rejects.")


def _source(slug: str, name: str) -> tuple[DataSource, list[Organization | DataSource]]:
    """Return the source, and what was made for it and should go again if nothing comes in."""
    defaults = {"name": slug.replace("-", " ").title()}
    organization, new_organization = Organization.objects.get_or_create(slug=slug, defaults=defaults)
    source, new_source = DataSource.objects.get_or_create(organization=organization, name=name)
    return source, [organization] if new_organization else [source] if new_source else []


def _change_words(change: dict) -> str:
    period = change["period"] or "undated"
    if not change["changed"] and not change["removed"]:
        return f"{period}: nothing changed, these counts were there already"
    before, now = change["contents_before"], change["contents_now"]
    told = f"{period}: counts of {change['changed']:,} contents written"
    return f"{told}, of {change['removed']:,} taken away; {before:,} contents before, {now:,} now" if before else told


def _has_rows(path: Path) -> bool:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        next(rows, None)
        return next(rows, None) is not None


def _keep_rejects(found: dict[str, Path], target: Path | None) -> list[Path]:
    """Move the rejected interactions to the target; those of other files stand beside it under their kind."""
    if target is None:
        return []
    kept = []
    for kind, path in sorted(found.items()):
        place = target if kind == "interactions" else target.with_name(f"{target.stem}.{kind}{target.suffix}")
        shutil.move(path, place)
        kept.append(place)
    return kept
