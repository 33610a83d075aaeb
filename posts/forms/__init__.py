from posts.forms.compose import ComposeForm
from posts.forms.listing import ListFilter
from posts.forms.when import WhenForm
from posts.forms.words import AskForm, LiveLinkForm, NoteForm

__all__ = ["AskForm", "ComposeForm", "ListFilter", "LiveLinkForm", "NoteForm", "WhenForm"]
