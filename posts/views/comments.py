"""Comments on a post: written on its page, changed on a page of their own."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Right, require
from posts.commenting import (
    add_comment,
    change_comment,
    members_by_name,
    remove,
    require_change,
    require_removal,
    unknown_names,
)
from posts.errors import IllegalMove
from posts.forms import CommentForm
from posts.models import Comment
from posts.views.access import person, post_or_404
from posts.views.detail import show_post, show_talk


@require_POST
def comment(request: HttpRequest, post_id: int) -> HttpResponse:
    post = post_or_404(request, post_id)
    require(person(request), Right.WRITE, post.workspace)
    form = CommentForm(request.POST)
    if form.is_valid():
        written = add_comment(post, by=person(request), text=form.cleaned_data["text"])
        _say_who_is_not_told(request, written)
    if request.htmx:  # type: ignore[attr-defined]
        return show_talk(request, post, form=CommentForm() if form.is_valid() else form)
    return _to(written) if form.is_valid() else show_post(request, post, unclear=form)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_comment(request: HttpRequest, comment_id: int) -> HttpResponse:
    comment = comment_or_404(request, comment_id)
    form = CommentForm(request.POST or None, initial={"text": comment.text})
    try:
        require_change(comment, by=person(request))
        if form.is_valid():
            change_comment(comment, by=person(request), text=form.cleaned_data["text"])
            _say_who_is_not_told(request, comment)
            return _to(comment)
    except IllegalMove as error:
        messages.error(request, str(error))
        return redirect("posts:detail", comment.post_id)
    context = {"comment": comment, "comment_form": form}
    return render(request, "posts/comment.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def remove_comment(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Asks once more, on a page of its own."""
    comment = comment_or_404(request, comment_id)
    try:
        require_removal(comment, by=person(request))
        if request.method != "POST":
            return render(request, "posts/remove_comment.html", {"comment": comment})
        remove(comment, by=person(request))
    except IllegalMove as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The comment is gone.")
    return redirect("posts:detail", comment.post_id)


def comment_or_404(request: HttpRequest, comment_id: int) -> Comment:
    comments = Comment.objects.in_workspaces_of(person(request)).select_related("post__workspace")
    return get_object_or_404(comments, pk=comment_id)


def _say_who_is_not_told(request: HttpRequest, comment: Comment) -> None:
    workspace = comment.post.workspace
    if names := unknown_names(comment.text, members_by_name(workspace)):
        called = ", ".join(f"@{name}" for name in dict.fromkeys(names))
        messages.warning(
            request, f"{called}: nobody in “{workspace}” is called that, so nobody was told."
        )


def _to(comment: Comment) -> HttpResponseRedirect:
    page = reverse("posts:detail", args=[comment.post_id])
    return HttpResponseRedirect(f"{page}#comment-{comment.pk}")
