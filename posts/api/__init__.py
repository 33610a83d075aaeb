"""Posts, publications and media for programs. `rooms` is what is mounted.

schemas.py                            what comes and goes
posts.py publications.py histories.py media.py uploads.py  the endpoints
writing.py judging.py                 from what a program sends to planning, by the same forms
showing.py                            from our rows to what a program gets
"""

from posts.api import refusals as refusals
from posts.api.histories import histories
from posts.api.media import media
from posts.api.posts import posts
from posts.api.publications import publications
from posts.api.uploads import uploads

rooms = (posts, histories, publications, media, uploads)
