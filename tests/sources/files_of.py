"""Small files as browsers send them."""

from django.core.files.uploadedfile import SimpleUploadedFile

AGES = ["18-24", "25-34", "35-44"]
COUNTRIES = ["US", "IN", "DE", "EG"]


def csv(name: str, *lines: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, ("\n".join(lines) + "\n").encode(), content_type="text/csv")


def interactions(contents: int = 24, bad: tuple[str, ...] = ()) -> SimpleUploadedFile:
    """A file with a line for each content, gender, age and country; the bad lines stand at its end."""
    rows = [
        f"v{i},{gender},{age},{country},{10 + (i * 7 + a * 3 + c) % 40}"
        for i in range(contents)
        for gender in ("female", "male")
        for a, age in enumerate(AGES)
        for c, country in enumerate(COUNTRIES)
    ]
    return csv("interactions.csv", "content_id,gender,age_group,country,count", *rows, *bad)


def titles(contents: int = 24) -> SimpleUploadedFile:
    return csv("titles.csv", "content_id,title", *(f"v{i},Title {i}" for i in range(contents)))
