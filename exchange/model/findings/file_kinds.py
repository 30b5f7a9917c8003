"""E0xx: the file cannot be read as its contract says.

Below E050 the batch is refused (the file is kept); from E050 on it is one record that cannot be read, and the others
go on.
"""

from __future__ import annotations

from exchange.model.findings.finding import Kind, Severity
from exchange.text import Text

EMPTY_FILE = Kind(
    "E001",
    Severity.REJECT,
    Text("文件是空的，没有任何内容。", "The file is empty."),
    Text("请重新导出后再次报送。", "Export it again and send it again."),
)

BAD_ENCODING = Kind(
    "E002",
    Severity.REJECT,
    Text(
        "文件编码有误：按 {encoding} 读到第 {at_line} 行、偏移 {offset} 字节处时遇到无法识别的内容。",
        "The encoding is broken: read as {encoding}, the bytes at offset {offset} (line {at_line}) mean nothing.",
    ),
    Text(
        "请用“CSV UTF-8”或 GB18030（GBK）编码重新导出，不要在同一文件里混用两种编码，然后再次报送。",
        "Export it again in one encoding, UTF-8 or GB18030 (GBK), and send it again.",
    ),
)

NO_HEADER = Kind(
    "E003",
    Severity.REJECT,
    Text("从第 {at_line} 行起没有找到可用的表头。", "There is no usable header row from line {at_line} on."),
    Text(
        "请确认文件里有一行列名，并且标题行数与来源约定一致，然后再次报送。",
        "See that the file has a row of column names after as many title rows as the contract says; send it again.",
    ),
)

REPEATED_COLUMNS = Kind(
    "E004",
    Severity.REJECT,
    Text("表头中有重复的列名：{columns}。", "The header names these columns more than once: {columns}."),
    Text("请让每个列名只出现一次，然后再次报送。", "Give every column a name of its own and send it again."),
)

MISSING_COLUMNS = Kind(
    "E005",
    Severity.REJECT,
    Text(
        "缺少约定的列：{columns}。文件里现有的列：{present}。",
        "Columns of the contract are missing: {columns}. The file has: {present}.",
    ),
    Text(
        "请补上缺少的列，或请数据管理员修改来源约定中的列名，然后再次报送。",
        "Add the missing columns, or have the administrator mend the column names in the contract; send it again.",
    ),
)

NUL_BYTES = Kind(
    "E006",
    Severity.REJECT,
    Text(
        "文件第 {at_line} 行、偏移 {offset} 字节处是空字符（NUL），文件已损坏或不是文本文件。",
        "There is a NUL at byte offset {offset} (line {at_line}): the file is damaged or not a text file.",
    ),
    Text(
        "请重新导出，确认能用记事本正常打开后再次报送。", "Export it again, see that an editor opens it, send it again."
    ),
)

RECORD_TOO_LONG = Kind(
    "E007",
    Severity.REJECT,
    Text(
        "从第 {at_line} 行开始的一条记录超过 {limit} MiB，不可能是一条正常的记录。",
        "The record that starts on line {at_line} is longer than {limit} MiB; no sound record is.",
    ),
    Text(
        "请检查导出程序的换行和引号，重新导出后再次报送。",
        "Check the line ends and quotes of the export; send it again.",
    ),
)

UNTERMINATED_QUOTE = Kind(
    "E008",
    Severity.REJECT,
    Text(
        "第 {at_line} 行的双引号没有正确结束，其后的内容无法分清属于哪一行。",
        "A quote that opens on line {at_line} is not closed properly; what follows cannot be told apart into rows.",
    ),
    Text(
        "请改正这一行的双引号（内容里的双引号要写成两个），然后再次报送整个文件。",
        'Mend the quotes of that line (a quote inside a value is written "") and send the whole file again.',
    ),
)

