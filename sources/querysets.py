"""Reads of the data, each named for its reader."""

from typing import Self

from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone

from sources.runs import RunQuerySet


class OrganizationQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """The organizations that the person is a member of; for a superuser all of them."""
        return self if user.is_superuser else self.filter(memberships__user=user)

    def administered_by(self, user) -> Self:
        """The organizations in which the person's role is administrator; for a superuser all of them."""
        return self if user.is_superuser else self.filter(memberships__user=user, memberships__role="admin")


class DataSourceQuerySet(models.QuerySet):
    def of(self, organization) -> Self:
        return self.filter(organization=organization)

    def connected(self) -> Self:
        """The sources that can be asked for data: somebody's permission is alive, and reaches them."""
        return self.filter(connection__state="live", problem="")

    def cut_off(self) -> Self:
        """The sources that only a person can have collected again: their permission died, or reaches them no more."""
        return self.filter(connection__isnull=False).exclude(connection__state="live", problem="")

    def due(self) -> Self:
        """The sources whose time to be collected has come; one that is being collected is not among them."""
        collections = self.model._meta.get_field("collections").related_model.objects
        busy = collections.open().filter(source=models.OuterRef("pk"))
        return self.overdue().connected().filter(~models.Exists(busy))

    def overdue(self) -> Self:
        """The sources whose time has come, whether they can be collected or not; the longest waiting first."""
        return self.filter(due_at__lte=timezone.now()).order_by("due_at", "pk")

    def with_counts(self) -> Self:
        """Each source with its number of content units."""
        return self.annotate(content_count=models.Count("contents"))


class ContentUnitQuerySet(models.QuerySet):
    def of(self, organization) -> Self:
        return self.filter(source__organization=organization)

    def with_interactions(self) -> Self:
        """Each content unit with all its interactions, summed for the rows of a page only."""
        columns = self.model._meta.get_field("interactions").related_model.objects
        mine = columns.filter(content=models.OuterRef("pk")).order_by().values("content")
        total = models.Subquery(mine.annotate(sum=models.Sum("total")).values("sum"))
        return self.annotate(interaction_count=Coalesce(total, 0.0))


class InteractionsQuerySet(models.QuerySet):
    def of(self, organization, *, period: str = "", sources=None) -> Self:
        """The columns of an organization: all periods when none is named, all sources when none are given."""
        columns = self.filter(content__source__organization=organization)
        if period:
            columns = columns.filter(period=period)
        if sources is not None:
            columns = columns.filter(content__source__in=sources)
        return columns

    def from_sources(self, ids: list[int]) -> Self:
        """The columns of sources named by id, in the form that both databases read in order without sorting."""
        contents = self.model._meta.get_field("content").related_model.objects
        return self.filter(content__in=contents.filter(source__in=ids))

    def undated_beside_dated(self) -> Self:
        """The columns without a period of contents that have columns of periods, too."""
        dated = self.model.objects.filter(content=models.OuterRef("content"), period__gt="")
        return self.filter(models.Exists(dated), period="")

    def periods(self) -> list[str]:
        """The dated periods present, latest first."""
        return list(self.exclude(period="").order_by("-period").values_list("period", flat=True).distinct())


class CommentQuerySet(models.QuerySet):
    def of(self, organization) -> Self:
        return self.filter(content__source__organization=organization)


class CollectionQuerySet(RunQuerySet):
    def of(self, organization) -> Self:
        return self.filter(source__organization=organization).select_related("source", "requested_by")
