"""What a person does, in a real browser: read personas, move the slider, bring files, generate."""

import re
import uuid

import numpy as np
import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PAGES = ("over-time/", "data/", "uploads/new/", "generations/new/", "generations/", "settings/", "welcome/")


@pytest.fixture
def files(tmp_path):
    """Interactions with a planted taste, one row that cannot be read, and the titles of the contents."""
    random = np.random.default_rng(0)
    groups = [(g, a, c) for c in ("QA", "IN", "BR") for g in ("female", "male") for a in ("18-24", "25-34", "35-44")]
    lines = [
        f"v{content},{','.join(group)},{random.poisson(60 if content % 3 == number % 3 else 6)}"
        for content in range(30)
        for number, group in enumerate(groups)
    ]
    interactions, contents = tmp_path / "interactions.csv", tmp_path / "contents.csv"
    interactions.write_text("\n".join(["video,gender,age_group,country,views", *lines, "v1,male,25-34,Atlantis,4"]))
    contents.write_text("content_id,title,tags\n" + "".join(f"v{i},Title {i},kind {i % 3}\n" for i in range(30)))
    return interactions, contents


def fits(page: Page) -> bool:
    """Whether nothing sticks out to the side."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_slider_shows_the_set_of_another_size(page):
    expect(page.locator(".people .person")).to_have_count(int(page.locator("#size-now").inner_text()))
    page.locator("#size").fill("12")
    expect(page.locator(".people .person")).to_have_count(12)
    expect(page).to_have_url(re.compile("size=12"))
    page.reload()
    expect(page.locator(".people .person")).to_have_count(12)


def test_choosing_a_card_opens_its_profile(page):
    card = page.locator(".people .person").nth(2)
    name = card.locator(".person-name").inner_text()
    card.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(card).to_have_attribute("aria-current", "true")
    expect(page.get_by_role("heading", name="Topics of interest")).to_be_visible()
    assert fits(page)


def test_arrow_keys_walk_through_the_list(page):
    first, second = page.locator(".people .person").nth(0), page.locator(".people .person").nth(1)
    first.focus()
    page.keyboard.press("ArrowDown")
    expect(second).to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_have_text(second.locator(".person-name").inner_text())


def test_pictures_are_drawn(page):
    picture = page.locator("#profile img").first
    expect(picture).to_be_visible()
    assert page.evaluate("document.querySelector('#profile img').naturalWidth") >= 200


def test_profile_leads_down_to_the_numbers(page):
    page.get_by_role("link", name=re.compile(r"^All [\d,]+ groups")).click()
    expect(page.get_by_role("table")).to_be_visible()
    assert fits(page)
    page.go_back()
    page.get_by_role("link", name=re.compile(r"^All [\d,]+ contents")).click()
    page.locator("table a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert fits(page)


def test_how_it_was_made_is_one_click_away(page):
    page.get_by_role("link", name="How was this made?").click()
    expect(page.get_by_role("heading", name="How was this made?")).to_be_visible()
    expect(page.get_by_text("Fairness gap")).to_be_visible()
    assert fits(page)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_fits_its_screen(page, path):
    page.goto(f"/o/demo/{path}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert fits(page)


def test_files_become_personas(page, files):
    page.goto("/organizations/new/")
    page.get_by_label("Name").fill(f"Newsroom {uuid.uuid4().hex[:6]}")
    page.get_by_role("button", name="Create organization").click()
    page.get_by_role("link", name="Upload files").first.click()
    for kind, path in zip(("interactions", "contents"), files, strict=True):
        page.locator(f"input[name={kind}]").set_input_files(path)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Check the columns")).to_be_visible()
    assert fits(page)
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_text("Atlantis")).to_be_visible(timeout=60_000)
    assert fits(page)
    page.get_by_role("link", name="Generate personas").first.click()
    page.get_by_label("Most personas").fill("7")
    page.get_by_role("button", name="Generate").click()
    page.wait_for_url("**/personas/**", timeout=90_000)
    expect(page.locator("#size")).to_have_attribute("max", "7")
    expect(page.locator("#profile")).to_contain_text("kind")
