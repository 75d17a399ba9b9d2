"""The docs of the API and the admin in a real browser, under the site's strict policy."""

import pytest
from playwright.sync_api import expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.parametrize("page", [(1280, 900)], ids=["desk"], indirect=True),
]

LISTS = ("sources/packedinteractions", "sources/contentunit", "personas/persona", "personas/generation")


def test_docs_show_the_operations_without_a_complaint(page):
    page.goto("/api/v1/docs/")
    expect(page.locator("#operations-tag-personas")).to_be_visible()
    page.get_by_text("/api/v1/personas/{id}/", exact=True).first.click()
    expect(page.get_by_text("every group behind the persona")).to_be_visible()


def test_a_key_made_in_the_admin_opens_the_api_from_its_docs(page):
    page.goto("/admin/sources/apitoken/add/")
    page.locator(".field-organization .select2-selection").click()
    page.locator(".select2-results__option").first.click()
    page.get_by_label("Name").fill("Docs")
    page.get_by_role("button", name="Save", exact=True).click()
    key = page.locator(".messagelist code").inner_text()
    page.goto("/api/v1/docs/")
    page.get_by_role("button", name="Authorize").click()
    page.locator(".auth-container input").fill(key)
    page.locator(".auth-btn-wrapper .authorize").click()
    page.locator(".btn-done").click()
    page.get_by_text("/api/v1/organizations/", exact=True).click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table .response-col_status").last).to_contain_text("200")


def test_the_admin_lists_and_opens_rows_without_a_complaint(page):
    for place in LISTS:
        page.goto(f"/admin/{place}/")
        page.locator("#result_list tbody th a").first.click()
        expect(page.locator("#content h1")).to_be_visible()


def test_the_admin_shows_faces(page):
    page.goto("/admin/personas/identity/")
    first = page.locator("img.apg-face").first
    expect(first).to_be_visible()
    assert first.evaluate("image => image.decode().then(() => image.naturalWidth)") >= 200
