"""Naming pools changed by people: in the choice of names at once, never too small, never borrowed, and quick."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from enrichment.measures.name_changes import Entry, bearers, entries_of, shortcomings
from enrichment.measures.name_files import decode_names, read_names, write_names
from enrichment.measures.naming import choose_name
from enrichment.models import NameEntry
from enrichment.name_pools import change_names, effective_pools, plan_names, shipped_pools, take_back
from personas.models import Identity
from sources.errors import DataError
from tests import builders
from tests.api_calls import queries_of

LIST = "/admin/enrichment/nameentry/"
NEW = Entry("egypt", "given", "female", "Zubaida", cohort="1970-1989")
HEADER = "pool,kind,gender,value,value_female,cohort,action\n"

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(db):
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("chief"))
    return client


def given(slug="egypt") -> dict[str, tuple[int, int]]:
    return {one.text: (one.first_year, one.last_year) for one in effective_pools().pools[slug].given}


def some_given(count: int, slug="egypt", gender="female") -> list[Entry]:
    names = [one.text for one in shipped_pools().pools[slug].given if one.gender == gender]
    return [Entry(slug, "given", gender, name, action="remove") for name in names[:count]]


def test_an_added_name_is_given(db):
    change_names(entries=[NEW])
    assert given()["Zubaida"] == (1970, 1989)
    pool = effective_pools().pools["egypt"]
    taken = {f"{one.text} {family.female}" for one in pool.given for family in pool.families if one.text != "Zubaida"}
    name = choose_name(effective_pools(), country="EG", gender="female", birth_year=1980, key="a", taken=taken)
    assert (name.given, name.level) == ("Zubaida", "country")


def test_a_removed_name_is_not_given_and_comes_back_when_it_is_added(db):
    gone = some_given(1)[0]
    change_names(entries=[gone])
    assert gone.value not in given()
    shipped = next(one for one in entries_of(shipped_pools()) if one.key == gone.key)
    change_names(entries=[shipped])
    assert gone.value in given()
    assert not NameEntry.objects.exists(), "a pool that is as it came needs no entry"


def test_a_name_gets_other_years(db):
    name = some_given(1)[0].value
    plan = change_names(entries=[Entry("egypt", "given", "female", name, cohort="1990-")])
    assert len(plan.altered) == 1
    assert given()[name] == (1990, 9999)


def test_a_surname_has_a_form_for_a_woman(db):
    change_names(entries=[Entry("poland", "family", "", "Zamojski", "Zamojska")])
    found = next(one for one in effective_pools().pools["poland"].families if one.male == "Zamojski")
    assert found.female == "Zamojska"


def test_a_pool_is_never_left_too_small(db):
    with pytest.raises(DataError, match="at least 15 are needed"):
        change_names(entries=some_given(len(given()) - 1))
    assert not NameEntry.objects.exists()


def test_taking_back_an_addition_that_a_pool_lives_on_is_refused(db):
    count = sum(one.gender == "female" for one in shipped_pools().pools["egypt"].given)
    change_names(entries=[NEW, *some_given(count - 14)])
    with pytest.raises(DataError, match="at least 15"):
        take_back(entry=NameEntry.objects.get(value="Zubaida"))
    assert "Zubaida" in given()


def test_the_plan_tells_new_changed_gone_and_the_same(db):
    there = next(entries_of(effective_pools()))
    plan = plan_names([NEW, there, some_given(1)[0], Entry("egypt", "given", "male", "Nobody", action="remove")])
    assert [len(part) for part in (plan.added, plan.same, plan.removed, plan.absent)] == [1, 1, 1, 1]


def test_an_export_reads_back_the_same(db):
    change_names(entries=[NEW])
    pools = effective_pools()
    entries, refused = read_names(write_names(entries_of(pools)), pools)
    assert refused == []
    assert plan_names(entries).touched == []
    assert len(entries) > 7000


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("atlantis,given,female,Zubaida,,,", "pool"),
        ("egypt,middle,female,Zubaida,,,", "kind"),
        ("egypt,given,,Zubaida,,,", "gender"),
        ("egypt,family,male,Zubaida,,,", "gender"),
        ("egypt,given,female,zubaida,,,", "value"),
        ("egypt,given,female,زبيدة,,,", "value"),
        ("egypt,given,female,=cmd|x,,,", "value"),
        ("egypt,given,female,,,,", "value"),
        ("egypt,given,female,Zubaida,,70s,", "cohort"),
        ("egypt,given,female,Zubaida,,1990-1970,", "cohort"),
        ("egypt,given,female,Zubaida,,,burn", "action"),
        ("egypt,given,female,Jennifer,,,", "value"),
        ("philippines,family,,Miller,,,", "value"),
    ],
)
def test_a_row_that_cannot_be_names_the_column_and_the_reason(db, row, column):
    entries, refused = read_names(HEADER + row, effective_pools())
    assert entries == []
    assert [(one.line, one.column) for one in refused] == [(2, column)]
    assert refused[0].reason


def test_a_name_that_stands_twice_in_a_file_is_taken_once(db):
    row = "egypt,given,female,Zubaida,,,\n"
    entries, refused = read_names(HEADER + row + row, effective_pools())
    assert (len(entries), len(refused)) == (1, 1)


def test_a_file_without_the_columns_is_refused_in_words(db):
    with pytest.raises(DataError, match="column “pool” is missing"):
        read_names("name\nZubaida\n", effective_pools())


def test_a_file_in_another_encoding_is_refused_in_words():
    assert decode_names("\ufeffÉmile".encode("utf-16")).endswith("Émile")
    with pytest.raises(DataError, match="CSV UTF-8"):
        decode_names("Émile".encode("cp1252"))


def test_bearers_are_found_by_whole_words():
    names = {1: "Ana de la Cruz", 2: "Anabel Cruz", 3: "Kim Min-jun"}
    assert bearers(names, ["De la Cruz"]) == {1}
    assert bearers(names, ["Ana"]) == {1}
    assert bearers(names, ["Cruz"]) == {1, 2}
    assert bearers(names, []) == set()


def test_names_are_looked_at_before_they_are_imported(chief, organization):
    gone = some_given(1)[0]
    Identity.objects.create(organization=organization, key="k", name=f"{gone.value} Hassan")
    text = HEADER + f"egypt,given,female,Zubaida,,,\negypt,given,female,{gone.value},,,remove\negypt,given,x,A,,,\n"
    file = SimpleUploadedFile("names.csv", text.encode(), "text/csv")
    page = chief.post(f"{LIST}pools/preview/", {"file": file})
    shown = page.content.decode()
    assert "1 persona bears a name that changes or goes, and keeps it" in shown
    assert "A given name is female or male" in shown
    assert not NameEntry.objects.exists()
    done = chief.post(f"{LIST}pools/preview/", {"rows": page.context["rows"], "apply": "1"}, follow=True)
    assert "2 names changed" in done.content.decode()
    assert "Zubaida" in given()
    assert gone.value not in given()
    assert Identity.objects.get(key="k").name.startswith(gone.value)


def test_names_are_added_and_removed_on_the_page_of_a_pool(chief):
    address = f"{LIST}pools/egypt/"
    assert "Female given names" in chief.get(address).content.decode()
    wish = {"add": "1", "kind": "given", "gender": "female", "value": "Zubaida", "cohort": ""}
    rows = chief.post(address, wish).context["rows"]
    chief.post(f"{LIST}pools/preview/", {"rows": rows, "apply": "1"})
    assert "Zubaida" in given()
    rows = chief.post(address, {"remove": "1", "name": ["given|female|Zubaida"]}).context["rows"]
    chief.post(f"{LIST}pools/preview/", {"rows": rows, "apply": "1"})
    assert "Zubaida" not in given()
    assert chief.get(f"{LIST}pools/atlantis/").status_code == 404


def test_all_names_are_exported(chief):
    change_names(entries=[NEW])
    response = chief.get(f"{LIST}pools/names.csv")
    assert response["Content-Type"].startswith("text/csv")
    assert "egypt,given,female,Zubaida,,1970-1989,add" in response.content.decode()


def test_staff_read_the_names_and_only_superusers_change_them(owner):
    owner.is_staff = True
    owner.save()
    client = Client()
    client.force_login(owner)
    assert client.get(f"{LIST}pools/").status_code == 403
    owner.user_permissions.set(Permission.objects.filter(content_type__app_label="enrichment"))
    assert client.get(f"{LIST}pools/").status_code == 200
    rows = write_names([NEW])
    assert client.post(f"{LIST}pools/preview/", {"rows": rows, "apply": "1"}).status_code == 403
    entry = NameEntry.objects.create(pool="egypt", kind="given", gender="female", value="Zubaida")
    assert client.post(f"{LIST}{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    assert NameEntry.objects.count() == 1


def test_ten_thousand_changed_names_cost_as_few_queries_as_one(chief):
    change_names(entries=[NEW])
    few = queries_of(lambda: chief.get(LIST))
    NameEntry.objects.bulk_create(
        NameEntry(pool=slug, kind="given", gender="male", value=f"Name{chr(65 + number % 26)}{number}")
        for slug in ("germany", "france")
        for number in range(5000)
    )
    assert queries_of(lambda: chief.get(LIST)) == few < 20
    assert queries_of(lambda: chief.get(LIST, {"q": "NameB", "p": "2"})) < 20
    assert queries_of(lambda: chief.get(f"{LIST}pools/")) < 20
    assert queries_of(lambda: chief.get(f"{LIST}pools/germany/")) < 20


def test_ten_thousand_names_are_imported_with_few_queries(chief, django_assert_max_num_queries):
    entries = [Entry("germany", "given", "male", f"Na{_letters(number)}") for number in range(10_000)]
    with django_assert_max_num_queries(120):  # SQLite takes about a hundred rows at a time
        change_names(entries=entries)
    assert NameEntry.objects.count() == 10_000


def test_the_shipped_names_have_no_shortcoming():
    assert shortcomings(shipped_pools()) == []


def test_the_check_proves_the_names(organization, capsys):
    builders.make_persona_sets(organization, sizes=(5,))
    call_command("check_names")
    told = capsys.readouterr().out
    assert "5 personas" in told
    assert "no name stands twice" in told


def test_the_check_fails_loudly(organization):
    builders.make_persona_sets(organization, sizes=(5,))
    Identity.objects.create(organization=organization, key="k", name="AMINA HADDAD")
    NameEntry.objects.create(pool="egypt", kind="given", gender="female", value="Jennifer")
    with pytest.raises(CommandError) as error:
        call_command("check_names")
    assert "acme: 2 personas are called amina haddad" in str(error.value)
    assert "egypt: Jennifer stands in an English pool too" in str(error.value)


def _letters(number: int) -> str:
    return "".join(chr(97 + number // 26**place % 26) for place in range(3))