NOT_EXCEL = Kind(
    "E009",
    Severity.REJECT,
    Text(
        "文件不是 Excel 工作簿，它的实际内容是{found_zh}。",
        "The file is no Excel workbook; it really holds {found_en}.",
    ),
    Text(
        "请在 Excel 中打开它，另存为 .xlsx 后再次报送，不要只改文件的扩展名。",
        "Open it in Excel, save it as .xlsx and send that; changing the file's extension is not enough.",
    ),
)

DAMAGED_EXCEL = Kind(
    "E010",
    Severity.REJECT,
    Text("Excel 文件已损坏或不完整，无法打开。", "The Excel file is damaged or incomplete and cannot be opened."),
    Text("请确认 Excel 能打开它，重新保存后再次报送。", "See that Excel opens it, save it again and send it again."),
)

ENCRYPTED_EXCEL = Kind(
    "E011",
    Severity.REJECT,
    Text("Excel 文件设置了打开密码，无法读取。", "The Excel file is protected by a password and cannot be read."),
    Text("请取消打开密码后再次报送。", "Remove the password and send it again."),
)

OVERSIZED_EXCEL = Kind(
    "E012",
    Severity.REJECT,
    Text(
        "Excel 文件展开后过大（{measured}，上限 {limit}），为保护系统没有打开。",
        "The Excel file would unfold to too much ({measured}, the limit is {limit}) and was not opened.",
    ),
    Text(
        "请删除表格范围以外的空白格式，或分成几个文件，或改用 CSV 再次报送。",
        "Clear formats outside the table, or split it into several files, or send it as CSV.",
    ),
)

NO_SHEET = Kind(
    "E013",
    Severity.REJECT,
    Text(
        "没有找到约定的工作表“{sheet}”。文件里现有的工作表：{present}。",
        "There is no sheet {sheet}. The file has: {present}.",
    ),
    Text(
        "请把数据放在约定的工作表里，然后再次报送。", "Put the data into the sheet of the contract and send it again."
    ),
)

NOT_JSON = Kind(
    "E014",
    Severity.REJECT,
    Text(
        "文件既不是“每行一个对象”的 JSON，也不是 JSON 数组。",
        "The file is neither JSON lines (one object a line) nor a JSON array.",
    ),
    Text(
        "请导出为每行一个 JSON 对象，或一个由对象组成的数组，然后再次报送。",
        "Export one JSON object a line, or one array of objects, and send it again.",
    ),
)

BROKEN_JSON = Kind(
    "E015",
    Severity.REJECT,
    Text(
        "JSON 数组在第 {at_line} 行开始的内容有语法错误或不完整，其后的内容无法读取。",
        "The JSON array is broken or incomplete from line {at_line} on; nothing after it can be read.",
    ),
    Text("请重新导出完整的 JSON 后再次报送。", "Export the whole JSON again and send it again."),
)

NOT_TEXT = Kind(
    "E016",
    Severity.REJECT,
    Text(
        "来源约定这里是文本文件，收到的却是 Excel 工作簿或压缩包。",
        "The contract says text, but this is an Excel workbook or a compressed file.",
    ),
    Text("请按约定的格式导出后再次报送。", "Export it in the format of the contract and send it again."),
)

UTF16 = Kind(
    "E017",
    Severity.REJECT,
    Text("文件是 UTF-16 编码（Excel 的“Unicode 文本”）。", 'The file is UTF-16 (Excel\'s "Unicode text").'),
    Text("请另存为“CSV UTF-8（逗号分隔）”后再次报送。", 'Save it as "CSV UTF-8 (comma delimited)" and send it again.'),
)

NOT_A_HEADER = Kind(
    "E018",
    Severity.REJECT,
    Text(
        "第 {at_line} 行应当是表头，但约定的列一个也没有出现。应有的列：{columns}。",
        "Line {at_line} should be the header, but no column of the contract is in it: {columns}.",
    ),
    Text(
        "请在数据上方加上一行列名，并核对标题行数和分隔符，然后再次报送。",
        "Put a row of column names above the data, check the title rows and the delimiter, and send it again.",
    ),
)

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
