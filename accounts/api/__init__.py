"""What every part of the REST API stands on, and its people: sign-up, tokens, who am I.

endpoints.py      how a path is declared, and what guards it
callers.py        who asks: an access token (tokens.py) or an API key
limits.py         how often
idempotency.py    the same answer to the same question
bodies.py         what may come as a body
refusals.py       every way to say no, in one shape
schemas.py        what all schemas share
"""
