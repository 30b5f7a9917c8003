"""Rows made to break a checker: plausible values of a schema, mixed with what people, programs and attackers write."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from exchange.demo import identifiers

# Each stands here because some engine once read it otherwise than the reference does.
CELLS = (
    *("0", "-0", "00", "01", "+1", "1.0", "1.5", "0.1", "0.30000000000000004", "1.0000000000000000001", "1e3", "1E400"),
    *(
        "-1e-400",
        "9" * 18,
        "9" * 19,
        "-" + "9" * 25,
        "9" * 300,
        "9" * 301,
        "1.",
        ".5",
        "1_000",
        "0x10",
        "1,000",
        "１２",
    ),
    *("٣", "²", "NaN", "Infinity", "-inf", "null", "None", "true", "false", "TRUE", "True", "t", "yes"),
    *("2024-02-29", "2023-02-29", "0000-01-01", "0001-01-01", "9999-12-31", "20-4-01-08", "2024-1-1", "20240101"),
    *(
        "2024-01-01 (BC)",
        "infinity",
        "epoch",
        "2024-01-01\n",
        " 2024-01-01",
        "2024-01-01 ",
        "２０２４-01-01",
        "2024-13-01",
    ),
    *("2024-01-01T00:00:00Z", "2024-01-01t00:00:00z", "2024-01-01T00:00:00+08:00", "2024-01-01T00:00:00.5+08:00"),
    *("2024-01-01T24:00:00+08:00", "2024-01-01T23:59:60+08:00", "2024-01-01T00:00:00+08:00\n", "2024-01-01T00:00:00"),
    *(
        "2024-01-01 00:00:00+08:00",
        "2024-02-30T00:00:00+08:00",
        "2024-01-01T00:00:00+24:00",
        "0000-01-01T00:00:00+08:00",
    ),
    *("00:00:00Z", "23:59:59+08:00", "12:00", "a@b", "@", "a b@c", "１@２"),
    *(
        "123e4567-e89b-12d3-a456-426614174000",
        "123E4567E89B12D3A456426614174000",
        "{123e4567-e89b-12d3-a456-426614174000}",
    ),
    *("1_3e4567-e89b-12d3-a456-426614174000", "32050000000", "320500000000", "3205000000000", "32050000000０"),
    *("'", "''; DROP TABLE x; --", '"', "\\", "\\n", "%", "_", "{}", "[]", "$", "^", "a\nb", "\n", "a\n", "\t", "\x1f"),
    *(
        "\u0085",
        "\u2028",
        "\u200b",
        "\ufeff",
        "\u3000",
        "　空格　",
        "e\u0301",
        "é",
        "\u1e9e",
        "ﬃ",
        "\U0002a6d6",
        "🤦🏼‍♂️",
    ),
    *("王", "无", "（苏）", "A" * 37, "中" * 12, "中" * 13, "x" * 256, "中" * 257),
)


def records(schema: Mapping[str, Any], count: int, seed: int) -> list[dict[str, str]]:
    """So many rows of text cells; a field that is absent is not in the row. Some keep to the schema, most do not."""
    chance = random.Random(seed)
    needed = _needed(schema)
    return [_record(schema["properties"], needed, chance) for _ in range(count)]


def _needed(schema: Mapping[str, Any]) -> frozenset[str]:
    """The fields that most records need: named by `required`, or by that of an `else`."""
    otherwise = [each.get("else", {}).get("required", ()) for each in schema.get("allOf", ())]
    return frozenset(schema.get("required", ())).union(*otherwise)


def _record(properties: Mapping[str, Any], needed: frozenset[str], chance: random.Random) -> dict[str, str]:
    spoiled, sparse = chance.choice((0.0, 0.0, 0.02, 0.1, 0.4)), chance.choice((0.0, 0.3, 0.9))
    row = {}
    for name, keywords in properties.items():
        if name not in needed and chance.random() < sparse:
            continue
        cell = _hostile(keywords, chance) if chance.random() < spoiled else _plausible(keywords, chance)
        if cell:
            row[name] = cell
    return row


def _hostile(keywords: Mapping[str, Any], chance: random.Random) -> str:
    draw = chance.random()
    if draw < 0.3:
        return ""
    if draw < 0.5:
        limit = keywords.get("maxLength", 20)
        return chance.choice("a中\U0002a6d6") * (limit + chance.choice((-1, 0, 1)))
    if draw < 0.7:
        return _altered(_plausible(keywords, chance), chance)
    return chance.choice(CELLS)


def _altered(cell: str, chance: random.Random) -> str:
    if not cell:
        return cell
    place = chance.randrange(len(cell))
    return cell[:place] + chance.choice("0123456789XxAZ-. \n中０") + cell[place + chance.choice((0, 1)) :]


def _plausible(keywords: Mapping[str, Any], chance: random.Random) -> str:
    if "enum" in keywords:
        return str(chance.choice(keywords["enum"]))
    if "pattern" in keywords:
        return "01"
    if keywords.get("type") == "integer":
        return str(chance.choice((1, 2, 30, 365)))
    made = _OF_FORMATS.get(keywords.get("format", ""))
    if made is not None:
        return str(made(chance))
    if keywords.get("x-pii") == "identity":
        return str(chance.choice((identifiers.citizen_id, identifiers.company_code))(chance, "320500"))
    text = chance.choice(("苏州市", "A-1", "保安服务公司设立许可", "1", "〔2024〕第1号"))
    return text[: keywords.get("maxLength", 50)]


def _day(chance: random.Random) -> str:
    return f"{chance.randint(1990, 2026)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"


def _moment(chance: random.Random) -> str:
    zone = chance.choice(("+08:00", "+08:00", "+08:00", "Z", "-05:30"))
    return f"{_day(chance)}T{chance.randint(0, 23):02}:{chance.randint(0, 59):02}:{chance.randint(0, 59):02}{zone}"


_OF_FORMATS = {
    "date": _day,
    "date-time": _moment,
    "uscc": lambda chance: identifiers.company_code(chance, "320500"),
    "citizen-id": lambda chance: identifiers.citizen_id(chance, "320500"),
    "task-code": lambda chance: identifiers.company_code(chance, "320500") + "3" + "320105028002",
    "division-code": lambda chance: f"3205{chance.randint(0, 99999999):08}",
}
