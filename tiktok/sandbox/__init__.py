"""A pretend TikTok on a real socket, for practice and for tests.

It is a second reading of TikTok's documents, made without a look at our client: a mistake in
one of the two shows up against the other.
"""

from tiktok.sandbox.sandbox import Sandbox
from tiktok.sandbox.state import SandboxError

__all__ = ["Sandbox", "SandboxError"]
