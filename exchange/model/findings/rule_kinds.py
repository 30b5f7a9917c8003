"""W2xx and W3xx: what the rules beyond one field report. They only warn: the verdict on a row is the schema's alone.

W201 to W219 speak of one record or one batch, W221 to W229 of records of one case, W3xx of an item held against the
catalogue (三级四同). Templates take `title` in Chinese and `field` in English, `other_zh` and `other_en` for a second
field, and what the rule itself gives; none of them ever quotes personal data.
"""

from __future__ import annotations

from exchange.model.findings.finding import Kind, Severity
from exchange.text import Text


def _warn(code: str, message: Text, hint: Text) -> Kind:
    return Kind(code, Severity.WARN, message, hint)


KEY_REPEATED = _warn(
    "W201",
    Text(
        "本批次中业务主键相同的行有 {count} 行，以第 {other_row} 行为准，本行不计入。",
        "{count} rows of this batch have the same business key; row {other_row} counts, this one does not.",
    ),
    Text(
        "请在业务系统中只保留一条，或给每条记录自己的编号。",
        "Keep one of them in your system, or give each record a number of its own.",
    ),
)
DATE_ORDER = _warn(
    "W202",
    Text("“{title}”早于“{other_zh}”。", "{field} is earlier than {other_en}."),
    Text("请核对这两个日期，改正后重新报送该行。", "Check the two dates, correct them and send the row again."),
)
DIVISION_UNKNOWN = _warn(
    "W203",
    Text("“{title}”填写的 {found} 不是目录中的行政区划代码。", "{field}: there is no division with the code {found}."),
    Text(
        "请核对代码；如果是新设的区划，请数据管理员补充行政区划表。",
        "Check the code; if the division is new, have the administrator add it to the table of divisions.",
    ),
)
DIVISION_RETIRED = _warn(
    "W204",
    Text(
        "“{title}”填写的 {found}（{name}）在 {day} 不是有效的行政区划代码。",
        "{field}: the division {found} ({name}) did not exist on {day}.",
    ),
    Text("请改填当日有效的区划代码。", "Write the code of the division as it was on that day."),
)
DIVISION_ALIAS = _warn(
    "W205",
    Text(
        "“{title}”填写的 {found} 是别的名录使用的代码，标准代码是 {wanted}（{name}）。",
        "{field}: {found} is what other lists call {wanted} ({name}).",
    ),
    Text(
        "请改用标准代码，或请数据管理员在来源约定中加代码对照。",
        "Use the standard code, or have the administrator add it to the codes of the contract.",
    ),
)
DIVISION_FOREIGN = _warn(
    "W206",
    Text("“{title}”填写的 {found} 不属于江苏省。", "{field}: the division {found} is not in Jiangsu."),
    Text("请确认区划代码是否填错。", "Check whether the code is right."),
)
BIRTH_DATE = _warn(
    "W207",
    Text(
        "“{title}”中的出生日期早于 1900 年，或晚于该记录的日期。",
        "The birth date in {field} is before 1900 or after the date of the record.",
    ),
    Text("请对照身份证核对号码。", "Compare the number with the identity card."),
)
ID_DIVISION = _warn(
    "W208",
    Text(
        "“{title}”的前六位不是（也不曾是）行政区划代码。",
        "The first six places of {field} are and were no division code.",
    ),
    Text("请对照身份证核对前六位。", "Compare the first six places with the identity card."),
)
ROUNDED_NUMBERS = _warn(
    "W209",
    Text(
        "“{title}”从第 16 位起全是 0（本批次最先的 {count} 个长号码中有 {spoiled} 个如此），"
        "很可能被 Excel 当作数字而丢失了末尾的数位。",
        "{field} has nothing but zeros from the 16th digit on, as have {spoiled} of the first {count} long numbers of "
        "this batch: Excel has most likely taken them as numbers and lost their last digits.",
    ),
    Text(
        "请从业务系统重新导出，先把该列设为“文本”格式再在 Excel 中打开。",
        "Export them again, and format the column as text before opening it in Excel.",
    ),
)
FLOATING_TAIL = _warn(
    "W210",
    Text(
        "“{title}”以“.0”结尾，号码很可能被导出程序当成了小数。",
        '{field} ends in ".0": the export has most likely taken the number as a decimal.',
    ),
    Text("请让导出程序把该列作为文本输出。", "Have the export write the column as text."),
)

