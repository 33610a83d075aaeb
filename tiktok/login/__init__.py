"""Log-in with TikTok: allauth's provider with our hosts, for accounts that a person has linked.

Connecting an account to publish to is something else, and never makes a way to log in: oauth/.
A package of its own, since allauth mounts the `urls` beside a provider.
"""
