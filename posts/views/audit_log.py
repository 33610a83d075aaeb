"""The log of a workspace, for its owners."""

from typing import cast

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import User, Workspace
from accounts.permissions import Right, require_in
from posts.audit_log import Subject, lines_of, people_in, read

PAGE = 50


class LogFilter(forms.Form):
    person = forms.ModelChoiceField(User.objects.none(), required=False, empty_label="Everybody")
    about = forms.ChoiceField(choices=[("", "Everything"), *Subject.choices], required=False)

    def __init__(self, *args: object, workspace: Workspace) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        field = cast("forms.ModelChoiceField[User]", self.fields["person"])
        field.queryset = people_in(workspace).order_by("username")


@require_safe
def log(request: HttpRequest, workspace_id: int) -> HttpResponse:
    shown = require_in(request, workspace_id, Right.MANAGE)
    chosen = LogFilter(request.GET, workspace=shown)
    chosen.is_valid()  # what is no choice filters nothing
    person, about = (chosen.cleaned_data.get(name) for name in ("person", "about"))
    places = lines_of(shown, person=person, subject=about or "")
    page = Paginator(places, PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "shown": shown,
        "may_manage": True,
        "filter": chosen,
        "is_filtered": bool(person or about),
        "page_obj": page,
        "lines": read(page.object_list),
        "query": f"{query.urlencode()}&" if query else "",
    }
    return render(request, "posts/audit_log.html", context)
