"""All formats in one checker for the `jsonschema` library."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jsonschema import Draft202012Validator, FormatChecker

from exchange.validation.formats.citizen_id import is_citizen_id
from exchange.validation.formats.codes import is_division_code, is_task_code
from exchange.validation.formats.licence_id import is_licence_id
from exchange.validation.formats.organisations import is_org_code, is_registration_no, is_uscc

FORMATS: Mapping[str, Callable[[str], bool]] = {
    "uscc": is_uscc,
    "citizen-id": is_citizen_id,
    "org-code": is_org_code,
    "registration-no": is_registration_no,
    "licence-id": is_licence_id,
    "division-code": is_division_code,
    "task-code": is_task_code,
}


def format_checker() -> FormatChecker:
    """The library's own verdict on every draft 2020-12 format it can check here, and the hub's formats beside it.

    It starts from the draft's checker and not from `FormatChecker()`, which mixes the drafts: there "time" is draft
    3's. A format that the library has no checker for ("uri" without an optional package) is not asserted, as there.
    """
    checker = FormatChecker(formats=())
    checker.checkers = dict(Draft202012Validator.FORMAT_CHECKER.checkers)
    for name, predicate in FORMATS.items():
        checker.checks(name)(_for_any_type(predicate))
    return checker


def _for_any_type(predicate: Callable[[str], bool]) -> Callable[[object], bool]:
    """A format says nothing of values that are not strings (JSON Schema 2020-12 validation, 7.1)."""

    def conforms(value: object) -> bool:
        return not isinstance(value, str) or predicate(value)

    return conforms
