"""The file by which TikTok proves that an address is ours (Protocol 8.7)."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe


def proof_files(*folders: str) -> list[URLPattern]:
    """An address for each file of TIKTOK_PROOF_FILES, in each of `folders`.

    TikTok asks for it at the root of the prefix that is registered there.
    """
    names = settings.TIKTOK_PROOF_FILES
    return [path(f"{folder}{name}", proof, {"name": name}) for folder in folders for name in names]


@login_not_required
@require_safe
def proof(request: HttpRequest, name: str) -> HttpResponse:
    content = settings.TIKTOK_PROOF_FILES.get(name)
    if content is None:
        raise Http404
    return HttpResponse(content, content_type="text/plain; charset=utf-8")
