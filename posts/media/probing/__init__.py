"""The child process that opens files which strangers made. Knows FFmpeg and Pillow; no Django.

`posts.media.probe` starts it, limits it and kills it. Nothing else imports from here.
"""

# The small picture that stands for a medium on pages.
POSTER_WIDTH = 540  # pixels at most, as displayed
POSTER_HEIGHT = 1920  # the same
POSTER_QUALITY = 82  # of 95; JPEG's usual scale
