"""Generate personas, in place: the same verb that the queue runs."""

import argparse
import json
import os
import sys
from pathlib import Path

from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError

from personas.errors import GenerationError
from personas.explaining import unsettled
from personas.exporting import as_data
from personas.generation import new_generation
from personas.models import Generation, PersonaSet
from sources.carrying import carry_out
from sources.countries import place_name
from sources.models import PERIOD, DataSource, Organization
from sources.noticing import made_of_ads, silent_sources
from sources.periods import period_words
from sources.preparing import prepare_new_database
from sources.progress import ProgressLine

COLUMNS = (
    ("rel. error", "relative_error", "{:.4f}"),
    ("deviance", "explained_deviance", "{:.3f}"),
    ("diversity", "diversity", "{:.3f}"),
    ("fairness gap", "fairness_gap", "{:.4f}"),
    ("coverage", "coverage", "{:.1%}"),
    ("duplicates", "duplicate_groups", "{:.0f}"),
    ("stability", "stability", "{:.2f}"),
)


def sizes(text: str) -> list[int]:
    """Read `7`, `5-15` or `5,8,10-12`."""
    try:
        ends = [[int(end) for end in part.split("-")] for part in text.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not like 5-15 or 5,8,12") from None
    if any(part[0] > part[-1] for part in ends):
        raise argparse.ArgumentTypeError(f"{text!r} goes backwards: write the smaller number first")
    return sorted({size for part in ends for size in range(part[0], part[-1] + 1)})


class Command(BaseCommand):
    requires_system_checks = [Tags.models]  # the others load every page
    help = "Generate the persona sets of an organization, in place."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--organization", required=True, metavar="SLUG")
        parser.add_argument("--sizes", type=sizes, metavar="5-15", help="those of 5 to 15 that the data gives")
        parser.add_argument("--method", choices=Generation.Method.values, default=Generation.Method.BALANCED)
        parser.add_argument("--period", default="", metavar="YYYY-MM", help="all periods when it is left out")
        parser.add_argument("--unit", choices=Generation.Unit.values, default=Generation.Unit.COUNTRY)
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument(
            "--source", action="append", metavar="NAME", help="may be repeated; all when it is left out"
        )
        parser.add_argument("--json", type=Path, metavar="FILE")

    def handle(self, *args, **options) -> None:
        prepare_new_database()
        organization = Organization.objects.filter(slug=options["organization"]).first()
        if organization is None:
            raise CommandError(f"There is no organization {options['organization']}. Import its interactions first.")
        if PERIOD.regex.match(options["period"]) is None:
            raise CommandError("--period is written YYYY-MM, for example 2026-10.")
        if options["json"] and not os.access(options["json"].parent, os.W_OK):
            raise CommandError(
                f"--json cannot be written: there is no folder {options['json'].parent}, or it is closed."
            )
        if options["seed"] < 0:
            raise CommandError("--seed is a whole number of at least 0.")
        wish = {name: options[name] for name in ("sizes", "method", "period", "unit", "seed")}
        sources = _sources(organization, options["source"] or [])
        try:
            generation = new_generation(organization=organization, sources=sources, **wish)
        except GenerationError as error:
            raise CommandError(str(error)) from None
        self._run(generation)
        self._warn(organization, options["period"], sources)
        self._tell(generation)
        if options["json"]:
            options["json"].write_text(json.dumps(as_data(generation), ensure_ascii=False, indent=1), encoding="utf-8")

    def _warn(self, organization: Organization, period: str, sources: list[DataSource]) -> None:
        chosen = sources or list(organization.sources.order_by("name"))
        ads = made_of_ads([(source.name, source.kind) for source in chosen])
        for words in silent_sources(organization, period=period, sources=chosen) + ads:
            self.stderr.write(words)

    def _run(self, generation: Generation) -> None:
        line = ProgressLine(sys.stderr)
        carry_out(generation, line.report)
        line.close()
        if generation.state != Generation.State.DONE:
            self.stderr.write(f"No personas were made. {generation.error}")
            sys.exit(1)

    def _tell(self, generation: Generation) -> None:
        self.stdout.write(
            f"{generation.group_count:,} groups x {generation.content_count:,} contents, "
            f"{generation.interaction_total:,.0f} interactions, {generation.elapsed_seconds:.1f} s, "
            f"suggested size {generation.suggested_size}"
        )
        self.stdout.write("size  " + "  ".join(f"{title:>12}" for title, *_ in COLUMNS) + "  kept in next")
        sets = list(generation.sets.all())
        for persona_set in sets:
            self.stdout.write(_line(persona_set))
        unsettled_sizes = [str(persona_set.size) for persona_set in sets if unsettled(persona_set)]
        if unsettled_sizes:
            self.stdout.write(f"Ended before the patterns settled, at size {', '.join(unsettled_sizes)}.")
        if generation.continues:
            self.stdout.write(f"Carries on the personas of: {period_words(generation.continues.period)}.")
        shown = next((s for s in sets if s.size == generation.suggested_size), sets[0])
        self.stdout.write(f"\nThe {shown.size} personas of the suggested size:")
        for persona in shown.personas.select_related("identity"):
            where = place_name(persona.country) if persona.country else ""
            who = ", ".join(part for part in (persona.get_gender_display(), persona.age_group, where) if part)
            topics = ", ".join(topic["label"] for topic in persona.topics[:3])
            self.stdout.write(f"{persona.share:>6.1%}  {persona.identity.name:<26} {who:<40} {topics}")


def _sources(organization: Organization, names: list[str]) -> list[DataSource]:
    there = {source.name: source for source in organization.sources.order_by("name")}
    strange = [name for name in names if name not in there]
    if strange:
        raise CommandError(f"There is no source “{strange[0]}”. There are: {', '.join(there) or 'none'}.")
    return [there[name] for name in dict.fromkeys(names)]


def _line(persona_set: PersonaSet) -> str:
    values = (form.format(persona_set.measures[key]) for _, key, form in COLUMNS)
    kept = persona_set.consistency_with_next
    return (
        f"{persona_set.size:>4}  "
        + "  ".join(f"{v:>12}" for v in values)
        + (f"  {kept:>12.0%}" if kept is not None else "")
    )
