"""Email addresses that the mail came back from, whoever has them. Written by `patients.addresses`."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower

from config.audit.models import AppendOnly


class BouncedAddress(AppendOnly):
    """An address that takes no mail, as its server said for good. Capitals make no other address of it."""

    address = models.CharField(max_length=254)
    code = models.CharField("provider's code", max_length=40, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("address"), name="bounced_address_once"),
            models.CheckConstraint(
                condition=models.Q(address__regex=r"^\S+@\S+$"), name="bounced_address_of_a_mailbox"
            ),
        ]

    def __str__(self) -> str:
        return "An address that takes no mail"
