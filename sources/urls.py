"""The addresses of organizations and their data."""

from django.urls import path

from sources.views import collections, connections, data, options, organizations, uploads

urlpatterns = [
    path("", organizations.home, name="home"),
    path("organizations/new/", organizations.organization_new, name="organization_new"),
    path("templates/<slug:kind>.csv", uploads.csv_template, name="csv_template"),
    path("o/<slug:organization>/welcome/", organizations.welcome, name="welcome"),
    path("o/<slug:organization>/settings/", organizations.organization_settings, name="organization_settings"),
    path("o/<slug:organization>/members/", organizations.member_add, name="member_add"),
    path("o/<slug:organization>/members/<int:pk>/", organizations.member_change, name="member_change"),
    path("o/<slug:organization>/members/<int:pk>/remove/", organizations.member_remove, name="member_remove"),
    path("o/<slug:organization>/data/", data.sources, name="sources"),
    path("o/<slug:organization>/data/<int:pk>/collect/", data.source_collect, name="source_collect"),
    path("o/<slug:organization>/data/<int:pk>/options/", options.source_options, name="source_options"),
    path("o/<slug:organization>/data/<int:pk>/stop/", options.source_stop, name="source_stop"),
    path("o/<slug:organization>/data/<int:pk>/delete/", data.source_delete, name="source_delete"),
    path("connections/callback/<slug:provider>/", connections.connection_callback, name="connection_callback"),
    path("o/<slug:organization>/connect/", connections.connect, name="connect"),
    path("o/<slug:organization>/connect/<slug:kind>/", connections.connection_begin, name="connection_begin"),
    path(
        "o/<slug:organization>/connections/<int:pk>/<slug:kind>/accounts/",
        connections.connection_choose,
        name="connection_choose",
    ),
    path(
        "o/<slug:organization>/connections/<int:pk>/disconnect/",
        connections.connection_disconnect,
        name="connection_disconnect",
    ),
    path("o/<slug:organization>/uploads/new/", uploads.upload_new, name="upload_new"),
    path("o/<slug:organization>/uploads/<int:pk>/", uploads.upload_mapping, name="upload_mapping"),
    path("o/<slug:organization>/uploads/<int:pk>/discard/", uploads.upload_discard, name="upload_discard"),
    path("o/<slug:organization>/collections/<int:pk>/", collections.collection, name="collection"),
    path(
        "o/<slug:organization>/collections/<int:pk>/progress/",
        collections.collection_progress,
        name="collection_progress",
    ),
    path("o/<slug:organization>/collections/<int:pk>/cancel/", collections.collection_cancel, name="collection_cancel"),
    path(
        "o/<slug:organization>/collections/<int:pk>/rejects/", collections.collection_rejects, name="collection_rejects"
    ),
]
