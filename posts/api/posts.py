"""Posts: made, listed, changed and removed."""

from django.db.models import Q
from django.http import HttpRequest
from ninja import Path, Query, Status

from accounts.api.endpoints import Room, caller_in
from accounts.api.examples import CHANNEL, MEDIUM, Example
from accounts.api.refusals import Invalid
from accounts.api.schemas import Id
from accounts.models import Scope, Workspace
from posts.api.access import post_or_404
from posts.api.examples import CHOSEN, POST_SHOWN, SOON, post_in
from posts.api.judging import Wish, channel_of, content_of, wish_of
from posts.api.paging import page
from posts.api.schemas import PostChanges, PostFilter, PostIn, PostOut, PostPage, PublicationIn
from posts.api.showing import shown, with_all
from posts.api.writing import write
from posts.models import Post
from posts.models.post import PostQuerySet
from posts.planning import archive

posts = Room(tags=["Posts"])

A_POST = {
    "caption": "Sunrise over the harbour #morning",
    "media": [MEDIUM],
    "publications": [
        {"channel_id": CHANNEL, "scheduled_at": SOON, "options": CHOSEN, "consent": True}
    ],
}


@posts.endpoint(
    "POST",
    "/posts/",
    gives={201: PostOut},
    needs=Scope.WRITE,
    errors=(422,),
    summary="Create a post",
    example=Example(body=A_POST, answer=POST_SHOWN),
)
def create_post(request: HttpRequest, body: PostIn) -> Status[PostOut]:
    """With its publications, one for each account. What has a `scheduled_at` is approved and
    planned, for which `consent` must be true; without the right to publish it waits for approval.
    The rest are drafts."""
    caller = caller_in(request)
    content = content_of(caller.workspace, caption=body.caption, title=body.title, media=body.media)
    made = write(caller, content, _wishes(caller.workspace, body.publications))
    return Status(201, shown(post_or_404(request, made.pk)))


@posts.endpoint(
    "GET",
    "/posts/",
    gives={200: PostPage},
    needs=Scope.READ,
    errors=(422,),
    summary="List posts",
    example=Example(
        query={"platform": "tiktok", "state": "draft", "q": "sunrise", "limit": 50},
        answer={"posts": [post_in("draft")], "next_cursor": None},
    ),
)
def list_posts(request: HttpRequest, query: Query[PostFilter]) -> PostPage:
    """The newest first, of this workspace; what was removed is not among them. Send `next_cursor`
    as `cursor`, with the same filters, for the next page; it is null on the last."""
    found = Post.objects.in_workspace(caller_in(request).workspace)
    rows, next_cursor = page(
        with_all(_filtered(found, query)), by="created_at", cursor=query.cursor, limit=query.limit
    )
    return PostPage(posts=[shown(post) for post in rows], next_cursor=next_cursor)


@posts.endpoint(
    "GET", "/posts/{post_id}", gives={200: PostOut}, needs=Scope.READ, errors=(422,),
    summary="One post", example=Example(answer=post_in("draft")),
)  # fmt: skip
def get_post(request: HttpRequest, post_id: Path[Id]) -> PostOut:
    """With all its publications. Ask again, once a second, until `state` is what you wait for."""
    return shown(post_or_404(request, post_id))


@posts.endpoint(
    "PATCH",
    "/posts/{post_id}",
    gives={200: PostOut},
    needs=Scope.WRITE,
    errors=(409, 422),
    summary="Change a post",
    example=Example(
        body={
            "caption": "Sunrise, once more",
            "publications": [{"channel_id": CHANNEL, "options": {"allow_duet": True}}],
        },
        answer=post_in("draft", caption="Sunrise, once more"),
    ),
)
def change_post(request: HttpRequest, post_id: Path[Id], body: PostChanges) -> PostOut:
    """What is left out stays: an account that `publications` does not name, and an option of one
    that it does. An account that is new to the post is added. A `scheduled_at` of null takes a
    publication out of the plan. New content of what is planned needs `consent` for each of its
    accounts; what is on its platform already does not change: 409 `already_published`."""
    caller = caller_in(request)
    post = post_or_404(request, post_id)
    stored = [medium.pk for medium in post.ordered_media]
    content = content_of(
        caller.workspace,
        caption=post.caption if body.caption is None else body.caption,
        title=post.title if body.title is None else body.title,
        media=stored if body.media is None else body.media,
        post=post,
    )
    write(caller, content, _wishes(caller.workspace, body.publications), post=post)
    return shown(post_or_404(request, post_id))


@posts.endpoint(
    "DELETE",
    "/posts/{post_id}",
    gives={204: None},
    needs=Scope.WRITE,
    errors=(409, 422),
    summary="Remove a post",
    example=Example(),
)
def delete_post(request: HttpRequest, post_id: Path[Id]) -> Status[None]:
    """From our lists alone: nothing is ever removed from a platform. What can still go out is
    canceled first: 409 until then."""
    archive(post_or_404(request, post_id), by=caller_in(request).user)
    return Status(204, None)


def _wishes(workspace: Workspace, sent: list[PublicationIn]) -> list[Wish]:
    """Raises Invalid."""
    wishes: list[Wish] = []
    for index, each in enumerate(sent):
        place = f"publications.{index}."
        channel = channel_of(workspace, each.channel_id, place=place)
        if any(wish.channel.pk == channel.pk for wish in wishes):
            again = "This account stands twice in the list."
            raise Invalid(fields={f"{place}channel_id": [again]})
        wishes.append(
            wish_of(
                channel,
                each.options,
                due_at=each.scheduled_at,
                says_when="scheduled_at" in each.model_fields_set,
                consent=each.consent,
                place=place,
                options_place=f"{place}options.",
            )
        )
    return wishes


def _filtered(found: PostQuerySet, query: PostFilter) -> PostQuerySet:
    if query.platform is not None:
        found = found.to_channels(platform=query.platform)
    if query.channel_id is not None:
        found = found.to_channels(pk=query.channel_id)
    if query.state is not None:
        found = found.in_states([query.state])
    if query.author is not None:
        found = found.filter(author=query.author)
    if query.q:
        found = found.filter(Q(caption__icontains=query.q) | Q(title__icontains=query.q))
    return found.between(query.from_, query.to)
