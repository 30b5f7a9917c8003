"""What each system calls a field, and which codes of its own it uses."""

from __future__ import annotations

from collections.abc import Mapping

from exchange.demo.layout import System
from exchange.model.dataset import Dataset

FIELDS: Mapping[str, tuple[str, ...]] = {
    "case_basic": (
        *("project_no", "catalog_code", "task_code", "task_name", "task_version", "project_name", "project_type"),
        *("apply_type", "applyer_name", "applyer_type", "applyer_page_type", "applyer_page_code", "contact_name"),
        *("contact_mobile", "address", "apply_date", "accept_date", "promise_date", "org_name", "org_code"),
        "handle_user_name",
    ),
    "case_process": (
        *("project_no", "step_no", "process_name", "event_name", "handle_user_name", "handle_explain"),
        *("event_start_time", "event_end_time", "remark"),
    ),
    "case_special": (
        *("project_no", "special_type", "special_name", "special_time", "special_reason", "end_time", "result"),
        "handle_user",
    ),
    "case_material": ("project_no", "material_name", "get_type", "get_num"),
    "case_result": (
        *("project_no", "result_type", "result_date", "result_explain", "result_cetr_name", "result_cetr_no"),
        *("result_cetr_valid_to", "handle_user_name", "is_delivery_results", "satisfaction"),
    ),
    "licence": (
        *("certificate_source_id", "certificate_type", "certificate_type_code", "certificate_name"),
        *("certificate_number", "issue_dept", "issue_dept_code", "issue_date", "certificate_area_code"),
        *("certificate_holder", "certificate_holder_code", "certificate_holder_type", "valid_from", "valid_to"),
        *("status", "change_type", "trust_level"),
    ),
}
"""The fields that the demo's systems send, beside the envelope."""

ENVELOPE = ("row_guid", "cd_operation", "cd_time", "cd_batch", "data_source")
CONSTANTS = {"cd_operation": "I", "cd_batch": "excel", "data_source": "3"}
"""What the contract of a thin system says in place of columns; its `row_guid` is the running number of the row."""

_PINYIN = {
    "project_no": "SBLSH",
    "catalog_code": "JBBM",
    "task_code": "SXBM",
    "task_name": "SXMC",
    "task_version": "SXBB",
    "project_name": "BJMC",
    "project_type": "BJLX",
    "apply_type": "SQFS",
    "applyer_name": "SQRMC",
    "applyer_type": "SQRLX",
    "applyer_page_type": "ZJLX",
    "applyer_page_code": "ZJHM",
    "contact_name": "LXRXM",
    "contact_mobile": "LXRSJ",
    "address": "TXDZ",
    "apply_date": "SQSJ",
    "accept_date": "SLSJ",
    "promise_date": "CNBJRQ",
    "org_name": "SLBMMC",
    "org_code": "SLBMBM",
    "handle_user_name": "BLRY",
    "step_no": "HJXH",
    "process_name": "HJMC",
    "event_name": "BLDZ",
    "handle_explain": "BLYJ",
    "event_start_time": "KSSJ",
    "event_end_time": "JSSJ",
    "remark": "BZ",
    "result_type": "BLJG",
    "result_date": "BJSJ",
    "result_explain": "JGSM",
    "result_cetr_name": "ZZMC",
    "result_cetr_no": "ZZBH",
    "result_cetr_valid_to": "YXQZ",
    "is_delivery_results": "SFKD",
    "satisfaction": "MYD",
    "certificate_source_id": "ZZBS",
    "certificate_type": "ZZLX",
    "certificate_type_code": "ZZLXDM",
    "certificate_name": "ZZMC",
    "certificate_number": "ZZHM",
    "issue_dept": "BFJG",
    "issue_dept_code": "BFJGDM",
    "issue_date": "BFRQ",
    "certificate_area_code": "QHDM",
    "certificate_holder": "CZZT",
    "certificate_holder_code": "CZZTDM",
    "certificate_holder_type": "CZZTLX",
    "valid_from": "YXQQ",
    "valid_to": "YXQJZ",
    "status": "ZZZT",
    "change_type": "BGLX",
    "trust_level": "KXDJ",
    "row_guid": "JLBS",
    "cd_operation": "CZLX",
    "cd_time": "BGSJ",
    "cd_batch": "BSPC",
    "data_source": "SJLY",
}
"""The initials of the Chinese names in pinyin, as many systems name their columns."""

_WORDS: Mapping[str, Mapping[str, str]] = {
    "cd_operation": {"新增": "I", "修改": "U", "删除": "D"},
    "project_type": {"即办件": "1", "承诺件": "2"},
    "apply_type": {"窗口申请": "0", "网上申请": "1", "邮寄申请": "2"},
    "applyer_type": {"个人": "1", "企业": "2", "社会组织": "4"},
    "applyer_page_type": {"身份证": "111", "统一社会信用代码": "001", "护照": "414"},
    "event_name": {"受理": "4", "同意": "1", "不同意": "0", "不予受理": "3"},
    "result_type": {
        "准予许可": "0",
        "不予许可": "1",
        "作废": "2",
        "转报": "4",
        "退件": "5",
        "不予受理": "6",
    },
    "is_delivery_results": {"是": "1", "否": "0"},
    "satisfaction": {"非常满意": "1", "满意": "2", "基本满意": "3", "不满意": "4", "非常不满意": "5"},
    "certificate_holder_type": {"身份证": "111", "统一社会信用代码": "001"},
    "status": {"有效": "01", "注销": "04", "失效": "05"},
    "change_type": {"新发": "01", "注销": "05"},
}
_VENDOR: Mapping[str, Mapping[str, str]] = {
    "cd_operation": {"0": "I", "1": "U", "2": "D"},
    "project_type": {"1": "1", "2": "2", "3": "9", "4": "9"},
    "applyer_type": {"GR": "1", "FR": "2", "SH": "4"},
    "applyer_page_type": {"10": "111", "30": "001", "20": "414"},
    "event_name": {"A": "4", "B": "1", "C": "0", "D": "3"},
    "result_type": {"6": "0", "1": "5", "2": "1", "3": "2", "4": "4", "5": "6"},
    "satisfaction": {"5": "1", "4": "2", "3": "3", "2": "4", "1": "5"},
}
"""A vendor's numbers, which mean other things than ours: its 6 is granted, its stars run the other way."""

_CODES: Mapping[str, Mapping[str, Mapping[str, str]]] = {"plain": {}, "words": _WORDS, "vendor": _VENDOR}


def fields(system: System, dataset: str) -> tuple[str, ...]:
    """The fields for which the system has a column, in the file's order."""
    return ("row_guid", *FIELDS[dataset], "cd_time") if system.thin else (*FIELDS[dataset], *ENVELOPE)


def column(system: System, field: str, dataset: Dataset) -> str:
    """What the system calls a field."""
    if system.thin and field == "row_guid":
        return "序号"
    if system.naming == "chinese":
        return dataset.field(field).title
    if system.naming == "pinyin":
        return _PINYIN[field]
    return field if system.form.kind == "json" else field.upper()


def codes(system: System, field: str) -> Mapping[str, str]:
    """The system's codes of a field and ours; empty when it uses ours."""
    return _CODES[system.codes].get(field, {})


def own_code(system: System, field: str, code: str) -> str:
    """Our code as the system writes it."""
    return next((theirs for theirs, ours in codes(system, field).items() if ours == code), code)
