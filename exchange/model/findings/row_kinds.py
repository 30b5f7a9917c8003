"""E1xx fields, E2xx whole records, W… what is only reported. Templates take `title` in Chinese and `field` in English.

`shown` and `value` are the offending value, quoted, in the Chinese and the English text; both are empty for a field
that holds personal data. What the hub repaired is in `repair_kinds`.
"""

from __future__ import annotations

from exchange.model.findings.finding import Kind, Severity
from exchange.text import Text


def _reject(code: str, message: Text, hint: Text) -> Kind:
    return Kind(code, Severity.REJECT, message, hint)


REQUIRED = _reject(
    "E101",
    Text("必填项“{title}”为空。", "The required field {field} is empty."),
    Text("请补填后再次报送。", "Fill it in and send the row again."),
)
TYPE = _reject(
    "E102",
    Text("“{title}”应当是{type_zh}{shown}。", "{field} must be {type_en}{value}."),
    Text(
        "请只填写{type_zh}，不要带单位、文字或多余的符号。",
        "Write nothing but {type_en}: no unit, words or extra signs.",
    ),
)
FORMAT = _reject(
    "E103",
    Text("“{title}”不符合规定的格式（{format}）{shown}。", "{field} is not in the required format ({format}){value}."),
    Text(
        "请按数据规范中该字段的格式填写。", "Write it in the format that the data specification gives for this field."
    ),
)
TOO_LONG = _reject(
    "E104",
    Text(
        "“{title}”最多 {limit} 个字符，实际为 {length} 个{shown}。",
        "{field} may have {limit} characters at most and has {length}{value}.",
    ),
    Text(
        "请缩短内容；如果一格中填了多项，请只保留一项。",
        "Shorten it; if several entries stand in one cell, keep one.",
    ),
)
TOO_SHORT = _reject(
    "E105",
    Text(
        "“{title}”至少 {limit} 个字符，实际为 {length} 个{shown}。",
        "{field} needs {limit} characters at least and has {length}{value}.",
    ),
    Text("请填写完整的内容。", "Write it in full."),
)
PATTERN = _reject(
    "E106",
    Text("“{title}”的写法不符合规定{shown}。", "{field} is not written as required{value}."),
    Text("请对照数据规范检查位数和所用字符。", "Compare its length and characters with the data specification."),
)
NOT_ALLOWED = _reject(
    "E107",
    Text("“{title}”不在允许的取值范围内{shown}。", "{field} is not one of the allowed values{value}."),
    Text("允许的取值：{allowed}。", "Allowed values: {allowed}."),
)
OUT_OF_RANGE = _reject(
    "E108",
    Text("“{title}”应当{bound_zh} {limit}{shown}。", "{field} must be {bound_en} {limit}{value}."),
    Text("请核对数值后改正。", "Check the number and correct it."),
)
UNKNOWN_COLUMN = _reject(
    "E109",
    Text("“{title}”不是本数据集的字段。", "{field} is not a field of this dataset."),
    Text("请删除该列，或核对列名是否写错。", "Remove the column, or check the spelling of its name."),
)
OTHER_RULE = _reject(
    "E110",
    Text("“{title}”不符合数据规范（规则 {rule}）{shown}。", "{field} breaks a rule of the schema ({rule}){value}."),
    Text("请对照数据规范改正该字段。", "Correct the field by the data specification."),
)
DATE_WITHOUT_DAY = _reject(
    "E111",
    Text("“{title}”只有年月，没有日{shown}。", "{field} gives a year and a month but no day{value}."),
    Text(
        "请补上具体日期，例如 2019-05-01；系统不会替您推测。",
        "Add the day, as in 2019-05-01; the hub does not guess it.",
    ),
)
SPOILED_NUMBER = _reject(
    "E112",
    Text(
        "“{title}”已被 Excel 变成科学计数法，原号码已经丢失{shown}。",
        "{field} was turned into scientific notation by Excel; the number itself is lost{value}.",
    ),
    Text(
        "请从业务系统重新导出，并在 Excel 中先把该列设为“文本”格式再填写。",
        "Export it again from your system; in Excel, format the column as text before filling it in.",
    ),
)
UNPRINTABLE = _reject(
    "E113",
    Text("“{title}”含有不可见的控制字符或损坏的字符。", "{field} holds control characters or broken characters."),
    Text(
        "请删除该单元格内容后重新录入，不要直接粘贴。",
        "Delete the cell's content and type it again instead of pasting.",
    ),
)
NESTED = _reject(
    "E114",
    Text(
        "“{title}”应当是单个值，实际是列表、对象或无效数字。",
        "{field} must be one plain value and is a list, an object or no number.",
    ),
    Text("请把该字段改为单个文本或数字。", "Make the field one text or number."),
)

