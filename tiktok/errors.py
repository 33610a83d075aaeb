"""What can go wrong at TikTok, and what to do about it (Protocol 2.8, 3, 5.4, 6).

TikTokError
├── TokenInvalid             the access token is dead: refresh once, repeat the same call
├── NeedsReconnect           the creator must connect the account again
│   ├── GrantInvalid         … unless another worker has just refreshed: read the row again first
│   ├── MissingScope         … and grant one permission more
│   └── AccessDenied         … or has just said no
├── NeedsChoice              what was chosen is not offered any more: ask, never choose
├── NeedsCreator             the creator must do something inside TikTok first
│   ├── DraftsPending
│   └── AppTooOld
├── CapReached               a limit that lasts for hours
│   ├── CreatorCapReached    … of this creator, over all apps
│   └── AppCapReached        … of this app, over all creators
├── Banned                   TikTok does not let this creator post
├── Configuration            the operator must mend something
│   ├── AccountMustBePrivate … or the creator makes the account private
│   ├── UrlNotVerified
│   └── AppNotAccepted
├── Rejected                 TikTok will never take this as it is
│   ├── RefusedHere          … and so it was not even sent
│   ├── FileRejected
│   ├── UnknownPublishId
│   ├── WrongAccount
│   └── NotCancellable
└── Temporary                nobody's fault: try again later
    ├── RateLimited
    │   └── BudgetUsedUp     … or would be: TikTok was not even asked
    ├── ServerFault          an answer, but of a TikTok in trouble
    └── Unreachable          no answer at all

The tree goes on in upload_errors.py. Which code means which class: error_codes.py.
"""


