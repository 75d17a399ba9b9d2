"""Three Facebook pages of one person, each read with a token of its own: one can be lost while the others go on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.platforms.meta import Graph
from tests.platforms.meta_accounts import MetaAccounts
from tests.platforms.meta_pages import MetaPages
from tests.platforms.meta_world import make_world
from tests.platforms.server import PlatformServer

PERSON, OTHER = "Page Owner", "Sport Editor"
NAMES = {"501": "News Page", "502": "Sport Page", "503": "Garden Page"}
SCOPES = ["pages_show_list", "pages_read_engagement", "pages_read_user_content", "read_insights"]


class ThreePages:
    """The pages 501, 502 and 503 of PERSON; OTHER has a role on 502 only."""

    def __init__(self) -> None:
        self.server = PlatformServer()
        people = {PERSON: list(NAMES.items()), OTHER: [("502", NAMES["502"])]}
        self.meta = MetaAccounts(self.server, people=list(people), pages=people)
        self.graph = Graph(self.server, accepts=self.meta.accepts, secret=self.meta.app[1])
        today = datetime.now(UTC).replace(hour=0, minute=0)
        world = make_world(posts=6, videos=3, media=0, countries=5, first_day=today - timedelta(days=91))
        for number in NAMES:
            MetaPages(self.graph, replace(world, page=number))

    def settle(self) -> None:
        """Have the pages know the tokens that were given, and those that died, as the accounts do."""
        tokens = self.meta.tokens.items()
        self.graph.page_tokens |= {text for text, token in tokens if token.page}
        self.graph.dead |= {text: token.sub for text, token in tokens if token.dead}


@contextmanager
def three_pages(settings) -> Iterator[ThreePages]:
    """Serve the pages, and have the settings point there."""
    pages = ThreePages()
    with pages.server.running() as base:
        settings.PLATFORM_ADDRESSES = settings.PLATFORM_ADDRESSES | pages.meta.addresses(base)
        settings.META_APP_ID, settings.META_APP_SECRET = pages.meta.app
        yield pages
    assert pages.graph.violations == []
