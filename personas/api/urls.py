"""The addresses of the personas in the API."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from personas.api import estimate_views, over_time_views, views

router = SimpleRouter()
router.register("generations", views.GenerationViewSet, "generation")
router.register("persona-sets", views.PersonaSetViewSet, "persona-set")
router.register("personas", views.PersonaViewSet, "persona")
urlpatterns = [
    *router.urls,
    path("over-time/", over_time_views.OverTimeView.as_view(), name="over-time"),
    path(
        "sources/<int:pk>/estimate-audience/", estimate_views.EstimateAudienceView.as_view(), name="estimate-audience"
    ),
]
