"""The name of what goes, typed once more: nobody deletes the wrong thing by habit."""

from typing import Any

from django import forms


class TypedNameForm(forms.Form):
    typed = forms.CharField(max_length=200)

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name
        self.fields["typed"].label = f"Type “{name}” to delete it"
        self.fields["typed"].widget.attrs["autocomplete"] = "off"

    def clean_typed(self) -> str:
        typed: str = self.cleaned_data["typed"]
        if " ".join(typed.split()) != " ".join(self.name.split()):
            raise forms.ValidationError(
                f"That is another name. Type “{self.name}”.", code="differs"
            )
        return typed
