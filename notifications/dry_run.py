"""What every page says while the clinic's messages do not leave."""

from config.staff.models import Clinic
from notifications.channels.base import leaves
from notifications.registration import NOT_FOR_TEXTS, why_dry
from patients.models import Channel

KEPT_HERE = "Dry run: messages are written to this machine and reach nobody."
SOME_KEPT = {
    Channel.SMS: "Dry run for texts: they are written to this machine and reach nobody.",
    Channel.EMAIL: "Dry run for emails: they are written to this machine and reach nobody.",
}


def kept_here() -> list[Channel]:
    """The channels whose messages do not leave this machine, whatever the ledger calls them."""
    return [channel for channel in Channel if not leaves(channel)]


def words(clinic: Clinic) -> str:
    """Why messages of this clinic reach nobody, for all channels or for one; "" when both leave."""
    kept = kept_here()
    if len(kept) == len(Channel):
        return KEPT_HERE
    found = {channel: why_dry(clinic, channel) for channel in Channel if channel not in kept}
    whole = next((why for why in found.values() if why and why != NOT_FOR_TEXTS), "")
    if whole:
        return whole
    return SOME_KEPT[kept[0]] if kept else next(filter(None, found.values()), "")


def why_kept_back(clinic: Clinic, channel: str) -> str:
    """Why a message of this channel does not leave, where it would otherwise; "" when it may go its way."""
    return why_dry(clinic, channel) if leaves(channel) else ""
