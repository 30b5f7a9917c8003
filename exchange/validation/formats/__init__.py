"""The `format`s of the hub's schemas: the identifiers of Chinese government records, each a strict predicate."""

from exchange.validation.formats.checker import FORMATS, format_checker
from exchange.validation.formats.citizen_id import is_citizen_id
from exchange.validation.formats.codes import is_division_code, is_task_code, task_code_generation
from exchange.validation.formats.licence_id import is_licence_id
from exchange.validation.formats.organisations import is_org_code, is_registration_no, is_uscc

__all__ = [
    "FORMATS",
    "format_checker",
    "is_citizen_id",
    "is_division_code",
    "is_licence_id",
    "is_org_code",
    "is_registration_no",
    "is_task_code",
    "is_uscc",
    "task_code_generation",
]
