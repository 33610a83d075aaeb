"""The addresses of the API. They are its contract: programs have them written down."""

from django.urls import path, re_path

from scheduler.api import views
from scheduler.api.root import api

app_name = "api"

# Below these everything is JSON, also what is not there.
FIRST_WORDS = (
    "register",
    "token",
    "users",
    "posts",
    "publications",
    "channels",
    "media",
    "uploads",
)

endpoints, _, _ = api.urls
for endpoint in endpoints:
    vars(endpoint.callback)["login_required"] = False  # they ask by themselves, and for no cookie

urlpatterns = [
    path("openapi.json", views.openapi, name="openapi"),
    path("docs", views.docs, name="docs"),
    *endpoints,
    re_path(rf"^(?:{'|'.join(FIRST_WORDS)})(?P<rest>/.*)?$", views.nothing, name="nothing"),
    re_path(r"^api(?P<rest>/.*)?$", views.nothing, name="nothing"),
]
