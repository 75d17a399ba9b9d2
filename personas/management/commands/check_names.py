"""Prove that the names are sound: pools that are large enough and borrow none, and no name twice in an organization."""

from collections import Counter

from django.core.management.base import BaseCommand, CommandError

from enrichment.measures.name_changes import shortcomings
from enrichment.measures.naming import GENDERS
from enrichment.name_pools import effective_pools
from personas.models import Identity


class Command(BaseCommand):
    help = "Check the naming pools with all that was changed of them, and the names that personas have."

    def handle(self, *args, **options) -> None:
        pools = effective_pools().pools.values()
        given = min(sum(one.gender == gender for one in pool.given) for pool in pools for gender in GENDERS)
        families = min(len(pool.families) for pool in pools)
        names = Identity.objects.order_by("pk").values_list("organization__slug", "name")
        often = Counter((slug, name.casefold()) for slug, name in names)
        complaints = shortcomings(effective_pools())
        complaints += [
            f"{slug}: {count} personas are called {name}." for (slug, name), count in often.items() if count > 1
        ]
        self.stdout.write(
            f"{len(pools)} pools, at least {given} given names of a gender and {families} surnames in each; "
            f"{often.total()} personas."
        )
        if complaints:
            raise CommandError("\n".join(complaints))
        self.stdout.write("No pool is too small, none borrows English names, no name stands twice in an organization.")
