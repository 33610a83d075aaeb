from posts.forms.compose import ComposeForm
from posts.forms.listing import ListFilter
from posts.forms.told import ToldForm
from posts.forms.when import WhenForm
from posts.forms.words import AskForm, CommentForm, LiveLinkForm, NoteForm

__all__ = [
    "AskForm",
    "CommentForm",
    "ComposeForm",
    "ListFilter",
    "LiveLinkForm",
    "NoteForm",
    "ToldForm",
    "WhenForm",
]
