"""Passkeys: what somebody is asked when they add one. The ceremony itself is allauth's."""

from allauth.mfa.webauthn.forms import AddWebAuthnForm


class AddPasskeyForm(AddWebAuthnForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        name, alone = self.fields["name"], self.fields["passwordless"]
        name.help_text = "So that you know it again in your list, like “My phone”."
        name.widget.attrs.update(autofocus=True, maxlength=100)
        alone.label = "Let it log me in alone, without the password"
        alone.help_text = "It then asks for your finger, your face or its PIN."
        alone.initial = True