USCC = _reject(
    "E121",
    Text(
        "“{title}”不是有效的统一社会信用代码{shown}。",
        "{field} is not a valid unified social credit code{value}.",
    ),
    Text(
        "请核对营业执照上的 18 位代码：不含字母 I、O、S、V、Z，最后一位是校验码。",
        "Check the 18 places on the business licence: no I, O, S, V or Z, and the last place is a check character.",
    ),
)
CITIZEN_ID = _reject(
    "E122",
    Text("“{title}”不是有效的公民身份号码。", "{field} is not a valid citizen identity number."),
    Text(
        "请核对身份证：应为 18 位，出生日期真实，最后一位校验码正确。",
        "Check the identity card: 18 places, a real birth date, and the right last place.",
    ),
)
ORG_CODE = _reject(
    "E123",
    Text("“{title}”不是有效的组织机构代码{shown}。", "{field} is not a valid organisation code{value}."),
    Text("应为 8 位代码加 1 位校验码，例如 70404786-X。", "It has 8 places and a check digit, as in 70404786-X."),
)
REGISTRATION_NO = _reject(
    "E124",
    Text("“{title}”不是有效的 15 位工商注册号{shown}。", "{field} is not a valid 15-digit registration number{value}."),
    Text("请核对营业执照上的注册号。", "Check the number on the business licence."),
)
LICENCE_ID = _reject(
    "E125",
    Text(
        "“{title}”不是有效的电子证照标识{shown}。",
        "{field} is not a valid licence identifier{value}.",
    ),
    Text(
        "应为 1.2.156.3005.2. 开头，依次为证照类型、颁发机构（18 位）、流水号、版本和校验位（GB/T 36904）。",
        "1.2.156.3005.2. and then type, issuer (18 places), serial, version and check character (GB/T 36904).",
    ),
)
DIVISION_CODE = _reject(
    "E126",
    Text("“{title}”不是 12 位行政区划代码{shown}。", "{field} is not a 12-digit division code{value}."),
    Text("请填写 12 位数字，例如 320500000000。", "Write 12 digits, as in 320500000000."),
)
TASK_CODE = _reject(
    "E127",
    Text("“{title}”不是有效的实施编码{shown}。", "{field} is not a valid task code{value}."),
    Text(
        "国家编码为 31 位：实施主体统一社会信用代码（18）、行使层级（1）、基本编码（12）。",
        "The national code has 31 places: the body's credit code (18), level (1), catalogue code (12).",
    ),
)
DATE = _reject(
    "E128",
    Text("“{title}”不是有效的日期{shown}。", "{field} is not a valid date{value}."),
    Text("请填写真实存在的日期，例如 2019-05-01。", "Write a date that exists, as in 2019-05-01."),
)
DATE_TIME = _reject(
    "E129",
    Text("“{title}”不是有效的日期时间{shown}。", "{field} is not a valid date and time{value}."),
    Text("请按 2019-05-01 10:00:00 的形式填写。", "Write it as in 2019-05-01 10:00:00."),
)
REGISTRATION_NO_AS_USCC = _reject(
    "E130",
    Text(
        "“{title}”填的是 15 位旧工商注册号，不是统一社会信用代码{shown}。",
        "{field} holds an old 15-digit registration number, not a unified social credit code{value}.",
    ),
    Text(
        "请换填该单位营业执照上的 18 位统一社会信用代码。", "Write the 18-place code of the present business licence."
    ),
)

REQUIRED_WHEN = _reject(
    "E201",
    Text("{when_zh}，“{title}”必须填写。", "{field} is required when {when_en}."),
    Text("请补填“{title}”，或核对作为条件的字段。", "Fill in {field}, or check the fields that the condition names."),
)
FORBIDDEN_WHEN = _reject(
    "E202",
    Text("{when_zh}，“{title}”应当为空。", "{field} must be empty when {when_en}."),
    Text("请清空“{title}”，或核对作为条件的字段。", "Clear {field}, or check the fields that the condition names."),
)
RECORD_RULE = _reject(
    "E203",
    Text("该行不符合数据规范的整行规则（{rule}）。", "The record breaks a rule on whole records ({rule})."),
    Text("请对照数据规范核对相互关联的字段。", "Check the fields that depend on each other by the data specification."),
)

CODE_UNKNOWN = Kind(
    "W101",
    Severity.WARN,
    Text("“{title}”的取值不在代码表 {table} 中{shown}。", "{field} is not in the code table {table}{value}."),
    Text(
        "该行已接收；请确认取值，或请数据管理员补充代码表。",
        "The row was accepted; check the value, or have the table extended.",
    ),
)
