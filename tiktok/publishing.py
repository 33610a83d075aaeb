"""TikTok as a platform."""


class TikTok:
    key = "tiktok"
    label = "TikTok"
