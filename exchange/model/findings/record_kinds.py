"""E050 to E099: one record of a file cannot be read as a row. It is rejected, the others go on."""

from __future__ import annotations

from exchange.model.findings.finding import Kind, Severity
from exchange.text import Text

TOO_FEW_CELLS = Kind(
    "E051",
    Severity.REJECT,
    Text(
        "这一行只有 {count} 个单元格，表头有 {width} 列。",
        "This row has {count} cells, the header has {width} columns.",
    ),
    Text(
        "请补齐缺少的单元格；内容里有换行时要用双引号括起来。",
        "Fill in the missing cells; a value that holds a line break must stand in quotes.",
    ),
)

TOO_MANY_CELLS = Kind(
    "E052",
    Severity.REJECT,
    Text(
        "这一行有 {count} 个单元格，表头只有 {width} 列。",
        "This row has {count} cells, the header has {width} columns.",
    ),
    Text(
        "请删除多出的单元格；内容里有分隔符时要用双引号括起来。",
        "Remove the extra cells; a value that holds the delimiter must stand in quotes.",
    ),
)

BAD_QUOTES = Kind(
    "E053",
    Severity.REJECT,
    Text("这一行的双引号使用有误，无法分清各个单元格。", "The quotes of this row are wrong; its cells cannot be told."),
    Text(
        "内容里的双引号要写成两个双引号，请改正后再报。", 'Write a quote inside a value as "" and send the row again.'
    ),
)

CELL_TOO_LONG = Kind(
    "E054",
    Severity.REJECT,
    Text("这一行有一个单元格超过 {limit} MiB。", "A cell of this row is longer than {limit} MiB."),
    Text("请检查这一行的内容后再报。", "Check what the row holds and send it again."),
)

BROKEN_RECORD = Kind(
    "E055",
    Severity.REJECT,
    Text("这条记录不是正确的 JSON，或不完整。", "This record is not sound JSON, or it is incomplete."),
    Text("请改正这条记录的 JSON 语法后再报。", "Mend the JSON of this record and send it again."),
)

REPEATED_KEYS = Kind(
    "E056",
    Severity.REJECT,
    Text(
        "这条记录里同一个字段出现了多次：{columns}，无法确定以哪一个为准。",
        "This record holds a field more than once: {columns}; it cannot be known which one counts.",
    ),
    Text("请让每个字段只出现一次后再报。", "Give every field once and send the record again."),
)

NOT_A_NUMBER = Kind(
    "E057",
    Severity.REJECT,
    Text(
        "这条记录里有无法保存的数值（NaN、Infinity、过大或位数过多）。",
        "This record holds a number that cannot be kept (NaN, Infinity, too great or with too many digits).",
    ),
    Text(
        "没有值时请写 null，位数很多的编号请写成带双引号的文本，然后再报。",
        "Write null where there is no value, and long numbers as text in quotes; send the record again.",
    ),
)

NOT_AN_OBJECT = Kind(
    "E058",
    Severity.REJECT,
    Text("这一项不是 JSON 对象（{{…}}），不能作为一条记录。", "This element is no JSON object ({{…}}), so no record."),
    Text("请把每条记录写成一个 JSON 对象后再报。", "Write every record as one JSON object and send it again."),
)

BAD_CHARACTER = Kind(
    "E059",
    Severity.REJECT,
    Text(
        "这条记录里有不成对的代理字符（\\ud800–\\udfff）或空字符（\\u0000）。",
        "This record holds half a surrogate pair (\\ud800–\\udfff) or a NUL (\\u0000).",
    ),
    Text("请检查导出程序对生僻字的处理后再报。", "Check how the export writes rare characters; send the record again."),
)

NESTED_TOO_DEEP = Kind(
    "E060",
    Severity.REJECT,
    Text("这条记录的嵌套超过 {limit} 层。", "This record is nested deeper than {limit} levels."),
    Text("请把记录写成一层的 JSON 对象后再报。", "Write the record as a flat JSON object and send it again."),
)

UNNAMED_COLUMN = Kind(
    "E061",
    Severity.REJECT,
    Text(
        "这一行的第 {position} 列有内容，但表头的这一列没有列名。",
        "Column {position} of this row holds a value, but the header gives that column no name.",
    ),
    Text("请给这一列加上列名，或删除其内容后再报。", "Name the column, or clear its value, and send the row again."),
)

REPEATED_HEADER = Kind(
    "E063",
    Severity.REJECT,
    Text("这一行重复了表头，不是一条记录。", "This row repeats the header; it is no record."),
    Text("请删除数据中间的表头行后再报。", "Remove header rows from among the data and send it again."),
)

EXCEL_ERROR = Kind(
    "E062",
    Severity.REJECT,
    Text(
        "单元格 {cells} 是 Excel 公式错误（如 #N/A、#REF!）。", "The cells {cells} hold an Excel error (#N/A, #REF! …)."
    ),
    Text("请改正公式，或粘贴为数值后再报。", "Mend the formula, or paste it as a value, and send the row again."),
)

BAD_BYTES = Kind(
    "E064",
    Severity.REJECT,
    Text(
        "这条记录在第 {at_line} 行、偏移 {offset} 字节处有按 {encoding} 无法识别的内容，原文件已保留。",
        "This record holds bytes that mean nothing in {encoding}, the first at byte offset {offset} (line {at_line}); "
        "the file is kept as it came.",
    ),
    Text(
        "请检查这一行是否混用了其他编码，或有汉字被截断，改正后再报。",
        "See whether the line is partly in another encoding or a character was cut in two, and send the row again.",
    ),
)
