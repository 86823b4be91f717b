"""What a worker of the tests runs with: a mail provider that can be made to stand still."""

from config.settings.test import *  # noqa: F403, TID251  (settings that build on the tests' own)

EMAIL_CHANNEL = "tests.notifications.providers.Barred"
