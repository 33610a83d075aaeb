"""Telling people what happened: a row for each person; mails follow from it (posts/mailing.py)."""

from posts.models.telling import named, tell, tell_disconnected

__all__ = ["named", "tell", "tell_disconnected"]
