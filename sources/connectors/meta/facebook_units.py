"""A Facebook page's contents: its posts and videos in one list, a video and the post that shows it being one."""

from collections.abc import Iterator
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
VIDEO_FIELDS = "id,title,description,created_time,permalink_url,post_id"


@dataclass(frozen=True)
class Unit:
    """A post, a video, or a video with its post in one. `post` and `video` are Facebook's ids, or "".

    It goes by the id of the post, which has the comments, and by that of the video where no post shows it.
    """

    row: ContentRow
    published: date
    post: str
    video: str


def units_of(graph: Graph, page: str, window: Window) -> Iterator[Unit]:
    """Yield what a page published on the days of the window."""
    videos = {item["id"]: item for edge in ("videos", "video_reels") for item in _videos(graph, page, edge)}
    of_post = {_full(page, str(item["post_id"])): key for key, item in videos.items() if item.get("post_id")}
    posts = {item["id"]: item for item in graph.listed(f"{page}/published_posts", POST_FIELDS)}
    video_of = {
        key: of_post.get(key) or next((target for target in _targets(post) if target in videos), "")
        for key, post in posts.items()
    }
    for post, made in in_window(posts.values(), "created_time", window):
        video = video_of[post["id"]]
        yield Unit(_row(post["id"], post, videos.get(video, {})), made.date(), post["id"], video)
    shown = set(video_of.values())  # on other days too: a video may be made before the post that shows it
    for video, made in in_window(videos.values(), "created_time", window):
        if video["id"] not in shown:
            yield Unit(_row(video["id"], {}, video), made.date(), "", video["id"])


def _videos(graph: Graph, page: str, edge: str) -> Iterator[Json]:
    try:
        yield from graph.listed(f"{page}/{edge}", VIDEO_FIELDS)
    except (Refused, NotSupported) as error:
        graph.tell_once(f"The page's {edge} are missing: {error}")


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
