"""Reads of the photo library, each named for its reader."""

from typing import Self

from django.db import models
from django.db.models import Q

from sources.models import Organization
from sources.runs import RunQuerySet


def curated_by(user) -> models.QuerySet:
    """The organizations whose photos the person curates: those that the person administers."""
    return Organization.objects.administered_by(user)


class LibraryQuerySet(models.QuerySet):
    """Rows that belong to an organization or, with none, to the library that all share."""

    def visible_to(self, user) -> Self:
        """What belongs to the organizations that the person administers, and what is shared; all for a superuser."""
        if user.is_superuser:
            return self
        return self.filter(Q(organization=None) | Q(organization__in=curated_by(user)))

    def curated_by(self, user) -> Self:
        """What the person may change: what is shared is for superusers only."""
        return self if user.is_superuser else self.filter(organization__in=curated_by(user))


class PhotoPackQuerySet(LibraryQuerySet):
    pass


class PhotoQuerySet(LibraryQuerySet):
    def of(self, organization) -> Self:
        """The organization's own photos and the shared ones; with None the shared ones."""
        return self.filter(Q(organization=None) | Q(organization=organization))

    def approved(self) -> Self:
        return self.filter(state="approved")

    def pending(self) -> Self:
        return self.filter(state="pending")


class PackRunQuerySet(RunQuerySet):
    def visible_to(self, user) -> Self:
        """The runs over the packs of the organizations that the person administers; all for a superuser."""
        return self if user.is_superuser else self.filter(pack__organization__in=curated_by(user))


class TopicRuleQuerySet(models.QuerySet):
    def curated_by(self, user) -> Self:
        """The rules of the organizations that the person administers; all for a superuser."""
        return self if user.is_superuser else self.filter(organization__in=curated_by(user))


class ReadingQuerySet(models.QuerySet):
    def of(self, organization) -> Self:
        return self.filter(comment__content__source__organization=organization)

    def visible_to(self, user) -> Self:
        """The readings in the organizations that the person administers; all for a superuser."""
        mine = curated_by(user)
        return self if user.is_superuser else self.filter(comment__content__source__organization__in=mine)

    def quotable(self) -> Self:
        return self.filter(reason="")


class HiddenQuoteQuerySet(models.QuerySet):
    def of(self, organization) -> Self:
        return self.filter(organization=organization)

    def visible_to(self, user) -> Self:
        """What is hidden in the organizations that the person administers; all for a superuser."""
        return self if user.is_superuser else self.filter(organization__in=curated_by(user))
