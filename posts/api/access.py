"""Where every look-up of the API starts: from the workspace that the request is about."""

from uuid import UUID

from django.http import HttpRequest

from accounts.api.endpoints import caller_in
from accounts.api.refusals import NotFound
from posts.api.showing import with_all
from posts.models import Media, Post, Publication


def post_or_404(request: HttpRequest, post_id: int) -> Post:
    """With everything that is shown of it."""
    posts = Post.objects.in_workspace(caller_in(request).workspace).select_related("workspace")
    post = with_all(posts).filter(pk=post_id).first()
    if post is None:
        raise NotFound
    return post


def publication_or_404(request: HttpRequest, publication_id: int) -> Publication:
    """To be acted on."""
    publications = Publication.objects.in_workspace(caller_in(request).workspace)
    whole = publications.select_related("post__workspace", "post__author", "channel__workspace")
    publication = whole.filter(pk=publication_id).first()
    if publication is None:
        raise NotFound
    return publication


def medium_or_404(request: HttpRequest, media_id: UUID) -> Media:
    medium = caller_in(request).workspace.media.filter(pk=media_id).first()
    if medium is None:
        raise NotFound
    return medium
