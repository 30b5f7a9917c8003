"""The identifier of an electronic licence (电子证照标识, GB/T 36904) without its version, which renewals count up.

`1.2.156.3005.2.` type 21 `.` issuer 18 `.` serial `.` version 3 `.` check 1. Real ones bend the rules (a 6-digit
issuer, serials of 9 to 32 characters), so only the ends are looked at.
"""

from __future__ import annotations

import re

from exchange.licences.characters import normalise, normalise_sql
from exchange.licences.codes import TELLS_NOTHING

OID = "1.2.156.3005.2."
_OID = r"^1\.2\.156\.3005\.2\."
_VERSION = r"\.([0-9]{3})\.[0-9A-Z]$"
_REGULAR = r"1\.2\.156\.3005\.2\.[1-9A-Z][0-9A-Z.]*\.[0-9]{3}\.[0-9A-Z]"
CHECKED = r"[0-9A-Z]{21}\.[0-9A-Z]{18}\.[0-9A-Z]+\.[0-9]{3}\.[0-9A-Z]"
"""The whole form without the OID, as the standard has it."""


def base(value: str | None) -> str:
    """The identifier without OID, version and check character; the empty text when there is none."""
    inner = re.sub(_VERSION, "", re.sub(_OID, "", normalise(value)))
    return "" if re.fullmatch(TELLS_NOTHING, inner) else inner


def version(value: str | None) -> int:
    """The version in an identifier, 0 when there is none."""
    found = re.search(_VERSION, normalise(value))
    return int(found.group(1)) if found else 0


def base_sql(column: str) -> str:
    """`base` as SQL."""
    whole = f"regexp_full_match({column}, '{_REGULAR}')"
    inner = f"regexp_replace(regexp_replace({normalise_sql(column)}, '{_OID}', ''), '{_VERSION}', '')"
    between = f"substr({column}, {len(OID) + 1}, length({column}) - {len(OID) + 6})"
    nothing = f"{column} IS NULL OR regexp_full_match({inner}, '{TELLS_NOTHING}')"
    return f"CASE WHEN {whole} THEN {between} WHEN {nothing} THEN '' ELSE {inner} END"


def version_sql(column: str) -> str:
    """`version` as SQL."""
    return f"coalesce(try_cast(regexp_extract({normalise_sql(column)}, '{_VERSION}', 1) AS INTEGER), 0)"
