"""What a reader does with a profile: compare, share, switch the numbers off."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def fits(page: Page) -> bool:
    """Whether nothing sticks out to the side."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def open_menu(page: Page, label: str):
    page.locator(".menu > summary", has_text=label).click()
    return page.locator(".menu[open]")


def test_two_others_can_be_chosen_and_stand_side_by_side(page):
    menu = open_menu(page, "Compare")
    for number in (0, 1):
        menu.get_by_role("checkbox").nth(number).check()
    expect(menu.get_by_role("checkbox").nth(2)).to_be_disabled()
    assert fits(page)
    menu.get_by_role("button", name="Compare").click()
    expect(page).to_have_url(re.compile(r"/compare/\?with=\d+&with=\d+&with=\d+$"))
    expect(page.locator(".compare thead th")).to_have_count(4)
    assert fits(page)


def test_chosen_column_of_the_chart_of_sizes_is_in_sight_also_after_another_size(page):
    def chosen_is_in_sight() -> bool:
        wrap = page.locator(".table-wrap:has(.chart-wide)").bounding_box()
        column = page.locator(".chart-wide [aria-current]").bounding_box()
        return wrap["x"] <= column["x"] and column["x"] + column["width"] <= wrap["x"] + wrap["width"]

    assert chosen_is_in_sight()
    for key in ("End", "Home"):
        with page.expect_response(re.compile(r"size=")):
            page.locator("#size").press(key)
        size = page.locator("#size-now").inner_text()
        expect(page.locator(".chart-wide .chart-label.is-present")).to_have_text(size)
        page.wait_for_timeout(100)  # htmx settles a little after it swaps
        assert chosen_is_in_sight()


def test_chooser_comes_along_when_another_profile_is_opened(page):
    second = page.locator(".people .person").nth(1)
    second.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(second.locator(".person-name").inner_text())
    expect(open_menu(page, "Compare").locator("legend")).to_contain_text(second.locator(".person-name").inner_text())


def test_sharing_copies_the_address_of_the_profile(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    menu = open_menu(page, "Share")
    expect(menu.get_by_role("status")).to_have_text("Copied.")
    address = page.evaluate("navigator.clipboard.readText()")
    assert address == menu.get_by_role("textbox").input_value()
    name = page.get_by_role("heading", level=1).inner_text()
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_address_stands_there_marked_where_the_browser_does_not_copy(page):
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    menu = open_menu(page, "Share")
    expect(menu.get_by_role("status")).to_have_text("Copy it from here.")
    marked = menu.get_by_role("textbox").evaluate(
        "field => field.value.slice(field.selectionStart, field.selectionEnd)"
    )
    assert re.search(r"/o/demo/personas/\d+/$", marked)
    assert fits(page)


def test_numbers_stay_off_from_page_to_page(page):
    page.get_by_role("switch", name="Numbers").click()
    expect(page.get_by_role("switch", name="Numbers")).not_to_be_checked()
    page.locator(".people .person").nth(1).click()
    expect(page.locator("#profile")).to_contain_text("more than usual")
    expect(page.locator("#profile")).not_to_contain_text("%")
    assert fits(page)
