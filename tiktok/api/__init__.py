"""What only TikTok has, for programs. `rooms` is what is mounted."""

from tiktok.api import refusals as refusals
from tiktok.api.connecting import connecting
from tiktok.api.posts import tiktok_posts

rooms = (connecting, tiktok_posts)
