"""Something of Alice's for each name that an address can carry (the fixture `alices`)."""

from scheduler.tests.addresses import Address

# What an address may carry that is no object of a workspace: secrets that a mail brought, or that
# a platform was told.
SECRETS = {"key": "no-such-key", "uidb36": "0", "secret": "no-such-secret", "name": "1.jpg"}

# What stands in Alice's captions, and in the names of her files, account and workspace.
FOR_ALICES_EYES = "for-alices-eyes"


def path_of(address: Address, values: dict[str, object]) -> str:
    unknown = [name for name in address.arguments if name not in values]
    assert unknown == [], (
        f"The address {address} carries {unknown[0]}, and nobody has told this test what of "
        "Alice's that names. Add it to the fixture `alices`, so that Bob can try it."
    )
    return address.path(values)
