"""The map of addresses. Each app has its own; `scheduler` only mounts them."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from scheduler import health, pages
from scheduler.databases import broken

admin.site.site_header = "Social Media Scheduler"
admin.site.site_title = "Scheduler admin"
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

handler500 = broken

urlpatterns = [
    path("", pages.landing, name="landing"),
    path("terms/", pages.terms, name="terms"),
    path("privacy/", pages.privacy, name="privacy"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("account/", include("allauth.urls")),
    path("", include("accounts.urls")),
    path("posts/", include("posts.urls")),
    path("", include("tiktok.urls")),
    path("admin/", admin.site.urls),
]
