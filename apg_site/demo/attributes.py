"""Estimates of job, education and relationship for the channel's audience: made up, and they say so."""

from apg_site.demo.tables import read_table

ATTRIBUTE_COLUMNS = ("gender", "age_group", "country", "attribute", "value", "share", "source")
SOURCE = "Made up for the demo"


def make_attributes() -> list[tuple[str, ...]]:
    """Return the rows of the attributes file; what is said of a region is said of each of its countries."""
    countries: dict[str, list[str]] = {"": [""]}
    for row in read_table("countries"):
        countries.setdefault(row["region"], []).append(row["country"])
    return [
        (row["gender"], row["age_group"], country, row["attribute"], row["value"], row["share"], SOURCE)
        for row in read_table("attributes")
        for country in countries[row["region"]]
    ]
