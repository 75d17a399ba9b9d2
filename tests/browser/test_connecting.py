"""Connecting an account in a real browser, by way of a platform that stands at another address."""

import pytest
from playwright.sync_api import Page, expect

from sources.connecting.sessions import mark_dead
from sources.models import Cycle, DataSource
from tests.sources.connecting.world import connected, running_world

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(settings):
    with running_world(settings) as world:
        yield world


@pytest.fixture(params=[(1280, 900), (390, 844)], ids=["desk", "phone"])
def page(request, world, browser, live_server, owner_client):
    """A page of the owner; anything the browser complains of fails the test."""
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height}, base_url=live_server.url)
    context.add_cookies(
        [{"name": "sessionid", "value": owner_client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/o/acme/connect/")
    yield page
    context.close()
    assert complaints == []


def fits(page: Page) -> bool:
    """Whether nothing sticks out to the side."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_channel_is_connected_by_clicking_through_the_platform(page):
    assert fits(page)
    page.get_by_role("link", name="Connect YouTube").click()
    expect(page.get_by_role("heading", name="Google")).to_be_visible()
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_role("heading", name="Choose what to collect")).to_be_visible()
    assert fits(page)
    page.get_by_role("button", name="Collect what is chosen").click()
    expect(page.get_by_text("Connected: “News Channel”.")).to_be_visible()
    expect(page.locator(".link-connected")).to_have_text("Connected")
    assert fits(page)


def test_a_dead_source_is_reconnected_from_the_data_page(page):
    page.get_by_role("link", name="Connect Facebook page").click()
    page.get_by_role("button", name="Allow").click()
    page.get_by_label("News Page").check()
    page.get_by_role("button", name="Collect what is chosen").click()
    mark_dead(DataSource.objects.get().connection, "The password of the Facebook account was changed. Reconnect it.")
    page.reload()
    expect(page.get_by_text("“News Page” has to be connected again.")).to_be_visible()
    assert fits(page)
    page.get_by_role("link", name="Reconnect News Page").click()
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_text("“News Page” is connected again")).to_be_visible()


def test_somebody_who_cancels_is_back_where_it_began(page):
    page.get_by_role("link", name="Connect Google Analytics").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("You said no at Google")).to_be_visible()
    expect(page.get_by_role("heading", name="Connect an account")).to_be_visible()


def test_how_a_source_is_collected_is_changed_on_a_page_that_fits(page, owner_client):
    connected(owner_client)
    page.goto("/o/acme/data/")
    page.get_by_role("link", name="Options of News Channel").click()
    expect(page.get_by_role("heading", name="How this source is collected")).to_be_visible()
    assert fits(page)
    page.get_by_label("Engaged views").check()
    page.get_by_label("Months of the first collection").fill("12")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The next collection of “News Channel” uses these options.")).to_be_visible()
    assert DataSource.objects.get().options == {"metric": "engagedViews", "months": 12}


CONTRAST = """element => {
  const light = words => words.match(/[\\d.]+/g).slice(0, 3).map(part => part / 255)
    .map(part => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
  const style = getComputedStyle(element);
  const [low, high] = [light(style.borderTopColor), light(style.backgroundColor)].sort((one, other) => one - other);
  return (high + 0.05) / (low + 0.05);
}"""


def test_fields_have_an_edge_that_can_be_seen_and_show_the_focus(page, owner_client):
    connected(owner_client)
    page.goto("/o/acme/data/")
    page.get_by_role("link", name="Options of News Channel").click()
    field = page.get_by_label("Months of the first collection")
    assert field.evaluate(CONTRAST) >= 3
    field.focus()
    assert field.evaluate("element => getComputedStyle(element).outline").endswith("solid 3px")


def test_what_is_said_of_waiting_groups_fits_into_the_table(page, owner_client):
    days = {"first_day": "2026-08-01", "last_day": "2026-11-20", "finished_at": "2026-11-21T00:00Z"}
    Cycle.objects.create(
        source=connected(owner_client, "facebook_ads"),
        audience=[["female", "25-34", "QA"], ["male", "35-44", "EG"]],
        **days,
    )
    page.goto("/o/acme/data/")
    expect(page.get_by_text("This also asks Facebook about the 2 groups that wait.")).to_be_visible()
    table = page.get_by_role("group", name="Sources")
    assert table.evaluate("element => element.scrollWidth <= element.clientWidth")
