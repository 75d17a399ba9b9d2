"""The addresses of the personas in the API."""

from rest_framework.routers import SimpleRouter

from personas.api import views

router = SimpleRouter()
router.register("generations", views.GenerationViewSet, "generation")
router.register("persona-sets", views.PersonaSetViewSet, "persona-set")
router.register("personas", views.PersonaViewSet, "persona")
urlpatterns = router.urls
