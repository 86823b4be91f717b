"""What stands about an email address: that it takes no mail. It belongs to the address, whoever has it, and stays.

Whoever is to be reached by email again gives another address.
"""

from datetime import datetime

from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower

from config.audit.acting import Actor, recorded
from patients.models import BouncedAddress

COMES_BACK = "Email to this address comes back. Ask for another one."


def say_it_bounced(*, address: str, code: str = "", by: Actor, at: datetime) -> None:
    """Keep that mail to the address comes back for good. Said again it changes nothing."""
    said = BouncedAddress(address=address, code=code[:40], at=at)
    with recorded(by=by):
        BouncedAddress.objects.bulk_create([said], ignore_conflicts=True)


def bounces(address: OuterRef) -> Exists:
    """Whether mail to the address of another query's row comes back."""
    found = BouncedAddress.objects.annotate(as_small=Lower("address"))
    return Exists(found.filter(as_small=Lower(address)))
