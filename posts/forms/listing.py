"""The filters of the list of posts. Whatever an address contains, nothing breaks."""

from typing import Any, cast

from django import forms
from django.db.models import Q

from accounts.models import Channel, Workspace
from posts.models.post import PostQuerySet
from posts.states import State

# Groups of states by what they ask of a person.
GROUPS: dict[str, tuple[str, tuple[State, ...]]] = {
    "attention": (
        "Needs attention",
        (State.AWAITING_APPROVAL, State.HELD, State.FAILED, State.UNCONFIRMED),
    ),
    "moving": ("On its way", (State.SENDING, State.PROCESSING)),
    "out": ("Out", (State.PUBLISHED, State.DELIVERED)),
}


class ListFilter(forms.Form):
    """All optional; a value that makes no sense filters nothing."""

    state = forms.ChoiceField(
        required=False,
        choices=[
            ("", "All states"),
            *((key, label) for key, (label, _) in GROUPS.items()),
            *State.choices,
        ],
    )
    account = forms.ModelChoiceField(
        Channel.objects.none(), required=False, empty_label="All accounts"
    )
    text = forms.CharField(
        required=False,
        max_length=200,
        label="Words",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Words of the post"}),
    )

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account = cast("forms.ModelChoiceField[Channel]", self.fields["account"])
        account.queryset = workspace.channels.all()
        self.is_valid()

    @property
    def is_on(self) -> bool:
        return any(self.cleaned_data.values())

    def apply(self, posts: PostQuerySet) -> PostQuerySet:
        chosen = self.cleaned_data
        if state := chosen.get("state"):
            posts = posts.in_states(GROUPS[state][1] if state in GROUPS else (State(state),))
        if account := chosen.get("account"):
            posts = posts.to_channel(account)
        if text := chosen.get("text"):
            posts = posts.filter(Q(caption__icontains=text) | Q(title__icontains=text))
        return posts