class TikTokError(Exception):
    """`str()` is for logs; `for_people` and `what_to_do` are for the page.

    `retryable`: a machine may repeat the same thing later without asking anybody.
    `outcome_known`: TikTok certainly did nothing. When False, an init may have succeeded.
    """

    retryable: bool = False
    outcome_known: bool = True
    shows_code: bool = False  # `for_people` names TikTok's code
    for_people: str = "TikTok did not accept this."
    what_to_do: str = "Look at the history of this post, then try again."

    def __init__(
        self,
        message: str = "",
        *,
        code: str = "",
        log_id: str = "",
        http_status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message  # TikTok's own words or ours, for logs: never a secret
        self.code = code
        self.log_id = log_id  # quote it to TikTok's support
        self.http_status = http_status
        self.retry_after = retry_after  # seconds, when TikTok said how long to wait
        if self.shows_code and code:
            self.for_people = f"{self.for_people.rstrip('.')} (code: {code[:80]})."

    def __str__(self) -> str:
        named = ": ".join(part for part in (self.code, self.message) if part)
        traces = []
        if self.http_status is not None:
            traces.append(f"HTTP {self.http_status}")
        if self.log_id:
            traces.append(f"log_id {self.log_id}")
        return " ".join(
            part for part in (named, f"({', '.join(traces)})" if traces else "") if part
        )


class TokenInvalid(TikTokError):
    for_people = "TikTok no longer accepts our key for this account."
    what_to_do = "We ask TikTok for a new key. If that fails, reconnect the account."


class NeedsReconnect(TikTokError):
    for_people = "TikTok no longer lets us act for this account."
    what_to_do = "Reconnect the account and leave every permission ticked."


class GrantInvalid(NeedsReconnect):
    """Of two refreshes at once the slower one gets this: no proof that consent is gone (2.6)."""

    for_people = "The connection to this TikTok account has ended."
    what_to_do = "Reconnect the account."


class MissingScope(NeedsReconnect):
    for_people = "TikTok did not give us a permission that this needs."
    what_to_do = "Reconnect the account and leave every permission ticked."


class AccessDenied(NeedsReconnect):
    for_people = "The account was not connected, because access was refused at TikTok."
    what_to_do = "Connect again and allow access on TikTok's page."


class NeedsChoice(TikTokError):
    for_people = "TikTok no longer offers the audience that was chosen for this post."
    what_to_do = "Choose again who may see it, and schedule it again."


class NeedsCreator(TikTokError):
    for_people = "TikTok waits for something that only the account's owner can do."
    what_to_do = "Open TikTok with this account and see what it asks for."


class DraftsPending(NeedsCreator):
    """At most 5 drafts may wait in the creator's inbox within 24 hours (Protocol 6)."""

    for_people = "Too many drafts wait in this account's TikTok inbox; TikTok takes no more."
    what_to_do = (
        "Finish drafts in TikTok, or delete them there, and say so on their pages here: this one "
        "then goes on by itself."
    )


class AppTooOld(NeedsCreator):
    for_people = "The TikTok app on the creator's phone is too old for this kind of draft."
    what_to_do = "Update the TikTok app, then send this again."


class CapReached(TikTokError):
    for_people = "A daily limit of TikTok is used up."
    what_to_do = "Try again tomorrow."


class CreatorCapReached(CapReached):
    """About 15 direct posts in 24 hours, all apps together (Protocol 5.5)."""

    for_people = "This account has reached TikTok's limit for posts through apps in 24 hours."
    what_to_do = "Try again tomorrow, or post this one in the TikTok app."


class AppCapReached(CapReached):
    """While an app is not audited: 5 creators in 24 hours (Protocol 5.5)."""

    for_people = "This installation has reached TikTok's number of accounts for today."
    what_to_do = "Try again tomorrow. The operator can ask TikTok for a higher number."


class Banned(TikTokError):
    for_people = "TikTok does not let this account post at the moment."
    what_to_do = "Open TikTok with this account and look for a notice about it."


class Configuration(TikTokError):
    for_people = "This installation is not set up in the way that TikTok asks for."
    what_to_do = "Tell the operator of this installation."


class AccountMustBePrivate(Configuration):
    """It is the account that must be private; a private post is not enough (Protocol 14)."""

    for_people = "TikTok has not audited this app, so it may post only to private accounts."
    what_to_do = "Make the account itself private in TikTok, or wait for the app's audit."


class UrlNotVerified(Configuration):
    for_people = "TikTok does not fetch media from this installation's address."
    what_to_do = "The operator must verify the address under the app's URL properties at TikTok."


class AppNotAccepted(Configuration):
    for_people = "TikTok does not accept this installation's app or its settings."
    what_to_do = "The operator must check the app's key, secret, redirect address and scopes."


class Rejected(TikTokError):
    """A code that we do not know ends here too: we do not repeat what we do not understand."""

    shows_code = True
    for_people = "TikTok refused this."
    what_to_do = "Change the post, or show the code to the operator."


class RefusedHere(Rejected, ValueError):
    """We know that TikTok would refuse it, or that its guidelines forbid it: nothing was sent."""

    def __init__(self, message: str = "", *, what_to_do: str = "") -> None:
        super().__init__(message)
        self.for_people = message or self.for_people
        self.what_to_do = what_to_do or "Change the post, then schedule it again."


class FileRejected(Rejected):
    for_people = "TikTok does not accept this file."
    what_to_do = "Export it as MP4 with H.264, 23 to 60 frames per second, and upload it again."


class UnknownPublishId(Rejected):
    """Nothing can be learned about that post any more: its final state is unknown."""

    for_people = "TikTok no longer knows what became of this post."
    what_to_do = "Look at the account in TikTok, then say here whether the post is live."


class WrongAccount(Rejected):
    for_people = "TikTok says that this post belongs to another account."
    what_to_do = "Show this to the operator: it should not happen."


class NotCancellable(Rejected):
    for_people = "Too late: TikTok has already finished with this post."
    what_to_do = "See what became of it."


class Temporary(TikTokError):
    retryable = True
    for_people = "TikTok has trouble at the moment."
    what_to_do = "Nothing: we try again by ourselves."


class RateLimited(Temporary):
    """The window is a minute; without a `retry_after` wait 60 s and some jitter (Protocol 1)."""

    for_people = "TikTok asks us to slow down."


class BudgetUsedUp(RateLimited):
    for_people = "TikTok lets us ask only so often in a minute for one account."


class ServerFault(Temporary):
    """A 5xx, or an answer that is not in TikTok's format. It may have acted all the same (5.6)."""

    outcome_known = False


class Unreachable(Temporary):
    """No answer. `sent` is False only when it is certain that TikTok got nothing of the request."""

    for_people = "TikTok could not be reached."

    def __init__(self, message: str = "", *, sent: bool = True) -> None:
        super().__init__(message)
        self.sent = sent
        self.outcome_known = not sent
