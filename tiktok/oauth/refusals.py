"""Why an account was not connected, or not disconnected, though TikTok itself said nothing wrong.

ConnectRefused
├── StateUnusable       the way back is unknown, was used, or took too long
├── Broken              TikTok's answer is not one we may act on
├── AccountsDiffer      another account came back than the one to be reconnected: ask
├── ConnectedElsewhere  another workspace of this installation has it
├── NotAllowed          the one who asked may not connect accounts there any more
└── StillBusy           a post is on its way; wait, or stop now
"""


class ConnectRefused(Exception):
    """`for_people` and `what_to_do` are sentences for the page."""

    for_people = "The account was not connected."
    what_to_do = "Start again from the Accounts page."

    def __init__(self, message: str = "", *, what_to_do: str = "") -> None:
        self.for_people = message or self.for_people
        self.what_to_do = what_to_do or self.what_to_do
        super().__init__(self.for_people)


class StateUnusable(ConnectRefused):
    pass


class Broken(ConnectRefused):
    for_people = "TikTok's answer could not be used, so nothing was connected."


class AccountsDiffer(ConnectRefused):
    pass


class ConnectedElsewhere(ConnectRefused):
    pass


class NotAllowed(ConnectRefused):
    what_to_do = "An owner of the workspace can change that."


class StillBusy(ConnectRefused):
    for_people = "A post of this account is on its way to TikTok right now."
    what_to_do = "Wait until it is there, or stop now."
