"""The demo while it is being filled. Nothing that answers requests may run with this."""

from config.settings.demo import *  # noqa: F403  (a settings file extends the one it builds on)

PASSWORD_HASHERS = ["config.demo.hashing.CheckedOnce"]
