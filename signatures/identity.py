"""Who is who for the purpose of “once each”: keyed hashes, joined to nothing outside one petition."""

import hmac
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings

from lib.address import canonical


def identity_hash(petition_id: int, address: str) -> bytes:
    """Return the 32 bytes that stand for this mailbox on this petition; they stay when a person's data go."""
    return _keyed(f"identity:{petition_id}:{canonical(address)}")


def address_hash(address: str) -> bytes:
    """Return the 32 bytes that stand for this mailbox where mails to it are counted, for two weeks."""
    return _keyed(f"address:{canonical(address)}")


def network_hash(ip: str) -> bytes:
    """Return the 32 bytes that stand for the client's network: the /24 of IPv4, the /64 of IPv6."""
    client = ip_address(ip)
    if isinstance(client, IPv6Address):
        client = client.ipv4_mapped or IPv6Address(int(client))
    if isinstance(client, IPv6Address):
        return _keyed(f"network:{ip_network((client, 64), strict=False)}")
    return _keyed(f"network:{str(client).rpartition('.')[0]}.0/24")


def _keyed(value: str) -> bytes:
    return hmac.digest(settings.IDENTITY_KEY.encode(), value.encode(), sha256)
