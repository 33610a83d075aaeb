"""Where TikTok tells by itself what became of posts and accounts (Protocol 11)."""

import logging
import time
from contextlib import suppress

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from posts.patience import DATABASE_AWAY
from tiktok import webhooks
from tiktok.publishing import hearing

log = logging.getLogger(__name__)

STATUS = {webhooks.Unreadable: 400, webhooks.TooLarge: 413}  # of all other refusals: 401


@login_not_required
@csrf_exempt
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """Store and answer. Without a 200 TikTok tells it again, for up to 72 hours."""
    try:
        told, body = _believed(request)
    except webhooks.Refused as refused:
        return _refuse(request, refused)
    except UnreadablePostError:
        return HttpResponse(status=400)
    try:
        hearing.hear(told, body)
    except DATABASE_AWAY as error:
        log.error("a webhook could not be stored; TikTok will tell it again: %s", error)
        return HttpResponse(status=503, headers={"Retry-After": "5"})
    return HttpResponse(status=200)


def _believed(request: HttpRequest) -> tuple[webhooks.Webhook, bytes]:
    """What it says, and its body, once it is certain that TikTok says so. Raises Refused."""
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length[:15]) > webhooks.MOST_BYTES:
        raise webhooks.TooLarge
    body = request.body
    webhooks.verify(
        body,
        request.headers.get(webhooks.SIGNATURE, ""),
        secret=settings.TIKTOK_CLIENT_SECRET,
        window=settings.TIKTOK_WEBHOOK_WINDOW,
        now=time.time(),
    )
    return webhooks.read(body, client_key=settings.TIKTOK_CLIENT_KEY), body


def _refuse(request: HttpRequest, refused: webhooks.Refused) -> HttpResponse:
    """Nothing of it is stored; that there was one is counted, and can be seen in the admin."""
    if isinstance(refused, webhooks.TooOld):
        log.warning("a webhook was %s; see that this machine's clock is right", refused)
    else:
        log.warning("a webhook from %s: %s", request.META.get("REMOTE_ADDR"), refused.reason)
    with suppress(*DATABASE_AWAY):
        hearing.count_refusal(refused)
    return HttpResponse(status=STATUS.get(type(refused), 401))
