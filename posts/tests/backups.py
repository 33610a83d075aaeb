"""How a backup is put back while a post is in one state or another."""

from django.utils import timezone

from accounts.models import User
from posts.models import Publication
from posts.restoring import hold_everything
from posts.tests.plain_platform import begin_attempt


def a_backup_is_put_back(publication: Publication, by: User) -> None:
    hold_everything()


def a_backup_of_an_unanswered_init_is_put_back(publication: Publication, by: User) -> None:
    publication.attempts.update(publish_id=None)
    hold_everything()


def a_backup_of_a_begun_upload_is_put_back(publication: Publication, by: User) -> None:
    begin_attempt(publication)
    hold_everything()


def a_backup_is_put_back_after_the_last_block(publication: Publication, by: User) -> None:
    publication.attempts.update(finishing_at=timezone.now())
    hold_everything()


def a_backup_is_put_back_after_a_deferred_last_block(publication: Publication, by: User) -> None:
    a_sending_waits_for_its_status(publication, by)
    hold_everything()


def a_sending_waits_for_its_status(publication: Publication, by: User) -> None:
    begin_attempt(publication)
    publication.attempts.update(finishing_at=timezone.now())
