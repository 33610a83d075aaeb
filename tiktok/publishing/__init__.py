"""TikTok as a platform: the one place that knows both TikTok's client and our models.

platform.py   what `posts` asks of a platform
sending.py    from the due time to the last byte: resuming.py, beginning.py, uploading.py
pulling.py    ... or to the init of what TikTok fetches from here, and how that can be stopped
guard.py      what stands between the stored bytes and TikTok
polling.py    from the last byte to TikTok's verdict, at the times of pauses.py
linking.py    where it can be seen, and visibility.py whether it still can
hearing.py    what TikTok tells by itself: waking.py lets the right publication look, asking.py
              asks about what no publication looks after any more
outcomes.py   what an error or a refusal means for a publication
"""

from tiktok.publishing.platform import TikTok

__all__ = ["TikTok"]
