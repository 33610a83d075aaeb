"""The map of addresses. Each app has its own; `scheduler` only mounts them."""

from urllib.parse import urlsplit

from allauth.socialaccount.providers import registry
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from posts.views.pulled import pulled
from posts.views.today import today
from scheduler import health, pages
from scheduler.databases import broken
from scheduler.styleguide import styleguide
from tiktok.login.provider import TikTokLogin
from tiktok.views.proof import proof_files

handler500 = broken

# Here, since only processes with pages need them.
admin.autodiscover()
if not settings.PRACTICE_MODE:
    registry.register(TikTokLogin)

# Where platforms fetch media: whatever path MEDIA_PUBLIC_URL has.
fetched = urlsplit(f"{settings.MEDIA_PUBLIC_URL}/").path.removeprefix("/")

urlpatterns = [
    path("", pages.landing, name="landing"),
    path("terms/", pages.terms, name="terms"),
    path("privacy/", pages.privacy, name="privacy"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("account/", include("allauth.urls")),
    # Pages for people are below /app/: what stands beside it belongs to programs.
    path("app/", today, name="today"),
    path("app/", include("accounts.urls")),
    path("app/", include("posts.leaving_urls")),
    path("app/posts/", include("posts.urls")),
    path("", include("tiktok.urls")),
    path("admin/", admin.site.urls),
    path(f"{fetched}pulled/<str:secret>/<str:name>", pulled, name="pulled"),
    *proof_files(fetched, f"{fetched}pulled/"),
    path("", include("scheduler.api.urls")),
]

if settings.DEVELOPMENT:
    urlpatterns.insert(0, path("styleguide/", styleguide, name="styleguide"))
