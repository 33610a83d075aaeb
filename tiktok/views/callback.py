"""Where TikTok sends people back to, and the page that asks a browser that is not the asker's."""

import logging
import secrets

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.middleware import choose_workspace
from accounts.permissions import Right, may
from tiktok import oauth
from tiktok.errors import AccessDenied, Configuration, TikTokError
from tiktok.login.views import come_back, is_logging_in
from tiktok.models import ConnectState

log = logging.getLogger(__name__)
BROWSER_KEY = "connect_key"  # in the session


@login_not_required
@never_cache
@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """TikTok's answer to a connection in progress, or else to somebody who logs in."""
    state = request.GET.get("state", "")
    if not settings.PRACTICE_MODE and is_logging_in(request, state):
        answer: HttpResponse = come_back(request)
        return answer
    try:
        asked = oauth.take(state)
        grant = oauth.receive(asked, _code(request), said_scopes=request.GET.get("scopes", ""))
    except (oauth.ConnectRefused, TikTokError) as error:
        return _refusal(request, error)
    if request.user.pk == asked.asked_by_id:
        try:
            return _finish(request, asked, grant)
        except oauth.AccountsDiffer:
            log.info("another account came back; asking the person")
    oauth.keep(asked, grant, browser_key=_browser_key(request))
    return redirect("tiktok:confirm", asked.pk)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Name the account, the workspace and the asker; connect only on a yes from this browser."""
    found = oauth.waiting(pk, browser_key=request.session.get(BROWSER_KEY, ""))
    if found is None:
        raise Http404("Nothing waits here for this browser.")
    asked, grant = found
    in_time = asked.expires_at > timezone.now()
    if request.method != "POST" and in_time:
        context = {
            "asked": asked,
            "grant": grant,
            "differs": oauth.differs(asked, grant),
            "permissions": [each for each in oauth.PERMISSIONS if each.scope in grant.scopes],
        }
        return render(request, "tiktok/connect_confirm.html", context)
    if not oauth.claim(asked):
        return _refusal(request, oauth.StateUnusable("This was answered already."))
    if in_time and request.POST.get("answer") == "connect":
        return _finish(request, asked, grant, as_new=True)
    oauth.let_go(grant)
    if not in_time:
        return _refusal(
            request, oauth.StateUnusable("This waited for more than ten minutes, so it was erased.")
        )
    return render(request, "tiktok/connect_done.html", {"grant": grant, "refused": True})


def _finish(
    request: HttpRequest, asked: ConnectState, grant: oauth.Grant, *, as_new: bool = False
) -> HttpResponse:
    try:
        done = oauth.finish(asked, grant, as_new=as_new)
    except oauth.AccountsDiffer:
        raise
    except oauth.ConnectRefused as error:
        return _refusal(request, error)
    user = request.user
    if not (user.is_authenticated and may(user, Right.SEE, asked.workspace)):
        context = {"grant": grant, "asked": asked, "refused": False}
        return render(request, "tiktok/connect_done.html", context)
    choose_workspace(request, asked.workspace)
    messages.success(request, _words(done))
    return redirect("accounts:channels")


def _words(done: oauth.Connected) -> str:
    words = f"{done.channel} is connected{' again' if done.was_known else ''}."
    if done.resumed:
        number = len(done.resumed)
        words += f" {'1 post goes' if number == 1 else f'{number} posts go'} on as planned."
    return words


def _code(request: HttpRequest) -> str:
    """The code, which comes without an error, or else the error it is (Protocol 2.4)."""
    said = request.GET.get("error", "")
    if said:
        # For the log only: what stands in an address may be anybody's words.
        description = request.GET.get("error_description", "")
        log.warning("TikTok's consent page ended with %.80r: %.300r", said, description)
        raise AccessDenied if said == "access_denied" else oauth.Broken
    code = request.GET.get("code", "")
    if not code:
        raise oauth.Broken("TikTok came back without an answer, so nothing was connected.")
    return code


def _browser_key(request: HttpRequest) -> str:
    """A secret of this browser's session, made at the first need."""
    key: str = request.session.setdefault(BROWSER_KEY, secrets.token_urlsafe(32))
    return key


def _refusal(request: HttpRequest, error: oauth.ConnectRefused | TikTokError) -> HttpResponse:
    """A page that says why nothing was connected, and the way on."""
    what_to_do = error.what_to_do
    if isinstance(error, TikTokError) and not isinstance(error, AccessDenied | Configuration):
        what_to_do = "Nothing was connected. Try it again in a few minutes."
    context = {"why": error.for_people, "what_to_do": what_to_do}
    status = 200 if isinstance(error, AccessDenied) else 400
    return render(request, "tiktok/connect_refused.html", context, status=status)
