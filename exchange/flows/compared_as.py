"""What a claim is compared by, and what was done to what was reported, so that a decision can be read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from exchange.licences import normalise
from exchange.licences.characters import steps_of
from exchange.licences.codes import code_identity
from exchange.licences.holder import JOINT, holder_identity, holder_name
from exchange.licences.identifier import base, version
from exchange.licences.issuer import issuer_identity
from exchange.licences.number import core, number, number_steps
from exchange.model.reference import Reference

Record = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Normal:
    """One thing in the form in which it is compared, and the steps that led there, by name."""

    value: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComparedAs:
    """A claim as it is compared. `core` is the number without brackets and dashes, in which slips are looked for."""

    number: Normal
    core: str
    holder: Normal
    holder_name: Normal
    issuer: Normal
    identifier: Normal
    version: int


def compared_as(record: Record, reference: Reference) -> ComparedAs:
    """How the licence of a record is compared with others."""
    written = record.get("certificate_number") or ""
    name = record.get("certificate_holder") or ""
    identifier = record.get("certificate_source_id") or ""
    return ComparedAs(
        number=Normal(number(written), number_steps(written)),
        core=core(written),
        holder=_holder(record, dict(reference.holders)),
        holder_name=Normal(holder_name(name), steps_of(name)),
        issuer=_issuer(record, dict(reference.issuers)),
        identifier=Normal(base(identifier), _shortened(identifier)),
        version=version(identifier),
    )


def _holder(record: Record, aliases: dict[str, str]) -> Normal:
    code, kind = record.get("certificate_holder_code") or "", record.get("certificate_holder_type")
    own, now = holder_identity(code, kind), holder_identity(code, kind, aliases)
    steps = [*steps_of(code), *_of_code(code, kind)]
    if JOINT in own:
        steps.append("joint")
    if now != own:
        steps.append("registration")
    return Normal(now, tuple(steps))


def _issuer(record: Record, lineage: dict[str, str]) -> Normal:
    code, name = record.get("issue_dept_code"), record.get("issue_dept")
    own, now = issuer_identity(code, name), issuer_identity(code, name, lineage)
    steps = ["by-name", *steps_of(name or "")] if own.startswith("N") else [*steps_of(code or "")]
    if len(normalise(code)) == 18:
        steps.append("organisation-code")
    if now != own:
        steps.append("lineage")
    return Normal(now, tuple(steps))


def _of_code(code: str, kind: str | None) -> tuple[str, ...]:
    plain, identity = normalise(code), code_identity(code, kind)
    if len(plain) == 18 and identity.startswith("O"):
        return ("organisation-code",)
    return ("lengthened",) if len(plain) == 15 and identity.startswith("P") else ()


def _shortened(identifier: str) -> tuple[str, ...]:
    shorter = base(identifier) != normalise(identifier)
    return (*steps_of(identifier), *(["without-version"] if shorter and base(identifier) else []))
