"""Exports as YouTube Studio writes them: a channel of three videos, its tables zipped one by one."""

import zipfile
from io import BytesIO

DAYS = "2026-10-01_2026-10-31"
CHANNEL = "Cooking at Noon"
VIDEOS = {
    "aaaaaaaaaa1": ("Bread, from scratch", 1000),
    "-bbbbbbbbb2": ("Stew: a primer", 3000),
    "ccccccccc_3": ("Rice", 400),
}
AGES = "Viewer age,Views (%),Average view duration,Average percentage viewed (%),Watch time (hours) (%)"
GENDERS = AGES.replace("Viewer age", "Viewer gender")
PLACES = "Geography,Views,Watch time (hours),Average view duration"


def csv(*lines: str) -> bytes:
    return ("\ufeff" + "\n".join(lines) + "\n").encode()


def content(*, total: int = 5000, rows: dict[str, tuple[str, int]] = VIDEOS, note: bool = False) -> bytes:
    lines = [
        f'{" " if video.startswith("-") else ""}{video},"{title}","Oct 2, 2026",312,"{views:,}",12.5,7,9000,4.2'
        for video, (title, views) in rows.items()
    ]
    header = (
        "Content,Video title,Video publish time,Duration,Views,Watch time (hours),Subscribers,Impressions,"
        "Impressions click-through rate (%)"
    )
    notes = ["Showing top 500 results,,,,,,,,"] if note else []
    return csv(header, f"Total,,,,{total},210.5,20,90000,4.10", *lines, *notes)


def ages(young: float, old: float) -> bytes:
    return csv(AGES, f"18–24 years,{young},2:45,42.3,11.8", f"65+ years,{old},3:12,48.7,30.2")


def genders(women: float, men: float) -> bytes:
    return csv(GENDERS, f"Female,{women},3:10,47.8,48.3", f"Male,{men},2:58,45.1,51.7", "User-specified,,,,")


def places(total: int, **views: int) -> bytes:
    return csv(PLACES, f"Total,{total},12.6,3:35", *(f"{code},{count},1.2,3:35" for code, count in views.items()))


def packed(files: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def as_downloaded(table: bytes) -> bytes:
    """A ZIP as Studio makes it of one view of the advanced mode."""
    return packed(
        {
            "Table data.csv": table,
            "Totals.csv": csv("Date,Views", "2026-10-01,17", "2026-10-02,19"),
            "Chart data.csv": csv("Date,Content,Video title,Views", "2026-10-01,aaaaaaaaaa1,Bread,17"),
        }
    )


def exports(*, of_videos: bool = True, of_channel: bool = True, **others: bytes) -> dict[str, bytes]:
    """The ZIPs that somebody has in the folder of downloads."""
    files = {f"Content {DAYS} {CHANNEL}.zip": as_downloaded(content())}
    if of_channel:
        files |= {
            f"Viewer age {DAYS} {CHANNEL}.zip": as_downloaded(ages(60, 40)),
            f"Viewer gender {DAYS} {CHANNEL}.zip": as_downloaded(genders(50, 50)),
            f"Geography {DAYS} {CHANNEL}.zip": as_downloaded(places(5000, QA=3000, EG=1900)),
        }
    if of_videos:
        files |= {
            f"Viewer age {DAYS} Bread, from scratch.zip": as_downloaded(ages(75, 25)),
            f"Viewer gender {DAYS} Bread, from scratch.zip": as_downloaded(genders(80, 20)),
            f"Geography {DAYS} Bread, from scratch.zip": as_downloaded(places(1000, QA=600, EG=300)),
            f"Viewer age {DAYS} Stew_ a primer.zip": as_downloaded(ages(10, 90)),
            f"Viewer gender {DAYS} Stew_ a primer.zip": as_downloaded(genders(30, 70)),
            f"Geography {DAYS} Stew_ a primer.zip": as_downloaded(places(3000, QA=1500, EG=1500)),
        }
    return files | others
