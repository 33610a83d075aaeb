"""Log out one other browser. The list, and “everywhere else”, are allauth's."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.sessions import browser_name


@require_POST
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    session = get_object_or_404(UserSession, pk=session_id, user=request.user)
    session.end()
    messages.success(request, f"{browser_name(session.user_agent)} is logged out.")
    return redirect("usersessions_list")
