"""R1xx: what the hub repaired in a value before it held it against the schema. The row is not rejected for it."""

from __future__ import annotations

from exchange.model.findings.finding import Kind, Severity
from exchange.text import Text

_NOTHING_TO_DO = Text("无需处理；请在业务系统中规范录入。", "Nothing to do; let your system write it the regular way.")


def _repaired(code: str, message: Text) -> Kind:
    return Kind(code, Severity.REPAIRED, message, _NOTHING_TO_DO)


WIDTH = _repaired(
    "R101",
    Text(
        "“{title}”中的全角字符或多余空格已规范。",
        "Full-width characters or surplus spaces in {field} were put right.",
    ),
)
ZERO_WIDTH = _repaired(
    "R102",
    Text("“{title}”中的不可见字符已删除。", "Invisible characters in {field} were removed."),
)
PLACEHOLDER = _repaired(
    "R103",
    Text("“{title}”填的是占位符，已按空值处理。", "{field} held a placeholder and was taken as empty."),
)
DATE_FORM = _repaired(
    "R104",
    Text("“{title}”的日期写法已转换为标准格式。", "The date in {field} was rewritten in the standard form."),
)
LETTER_CASE = _repaired(
    "R105",
    Text("“{title}”中的字母大小写已规范。", "The letter case of {field} was put right."),
)
LINE_BREAK = _repaired(
    "R106",
    Text("“{title}”中的换行或制表符已改为空格。", "Line breaks or tabs in {field} were made spaces."),
)
NUMBER_FORM = _repaired(
    "R107",
    Text("“{title}”的数字写法已转换为标准格式。", "The number in {field} was rewritten in the standard form."),
)
SEVERAL_PHONES = _repaired(
    "R108",
    Text(
        "“{title}”含多个号码，已统一用分号分隔。", "{field} holds several numbers; they are now parted by semicolons."
    ),
)
