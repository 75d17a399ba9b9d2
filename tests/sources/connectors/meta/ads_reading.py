"""What the tests of ads share: harvests read from the planted ads, and columns as cells."""

from datetime import date

from sources.connectors.harvests import Known, Window

OCTOBER = Window(date(2026, 10, 1), date(2026, 10, 31))
NOTHING_KNOWN = Known(content_ids=lambda: [])


def read(connector, window=OCTOBER, known=NOTHING_KNOWN):
    return [shard.read() for shard in connector.shards(window, known) if shard.stage == "interactions"]


def columns(connector, window=OCTOBER):
    (harvest,) = read(connector, window)
    return {counts.content_id: counts for counts in harvest.counts}


def as_cells(counts):
    return dict(zip(counts.groups, counts.counts.tolist(), strict=True))
