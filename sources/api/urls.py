"""The addresses of the data in the API."""

from rest_framework.routers import SimpleRouter

from sources.api import views

router = SimpleRouter()
router.register("organizations", views.OrganizationViewSet, "organization")
router.register("sources", views.SourceViewSet, "source")
router.register("content-units", views.ContentUnitViewSet, "content-unit")
router.register("uploads", views.UploadViewSet, "upload")
router.register("collections", views.CollectionViewSet, "collection")
urlpatterns = router.urls
