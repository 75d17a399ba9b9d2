"""A Facebook page's contents: its posts and videos in one list, a video and the post that shows it being one."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sources.connectors.faults import NotSupported, Refused
from sources.connectors.harvests import Window
from sources.connectors.http import Json
from sources.connectors.meta.graph import Graph
from sources.connectors.meta.parts import in_window, moment, tags_of, title_of
from sources.connectors.records import ContentRow

SITE = "https://www.facebook.com"
POST_FIELDS = "id,message,created_time,permalink_url,attachments{media_type,target,title}"
EDGES = ("videos", "video_reels")
MOST_OF_A_YEAR = 590  # posts; Facebook says "approximately 600 ranked"
VIDEO_FIELDS = "id,title,description,created_time,permalink_url,post_id"


@dataclass(frozen=True)
class Unit:
    """A post, a video, or a video with its post in one. `post` and `video` are Facebook's ids, or "".

    It goes by the id of the post, which has the comments, and by that of the video where none is told: a post that is
    no longer listed changes nothing. `video` is None where the post shows one that Facebook does not name just now.
    """

    row: ContentRow
    published: date
    post: str
    video: str | None


def units_of(graph: Graph, page: str, window: Window) -> Iterator[Unit]:
    """Yield what a page published on the days of the window."""
    videos, whole = _videos(graph, page)
    posts = {item["id"]: item for item in graph.listed(f"{page}/published_posts", POST_FIELDS)}
    _tell_of_limit(graph, posts.values())
    of_post = {_full(page, str(item["post_id"])): key for key, item in videos.items() if item.get("post_id")}
    video_of = {key: of_post.get(key) or _shown_by(post, videos, whole) for key, post in posts.items()}
    for post, made in in_window(posts.values(), "created_time", window):
        video = video_of[post["id"]]
        yield Unit(_row(post["id"], post, videos.get(video or "", {})), made.date(), post["id"], video)
    shown = set(video_of.values())  # on other days too: a video may be made before the post that shows it
    name_of: dict[str, str] = {shown: post for post, shown in of_post.items()}
    for item, made in in_window(videos.values(), "created_time", window):
        if item["id"] not in shown:
            name = name_of.get(item["id"]) or item["id"]
            yield Unit(_row(name, {}, item), made.date(), "", item["id"])


def _videos(graph: Graph, page: str) -> tuple[dict[str, Json], bool]:
    """Return the page's videos by id, and whether these are all of them."""
    videos, whole = dict[str, Json](), True
    for edge in EDGES:
        try:
            videos |= {item["id"]: item for item in graph.listed(f"{page}/{edge}", VIDEO_FIELDS)}
        except (Refused, NotSupported) as error:
            graph.tell_once(f"The page's {edge} are missing: {error}")
            whole = False
        whole = whole and f"{page}/{edge}" not in graph.broken
    return videos, whole


def _shown_by(post: Json, videos: Mapping[str, Json], whole: bool) -> str | None:
    """Return the video that a post shows, "" for none: of those listed, or where these are not all, what it names."""
    targets = _targets(post)
    listed = next((target for target in targets if target in videos), "")
    if listed or whole or not targets:
        return listed
    return next(filter(None, targets), None)


def _tell_of_limit(graph: Graph, posts: Iterable[Json]) -> None:
    """Say of which years posts may be missing. See "Limitations" at .../graph-api/reference/page/published_posts."""
    years = Counter(post.get("created_time", "")[:4] for post in posts)
    full = sorted(year for year, number in years.items() if number >= MOST_OF_A_YEAR)
    if full:
        graph.tell_once(
            f"Facebook lists about 600 posts of a year, and it listed as many of {' and '.join(full)}: others may be "
            "missing. Videos are listed apart from them."
        )


def _full(page: str, post: str) -> str:
    return post if "_" in post else f"{page}_{post}"


def _targets(post: Json) -> list[str]:
    attached = post.get("attachments", {}).get("data", [])
    return [str(one.get("target", {}).get("id", "")) for one in attached if "video" in one.get("media_type", "")]


def _row(content_id: str, post: Json, video: Json) -> ContentRow:
    # Addresses of pictures are not kept: Facebook lets them run out after some days.
    attached: Json = next(iter(post.get("attachments", {}).get("data", [])), {})
    made = moment(post.get("created_time") or video.get("created_time", ""))
    texts = video.get("title", ""), post.get("message", ""), video.get("description", ""), attached.get("title", "")
    address = post.get("permalink_url") or video.get("permalink_url", "")
    description = post.get("message") or video.get("description", "")
    return ContentRow(
        external_id=content_id,
        title=title_of(*texts) or f"{'Video' if video else 'Post'} of {made:%Y-%m-%d}",
        description=description,
        tags=tags_of(description),
        url=f"{SITE}{address}" if address.startswith("/") else address,
        published_at=made,
    )
