"""What the workers of these tests run with: the real channels, to providers on this machine, and less patience.

`FAULTS_CLOCK` (seconds) sets the clock of the whole process wrong, as on a host whose clock is.
"""

import os
from datetime import datetime, timedelta

import time_machine

from config.settings.test import *  # noqa: F403, TID251  (settings that build on the tests' own)

EMAIL_CHANNEL = "notifications.channels.smtp.SmtpEmail"
SMS_CHANNEL = "tests.notifications.faults.channels.LoopbackTwilio"
EMAIL_HOST, EMAIL_PORT, EMAIL_TIMEOUT = "127.0.0.1", int(os.environ["FAULTS_MAIL_PORT"]), 3
PUBLIC_URL = "https://desk.example.com"
CELERY_TASK_SOFT_TIME_LIMIT, CELERY_TASK_TIME_LIMIT = 15, 25

if wrong := float(os.environ.get("FAULTS_CLOCK", "0")):
    time_machine.travel(datetime.now().astimezone() + timedelta(seconds=wrong), tick=True).start()
