"""Where every look-up of these pages starts: from what the person who asks may see."""

import uuid
from dataclasses import dataclass
from typing import cast

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from accounts.middleware import enter
from accounts.models import Channel, User, Workspace
from accounts.permissions import RIGHTS, Right, may, role_of
from posts.models import Media, Post, Publication
from posts.states import State


@dataclass(frozen=True, slots=True)
class Rights:
    """What templates ask of a person's role in one workspace."""

    may_write: bool
    may_publish: bool
    may_connect: bool
    may_manage: bool

    @classmethod
    def of(cls, user: User, workspace: Workspace) -> "Rights":
        """One query, whatever is asked afterwards."""
        role = role_of(user, workspace)
        rights = RIGHTS[role] if role else frozenset()
        return cls(
            may_write=Right.WRITE in rights,
            may_publish=Right.PUBLISH in rights,
            may_connect=Right.CONNECT in rights,
            may_manage=Right.MANAGE in rights,
        )


def waiting_for(request: HttpRequest) -> int:
    """How many posts of the workspace that is open wait for this person's approval."""
    workspace = getattr(request, "workspace", None)
    if workspace is None or not may(person(request), Right.PUBLISH, workspace):
        return 0
    waiting = Post.objects.in_workspace(workspace).in_states([State.AWAITING_APPROVAL])
    return waiting.count()


def name_of(channel: Channel) -> str:
    """What stands under the video on a phone: the handle, or what we have instead."""
    return channel.username or str(channel)


def person(request: HttpRequest) -> User:
    """Who asks: LoginRequiredMiddleware has turned everybody else away."""
    return cast(User, request.user)


def post_or_404(request: HttpRequest, post_id: int) -> Post:
    posts = Post.objects.in_workspaces_of(person(request)).select_related("workspace", "author")
    post = get_object_or_404(posts, pk=post_id)
    enter(request, post.workspace)
    return post


def sent_post(request: HttpRequest) -> Post | None:
    """The post that a form names in its field `post`, if it names one. Nonsense is a 404."""
    return named_post(request, request.POST.get("post", ""))


def named_post(request: HttpRequest, name: str) -> Post | None:
    """The post whose id is `name`, which may be empty. Nonsense is a 404."""
    if not name:
        return None
    try:
        return post_or_404(request, int(name))
    except ValueError as error:  # letters, or thousands of digits
        raise Http404 from error


def publication_or_404(request: HttpRequest, publication_id: int) -> Publication:
    publications = Publication.objects.in_workspaces_of(person(request)).select_related(
        "post__workspace", "channel", "approval__by"
    )
    return get_object_or_404(publications, pk=publication_id)


def medium_or_404(request: HttpRequest, media_id: uuid.UUID) -> Media:
    media = Media.objects.in_workspaces_of(person(request)).select_related("workspace")
    return get_object_or_404(media, pk=media_id)
