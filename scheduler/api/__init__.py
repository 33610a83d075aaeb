"""The REST API as one: where each app's part is mounted, its document, and its page.

What guards every endpoint is in accounts/api/; the endpoints are in the api/ of their apps.
"""
