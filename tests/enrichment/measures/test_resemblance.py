"""Pictures that are the same one, saved twice, are known; different ones are not taken for it."""

import io
from itertools import combinations

import pytest
from PIL import Image, ImageEnhance, ImageOps

from enrichment.measures.resemblance import NEAR, distance, is_near, likeness
from tests.photos import picture


def saved(image: Image.Image, kind: str = "PNG", **options) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def opened(raw: bytes) -> Image.Image:
    return Image.open(io.BytesIO(raw)).convert("RGB")


@pytest.mark.parametrize(
    "change",
    [
        lambda image: saved(image, "JPEG", quality=40),
        lambda image: saved(image.resize((120, 130)).resize((240, 260))),
        lambda image: saved(ImageEnhance.Brightness(image).enhance(0.85)),
        lambda image: saved(image.convert("L")),
        lambda image: saved(image.crop((3, 3, 237, 257))),
    ],
    ids=["saved again", "smaller", "darker", "grey", "cut"],
)
def test_a_picture_that_was_saved_another_way_is_near(change):
    for seed in range(5):
        raw = picture(seed, size=(240, 260))
        assert distance(likeness(raw), likeness(change(opened(raw)))) <= NEAR


def test_different_pictures_are_not_near():
    hashes = [likeness(picture(seed)) for seed in range(12)]
    assert [pair for pair in combinations(hashes, 2) if distance(*pair) <= NEAR] == []


def test_a_mirrored_picture_is_another():
    raw = picture(1)
    assert not is_near(likeness(raw), [likeness(saved(ImageOps.mirror(opened(raw))))])


def test_a_hash_has_128_bits():
    assert 0 <= likeness(picture(2)) < 2**128
    assert distance(0, 2**128 - 1) == 128


def test_nothing_is_near_to_nothing():
    assert not is_near(1, [])
