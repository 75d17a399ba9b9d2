"""The topics of an organization in the admin: seen with their use, renamed, merged and hidden after a look ahead."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from enrichment.models import TopicRule
from personas.topics import curate_topics, current_topics, preview_topics
from sources.admin.bases import OwnOrganizations, Ruled
from sources.errors import DataError
from sources.models import Organization

TOPICS = "admin:enrichment_topicrule_topics"
GIVEN_BACK = "The rule is gone: the label comes back with the next generation. What is stored stays as it is."


@admin.register(TopicRule)
class TopicRuleAdmin(Ruled):
    """The rules that hold; they are made on the page of the topics, and taken away here."""

    list_display = ["label", "action", "target", "organization", "created_by", "created_at"]
    list_filter = ["action", ("organization", OwnOrganizations)]
    list_select_related = ["organization", "created_by"]
    search_fields = ["label", "target"]
    fields = ["label", "action", "target", "organization", "created_by", "created_at"]
    change_list_template = "admin/enrichment/topicrule/change_list.html"

    class Media:
        css = {"all": ["apg_admin/gallery.css", "apg_admin/curating.css"]}

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def get_queryset(self, request) -> QuerySet:
        return super().get_queryset(request).curated_by(request.user)

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.topics_view)
        return [path("topics/", view, name="enrichment_topicrule_topics"), *super().get_urls()]

    def delete_model(self, request, obj: TopicRule) -> None:
        super().delete_model(request, obj)
        self.message_user(request, GIVEN_BACK, messages.WARNING)

    def topics_view(self, request: HttpRequest) -> HttpResponse:
        """The topics there are; posted, what a wish would touch, and when that is confirmed, the wish done."""
        if not (self.has_view_permission(request) and self._may_curate(request, "view")):
            raise PermissionDenied
        organizations = Organization.objects.administered_by(request.user)
        asked = (request.POST or request.GET).get("organization", "")
        chosen = organizations.filter(slug=asked).first() if asked else organizations.first()
        if chosen is None:
            self.message_user(request, "There is no organization whose topics you curate.", messages.ERROR)
            return redirect("admin:enrichment_topicrule_changelist")
        context = self._context(request, chosen) | {"organizations": organizations}
        if request.method != "POST":
            return self._list(request, context)
        if not self._may_curate(request, "change"):
            raise PermissionDenied
        try:
            return self._carry_out(request, chosen, context)
        except DataError as error:
            self.message_user(request, str(error), messages.ERROR)
            return redirect(f"{reverse(TOPICS)}?organization={chosen.slug}")

    def _may_curate(self, request: HttpRequest, right: str) -> bool:
        return request.user.has_perm(f"enrichment.{right}_topicrule")

    def _list(self, request: HttpRequest, context: dict) -> HttpResponse:
        rules = TopicRule.objects.filter(organization=context["organization"]).select_related("created_by")
        found = {
            "uses": current_topics(context["organization"]),
            "rules": rules,
            "may_change": self._may_curate(request, "change"),
        }
        return TemplateResponse(request, "admin/enrichment/topicrule/topics.html", context | found)

    def _carry_out(self, request: HttpRequest, organization: Organization, context: dict) -> HttpResponse:
        wish = {"organization": organization, **_wish(request.POST)}
        if "apply" not in request.POST:
            context |= {"plan": preview_topics(**wish), "title": "Look ahead"}
            return TemplateResponse(request, "admin/enrichment/topicrule/preview.html", context)
        plan = curate_topics(**wish, by=request.user)
        many = "1 persona" if plan.personas == 1 else f"{plan.personas:,} personas"
        self.message_user(request, f"Done: {many} touched. The rule holds for every later generation.")
        return redirect(f"{reverse(TOPICS)}?organization={organization.slug}")

    def _context(self, request: HttpRequest, organization: Organization) -> dict:
        known = {"opts": self.opts, "media": self.media, "organization": organization}
        return self.admin_site.each_context(request) | known | {"title": "Topics"}


def _wish(given: QueryDict) -> dict:
    return {"labels": given.getlist("label"), "action": given.get("wish", ""), "target": given.get("target", "")}
