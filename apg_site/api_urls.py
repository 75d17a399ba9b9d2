"""The addresses of the API."""

from django.urls import include, path, re_path
from django.views.generic import RedirectView

from apg_site import api_documents

app_name = "api"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="api:docs"), name="root"),
    path("openapi.json", api_documents.openapi, name="openapi"),
    path("docs/", api_documents.docs, name="docs"),
    path("", include("sources.api.urls")),
    path("", include("personas.api.urls")),
    re_path("", api_documents.Nowhere.as_view(), name="nowhere"),
]
