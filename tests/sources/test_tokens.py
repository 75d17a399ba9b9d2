"""Keys for programs: shown once, kept as a hash, found again, expiring."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from sources.errors import DataError
from sources.models import ApiToken
from sources.tokens import create_token, find_token, has_expired, note_use


def test_a_key_is_a_mark_and_forty_letters_that_are_safe_in_addresses(organization):
    _, plain = create_token(organization=organization, name="Job", scopes=["read"])
    assert plain.startswith("apg_")
    assert len(plain) == 44
    assert set(plain) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_the_key_itself_is_not_stored(organization):
    _, plain = create_token(organization=organization, name="Job", scopes=["read"])
    row = ApiToken.objects.values().get()
    assert plain not in str(row)
    assert len(row["digest"]) == 64
    assert row["prefix"] == plain[:12]


def test_a_key_finds_its_token_with_its_organization_in_one_query(organization, django_assert_num_queries):
    token, plain = create_token(organization=organization, name="Job", scopes=["read"])
    with django_assert_num_queries(1):
        found = find_token(plain)
        assert found == token
        assert found.organization == organization


@pytest.mark.parametrize("wrong", ["", "apg_", "apg_" + "x" * 40, "é" * 44, "\x00"])
def test_a_wrong_key_finds_nothing(organization, wrong):
    create_token(organization=organization, name="Job", scopes=["read"])
    assert find_token(wrong) is None


def test_scopes_are_kept_once_each_and_in_order(organization):
    token, _ = create_token(organization=organization, name="Job", scopes=["run", "read", "run"])
    assert token.scopes == ["read", "run"]


def test_an_unknown_scope_is_refused_by_name(organization):
    with pytest.raises(DataError, match="Unknown scope: admin"):
        create_token(organization=organization, name="Job", scopes=["read", "admin"])


def test_a_key_without_a_scope_is_refused(organization):
    with pytest.raises(DataError, match="at least one scope"):
        create_token(organization=organization, name="Job", scopes=[])


@pytest.mark.parametrize("name", ["", "  ", "x" * 81])
def test_a_key_needs_a_name_that_fits(organization, name):
    with pytest.raises(DataError, match="1 to 80 characters"):
        create_token(organization=organization, name=name, scopes=["read"])


def test_a_key_that_ends_in_the_past_is_refused(organization):
    with pytest.raises(DataError, match="expired already"):
        create_token(organization=organization, name="Job", scopes=["read"], expires_at=timezone.now())


def test_a_key_expires_at_its_end_and_not_before(organization):
    soon = timezone.now() + timedelta(hours=1)
    token, _ = create_token(organization=organization, name="Job", scopes=["read"], expires_at=soon)
    assert not has_expired(token)
    token.expires_at = timezone.now() - timedelta(seconds=1)
    assert has_expired(token)


def test_the_last_use_is_written_at_most_once_a_minute(organization, django_assert_num_queries):
    token, _ = create_token(organization=organization, name="Job", scopes=["read"])
    note_use(token)
    first = ApiToken.objects.get().last_used_at
    assert timezone.now() - first < timedelta(seconds=30)
    with django_assert_num_queries(0):
        note_use(ApiToken(pk=token.pk, last_used_at=first))


def test_a_use_after_a_minute_is_written_again(organization):
    token, _ = create_token(organization=organization, name="Job", scopes=["read"])
    old = timezone.now() - timedelta(seconds=61)
    ApiToken.objects.update(last_used_at=old)
    token.refresh_from_db()
    note_use(token)
    token.refresh_from_db()
    assert token.last_used_at > old


def test_the_command_prints_a_key_that_works(organization):
    out = StringIO()
    call_command("create_api_token", "--organization", "acme", "--name", "Nightly", "--scopes", "read,run", stdout=out)
    token = find_token(out.getvalue().split()[-1])
    assert (token.organization, token.name, token.scopes) == (organization, "Nightly", ["read", "run"])


def test_the_command_can_make_a_key_that_ends(organization):
    out = StringIO()
    call_command("create_api_token", "--organization", "acme", "--name", "Trial", "--days", "7", stdout=out)
    left = find_token(out.getvalue().split()[-1]).expires_at - timezone.now()
    assert timedelta(days=6, hours=23) < left <= timedelta(days=7)


def test_the_command_names_an_organization_that_is_not_there(db):
    with pytest.raises(CommandError, match="no organization with the slug 'nowhere'"):
        call_command("create_api_token", "--organization", "nowhere", "--name", "Job")


def test_the_command_refuses_an_unknown_scope(organization):
    with pytest.raises(CommandError, match="Unknown scope: everything"):
        call_command("create_api_token", "--organization", "acme", "--name", "Job", "--scopes", "everything")
    assert not ApiToken.objects.exists()
