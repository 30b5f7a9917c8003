"""Which forms are compared: those that a block brings together. Every block's cost is bounded.

In a number block two forms are compared that share holder, holder's name or issuer; in a holder block those whose cores
are one slip of the pen apart (Damerau-Levenshtein 1); in an identifier block all. A block that is too large tells
nothing and is left out: a number on more forms than `NUMBER_LIMIT` or an identifier on more than `IDENTIFIER_LIMIT`
identifies nothing (a finding says so), and where a holder has more licences of a kind than `HOLDER_LIMIT`, numbers that
are close are the next ones, not mistyped ones.
"""

from __future__ import annotations

NUMBER_LIMIT = 400
IDENTIFIER_LIMIT = 50
HOLDER_LIMIT = 24


def pairs_sql(forms: str) -> str:
    """A SELECT of the pairs (a < b) that number and identifier blocks bring together, from a relation of forms.

    It has `FEATURES`, `number_block`, `identifier_blocks` (a list), and how many forms there are in each block
    (`number_forms`, `identifier_forms`).
    """
    return f"{_by_number(forms)} UNION {_by_identifier(forms)}"


def near_pairs_sql(forms: str) -> str:
    """A SELECT of the pairs that holder blocks bring together.

    The relation has form, core, holder_block, and how many forms there are in that block (`holder_forms`).
    """
    return (
        f"SELECT a.form AS a, b.form AS b FROM {forms} a JOIN {forms} b "
        f"ON a.holder_block = b.holder_block AND a.form < b.form "
        f"WHERE a.holder_forms <= {HOLDER_LIMIT} AND {one_slip_sql('a.core', 'b.core')}"
    )


def one_slip_sql(a: str, b: str) -> str:
    """Whether two cores are at most one slip of the pen apart; the plain distance is eight times as quick to reckon."""
    return f"CASE WHEN levenshtein({a}, {b}) <= 2 THEN damerau_levenshtein({a}, {b}) <= 1 ELSE false END"


def _by_number(forms: str) -> str:
    name = (
        "a.holder_name_first IN (b.holder_name_first, b.holder_name_last) OR b.holder_name_first = a.holder_name_last"
    )
    return (
        f"SELECT a.form AS a, b.form AS b FROM {forms} a JOIN {forms} b "
        f"ON a.number_block = b.number_block AND a.form < b.form "
        f"WHERE a.number_forms <= {NUMBER_LIMIT} AND (a.issuer = b.issuer AND a.issuer <> '' "
        f"OR a.holder = b.holder AND a.holder <> '' OR {name})"
    )


def _by_identifier(forms: str) -> str:
    each = f"(SELECT form, unnest(identifier_blocks) AS block, unnest(identifier_forms) AS block_forms FROM {forms})"
    return (
        f"SELECT a.form AS a, b.form AS b FROM {each} a JOIN {each} b ON a.block = b.block AND a.form < b.form "
        f"WHERE a.block_forms <= {IDENTIFIER_LIMIT}"
    )
