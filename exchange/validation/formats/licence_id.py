"""The identifier of an electronic licence (电子证照标识), GB/T 36904."""

from __future__ import annotations

import re

from stdnum.iso7064 import mod_37_36

LICENCE_OID = "1.2.156.3005.2."
_SHAPE = re.compile(
    re.escape(LICENCE_OID) + r"(?P<type>[0-9A-Z]{21})\.(?P<issuer>[0-9A-Z]{18})\.(?P<serial>[0-9A-Z]{1,32})"
    r"\.(?P<version>[0-9A-Z]{3})\.(?P<check>[0-9A-Z])"
)


def is_licence_id(text: str) -> bool:
    """Whether the text is OID, type, issuer, serial and version with the right check character (ISO 7064 MOD 37,36).

    The check is taken over the four parts without the OID and the dots. The standard leaves the length of the serial
    open; systems in the field write up to 32 characters.
    """
    parts = _SHAPE.fullmatch(text)
    return parts is not None and mod_37_36.checksum("".join(parts.groups())) == 1
