"""A person's consent to a draft, given before it is planned: for exactly what it says then.

Programs create a post and publish it in two calls. Whoever consents in the first need not say it
again in the second, as long as nothing of the post has changed in between.
"""

from accounts.models import User
from posts.models import Approval, Publication
from posts.models.approval import digest_of
from posts.platforms import platform_of


def agree(publication: Publication, *, by: User) -> Approval:
    """Keep their word. It plans nothing."""
    content = publication.content_of_post()
    consent = platform_of(publication.channel).consent(content["options"])
    return Approval.objects.create(
        publication=publication,
        by=by,
        content=content,
        digest=digest_of(content),
        consent_text=consent.text,
        consent_version=consent.version,
    )


def has_agreed(publication: Publication, *, by: User) -> bool:
    """Whether `by` has consented to exactly what the post says now."""
    given = Approval.objects.filter(publication=publication, by=by)
    return given.filter(digest=publication.content_digest()).exists()
