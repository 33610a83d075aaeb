"""The order of a post's media, changed by a button. static/js/composer/photos.js does the same."""

from django.http import Http404, QueryDict

PREFIX = "arrange"  # of the value of such a button: arrange earlier <medium>
STEPS = {"earlier": -1, "later": 1}


def is_arranging(button: str) -> bool:
    return button.startswith(f"{PREFIX} ")


def arranged(data: QueryDict, button: str) -> QueryDict:
    """What was sent, with the media in the order that `button` asks for. Nonsense is a 404."""
    media = data.getlist("medium")
    try:
        _, verb, key = button.split(" ")
        place = media.index(key)
        step = None if verb == "remove" else STEPS[verb]
    except (ValueError, KeyError) as error:
        raise Http404 from error
    del media[place]
    if step is not None:
        media.insert(max(0, place + step), key)
    changed = data.copy()
    changed.setlist("medium", media)
    return changed
