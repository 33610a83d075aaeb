"""The media of a publication's frozen content."""

from django.db import models

from posts.models.media import Media
from posts.models.post import WithMedia
from posts.models.publication import Publication


class PublicationMedia(models.Model):
    """One medium at its place in the frozen content."""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="items")
    media = models.ForeignKey(Media, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    objects = WithMedia()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "position"],
                name="a_place_in_a_publication_holds_one_medium",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.media} at {self.position}"
