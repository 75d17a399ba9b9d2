"""Changes to an organization: its people, its settings, its sources."""

import logging
import shutil
from functools import partial
from pathlib import Path

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.text import slugify

from sources.collecting.keeping import folder_of
from sources.errors import DataError
from sources.models import Collection, DataSource, Membership, Organization, Upload

logger = logging.getLogger(__name__)

SLUG_LENGTH = 50


@transaction.atomic
def create_organization(*, name: str, founder) -> Organization:
    """Make an organization with the founder as its administrator; its address is made of its name."""
    organization = Organization.objects.create(name=name, slug=_free_slug(name))
    Membership.objects.create(organization=organization, user=founder, role=Membership.Role.ADMIN)
    return organization


def add_member(*, organization: Organization, username: str, role: str) -> Membership:
    """Let a person with an account in; DataError when there is no such account or the person is in already."""
    users = get_user_model().objects
    user = users.filter(username=username, is_active=True).first()
    if user is None:
        raise DataError(f"Nobody here signs in as “{username}”. Have the account made in the admin first.")
    membership, made = Membership.objects.get_or_create(organization=organization, user=user, defaults={"role": role})
    if not made:
        raise DataError(f"{username} is a member already. Change the role in the list.")
    return membership


@transaction.atomic
def change_role(*, membership: Membership, role: str) -> None:
    """Give a member another role; DataError when no administrator would be left."""
    if role != Membership.Role.ADMIN:
        _refuse_last_admin(membership)
    membership.role = role
    membership.save(update_fields=["role"])


@transaction.atomic
def remove_member(*, membership: Membership) -> None:
    """Take a person out; DataError when no administrator would be left."""
    _refuse_last_admin(membership)
    membership.delete()


@transaction.atomic
def delete_source(*, source: DataSource) -> None:
    """Delete a source with all that came from it, files too; DataError while something is being brought in."""
    source = DataSource.objects.select_for_update().get(pk=source.pk)
    if source.collections.open().exists():
        doing = "imported" if source.kind == DataSource.Kind.FILES else "collected"
        raise DataError(f"“{source}” is being {doing} just now. Wait until that is done, or cancel it, then delete.")
    collections = Collection.objects.filter(source=source)
    elsewhere = Collection.objects.exclude(source=source).filter(upload__isnull=False).values("upload")
    uploads = list(Upload.objects.filter(collections__source=source).exclude(pk__in=elsewhere).distinct())
    paths = [Path(collection.rejects_file.path) for collection in collections if collection.rejects_file]
    paths += [path for upload in uploads for path in upload_paths(upload)]
    folder = folder_of(source)
    source.delete()
    transaction.on_commit(partial(shutil.rmtree, folder, ignore_errors=True))
    Upload.objects.filter(pk__in=[upload.pk for upload in uploads]).delete()
    delete_files_on_commit(paths)


def upload_paths(upload: Upload) -> list[Path]:
    """Return where the files of an upload lie."""
    files = (upload.interactions, upload.contents, upload.comments, upload.attributes)
    return [Path(file.path) for file in files if file]


def delete_files_on_commit(paths: list[Path]) -> None:
    """Remove files once the rows that named them are gone for good; one that cannot be removed is told in the log."""

    def remove() -> None:
        for path in paths:
            try:
                path.unlink(missing_ok=True)
            except OSError:
                logger.exception("%s could not be deleted: nothing needs it any more", path)

    transaction.on_commit(remove)


def _refuse_last_admin(membership: Membership) -> None:
    others = Membership.objects.select_for_update().filter(organization=membership.organization_id)
    admins = [one.pk for one in others if one.role == Membership.Role.ADMIN]
    if admins == [membership.pk]:
        raise DataError("This is the only administrator. Make somebody else administrator first.")


def _free_slug(name: str) -> str:
    base = slugify(name)[:SLUG_LENGTH].strip("-") or "organization"
    taken = set(Organization.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number = 1
    slug = base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug
