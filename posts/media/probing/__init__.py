"""The child process that opens files which strangers made. Knows FFmpeg; knows no Django.

`posts.media.probe` starts it, limits it and kills it. Nothing else imports from here.
"""