BEFORE_ACCEPTANCE = _warn(
    "W221",
    Text(
        "“{title}”早于该办件的受理时间（{accepted}）。",
        "{field} is earlier than the acceptance of its case ({accepted}).",
    ),
    Text("请核对本行和办件基本信息中的时间。", "Check the time in this row and in the basics of the case."),
)
STEP_ORDER = _warn(
    "W222",
    Text(
        "第 {step} 环节的开始时间早于前面第 {earlier_step} 环节的开始时间。",
        "Step {step} begins before step {earlier_step}, which precedes it.",
    ),
    Text("请核对各环节的序号和时间。", "Check the numbers and times of the steps."),
)
RESULT_BEFORE_STEP = _warn(
    "W223",
    Text(
        "“{title}”早于最后一个环节的结束时间（{ended}）。",
        "{field} is earlier than the end of the last step ({ended}).",
    ),
    Text("请核对办结时间和各环节的时间。", "Check the time of the result and of the steps."),
)
OVERDUE = _warn(
    "W224",
    Text(
        "办件超期：从受理到办结用了 {used} 个工作日（已扣除特别程序），承诺 {promised} 个工作日。",
        "The case took {used} working days, special procedures not counted; {promised} were promised.",
    ),
    Text(
        "请核对办结时间和承诺时限；如有未报送的特别程序，请补报。",
        "Check the result's time and the promise; if a special procedure was not reported, report it.",
    ),
)

ITEM_UNKNOWN = _warn(
    "W301",
    Text("事项目录中没有基本编码 {found}。", "The item catalogue has no code {found}."),
    Text("请核对基本编码，或请目录管理单位补充。", "Check the code, or have the catalogue extended."),
)
ITEM_NOT_IN_FORCE = _warn(
    "W302",
    Text("事项 {item} 在 {day} 没有生效的目录版本。", "No version of the item {item} was in force on {day}."),
    Text("请核对日期，或改用当日生效的事项。", "Check the date, or use the item that was in force on that day."),
)
ITEM_CODE = _warn(
    "W303",
    Text(
        "“{title}”中的基本编码 {found} 与该行的基本编码 {wanted} 不一致。",
        "The catalogue code within {field} is {found}, that of the record {wanted}.",
    ),
    Text("请核对实施编码和基本编码。", "Check the task code and the catalogue code."),
)
_AS_CATALOGUED = Text(
    "请按省级事项目录（三级四同）改为一致；确有依据的，请向目录管理单位申请修订。",
    "Write it as the provincial catalogue does; if the catalogue is wrong, apply to have it amended.",
)
ITEM_NAME = _warn(
    "W304",
    Text(
        "事项 {item} 的名称“{found}”与当日生效的目录“{wanted}”不一致。",
        'The name of item {item} is "{found}"; the catalogue in force says "{wanted}".',
    ),
    _AS_CATALOGUED,
)
ITEM_TYPE = _warn(
    "W305",
    Text(
        "事项 {item} 的类型“{found}”与当日生效的目录“{wanted}”不一致。",
        'The type of item {item} is "{found}"; the catalogue in force says "{wanted}".',
    ),
    _AS_CATALOGUED,
)
ITEM_BASIS = _warn(
    "W306",
    Text(
        "事项 {item} 的设定依据“{found}”与当日生效的目录“{wanted}”不一致。",
        'The legal basis of item {item} is "{found}"; the catalogue in force says "{wanted}".',
    ),
    _AS_CATALOGUED,
)
CERTIFICATE_UNKNOWN = _warn(
    "W307",
    Text(
        "事项目录中没有任何事项颁发“{found}”这种证照。",
        'No item of the catalogue leads to a certificate called "{found}".',
    ),
    Text(
        "请按目录中的证照类型名称填写，或请目录管理单位补充。",
        "Write the name of the certificate as in the catalogue, or have the catalogue extended.",
    ),
)
CERTIFICATE_NOT_IN_FORCE = _warn(
    "W308",
    Text(
        "在 {day} 没有生效的事项颁发“{found}”这种证照。",
        'No item in force on {day} led to a certificate called "{found}".',
    ),
    Text("请核对颁发日期和证照类型名称。", "Check the day of issue and the name of the certificate."),
)
