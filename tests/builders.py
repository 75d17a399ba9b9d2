"""Small worlds for tests, made through the models."""

import numpy as np
from django.contrib.auth import get_user_model

from personas.models import AudienceRows, Generation, Identity, Persona, PersonaSet
from sources.models import ContentUnit, DataSource, DemographicGroup, Membership, Organization, PackedInteractions
from sources.packing import COUNTS, IDS, SHARES, pack

AGES = ["13-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65+"]
NAMES = ["Amina Haddad", "Jonas Weber", "Mei Tanaka", "Lucia Romero", "Ravi Sharma", "Chloe Martin", "Omar Nasser"]


def make_organization(slug: str = "acme", **fields) -> Organization:
    return Organization.objects.create(slug=slug, name=slug.title(), **fields)


def make_member(organization, username: str, role=Membership.Role.ADMIN):
    user = get_user_model().objects.create_user(username, password="a long enough secret")
    Membership.objects.create(organization=organization, user=user, role=role)
    return user


def make_contents(organization, count: int = 25, source_name: str = "Files") -> list[ContentUnit]:
    source, _ = DataSource.objects.get_or_create(organization=organization, name=source_name)
    topics = ["Science", "Sport", "World", "Health"]
    return ContentUnit.objects.bulk_create(
        ContentUnit(
            source=source,
            external_id=f"v{i:03}",
            title=f"Title {i} about {topics[i % 4].lower()}",
            category=topics[i % 4],
            tags=[topics[i % 4].lower(), f"tag{i % 7}"],
        )
        for i in range(count)
    )


def make_groups(countries=("US", "IN", "EG", "DE"), genders=("female", "male"), ages=AGES) -> list[DemographicGroup]:
    wanted = [(g, a, c) for g in genders for a in ages for c in countries]
    return [DemographicGroup.objects.get_or_create(gender=g, age_group=a, country=c)[0] for g, a, c in wanted]


def make_interactions(contents, groups, seed: int = 0, period: str = "2026-10") -> None:
    """Counts with a planted taste: a content and a group whose numbers agree modulo 4 meet eight times as often."""
    random = np.random.default_rng(seed)
    ids = np.array(sorted(group.pk for group in groups))
    rows = []
    for i, content in enumerate(contents):
        counts = random.poisson(np.where(ids % 4 == i % 4, 80, 10)).astype(float)
        rows.append(
            PackedInteractions(
                content=content,
                period=period,
                group_ids=pack(ids[counts > 0], IDS),
                counts=pack(counts[counts > 0], COUNTS),
                total=counts.sum(),
            )
        )
    PackedInteractions.objects.bulk_create(rows)


def make_persona_sets(organization, sizes=(5, 6, 7), **fields) -> Generation:
    """A complete generation with its sets, as the pages and the API find it; no pipeline is run."""
    contents = list(ContentUnit.objects.of(organization)) or make_contents(organization)
    groups = make_groups()
    if not PackedInteractions.objects.of(organization).exists():
        make_interactions(contents, groups)
    generation = Generation.objects.create(
        organization=organization,
        state=Generation.State.DONE,
        sizes=list(sizes),
        suggested_size=sizes[0],
        group_count=len(groups),
        content_count=len(contents),
        interaction_total=1000.0,
        size_curve={str(size): {"stability": 0.9} for size in sizes},
        versions={"numpy": np.__version__},
        seconds={"matrix": 0.1},
        **fields,
    )
    AudienceRows.objects.create(
        generation=generation,
        groups=[[g.gender, g.age_group, g.country] for g in groups],
        totals=pack(np.full(len(groups), 1000 / len(groups)), COUNTS),
    )
    identities = [_identity(organization, number, groups[number * 5]) for number in range(max(sizes))]
    for size in sizes:
        _persona_set(generation, size, identities[:size], groups, contents)
    return generation


def _identity(organization, number: int, group) -> Identity:
    name = NAMES[number] if number < len(NAMES) else f"Sample Person {number}"
    return Identity.objects.get_or_create(
        organization=organization,
        name=name,
        defaults={"gender": group.gender, "age_group": group.age_group, "country": group.country},
    )[0]


def _persona_set(generation, size: int, identities, groups, contents) -> PersonaSet:
    measures = {
        "relative_error": 0.2,
        "explained_deviance": 0.5,
        "diversity": 0.4,
        "most_diversity": 0.45,
        "fairness_gap": 0.03,
        "coverage": 0.98,
        "duplicate_groups": 0,
        "stability": 0.9,
    }
    persona_set = PersonaSet.objects.create(
        generation=generation, size=size, measures=measures, consistency_with_next=1.0
    )
    Persona.objects.bulk_create(
        Persona(
            persona_set=persona_set,
            identity=identity,
            position=number + 1,
            thread=number,
            gender=identity.gender,
            age_group=identity.age_group,
            age=29,
            country=identity.country,
            share=1 / size,
            interactions=1000 / size,
            group_rows=pack([number * 5, number * 5 + 1, number * 5 + 2], IDS),
            group_shares=pack([0.5, 0.3, 0.2], SHARES),
            contents=[
                {"id": content.pk, "share": 1 / (rank + 2), "lift": 2.5 - rank / 10}
                for rank, content in enumerate(contents[number : number + 10])
            ],
            topics=[
                {"label": "Science", "share": 0.4, "lift": 2.1},
                {"label": "Sport", "share": 0.2, "lift": 1.3},
            ],
            description=f"{identity.name} likes science. Two sentences stand here.",
            unavailable=[{"attribute": "Job", "why": "No source of this organization says it."}],
        )
        for number, identity in enumerate(identities)
    )
    return persona_set
