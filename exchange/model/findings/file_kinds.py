"""E001 to E049: the file cannot be read as its contract says. The batch is refused, the file kept."""

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
        "文件编码有误：按 {encoding} 读取时，{extent_zh}，第一处在第 {at_line} 行、偏移 {offset} 字节处。",
        "The encoding is wrong: read as {encoding}, {extent_en}, the first at byte offset {offset} (line {at_line}).",
    ),
    Text(
        "请用 UTF-8 或 GB18030（GBK）编码重新导出，不要在同一文件里混用两种编码，然后再次报送。",
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

BROKEN_XML = Kind(
    "E019",
    Severity.REJECT,
    Text(
        "XML 在第 {at_line} 行有语法错误或不完整，其后的内容无法读取。",
        "The XML is broken or incomplete at line {at_line}; nothing after it can be read.",
    ),
    Text(
        "请重新导出完整的 XML（内容里的 & 和尖括号要按 XML 的规则转义），然后再次报送。",
        "Export the whole XML again (an & or an angle bracket in a value must be escaped) and send it again.",
    ),
)

NO_XML_RECORD = Kind(
    "E020",
    Severity.REJECT,
    Text(
        "XML 里没有约定的记录元素“{record}”。",
        "There is no element {record} in the XML, which the contract says a record is.",
    ),
    Text(
        "请核对记录的元素名；没有数据时，请保留它外层的元素。数据管理员也可修改来源约定中的 record。",
        "Check the element's name; if there are no data, keep the element around them. Or mend the contract's record.",
    ),
)

FORBIDDEN_XML = Kind(
    "E021",
    Severity.REJECT,
    Text(
        "XML 第 {at_line} 行有文档类型声明（DOCTYPE），其中可以定义实体，为保护系统没有读取。",
        "The XML has a DOCTYPE on line {at_line}, which may declare entities; for safety it was not read.",
    ),
    Text(
        "请让导出程序不要写 DOCTYPE，也不要使用自定义实体，然后再次报送。",
        "Have the export write no DOCTYPE and no entities of its own, and send it again.",
    ),
)

XML_TOO_DEEP = Kind(
    "E022",
    Severity.REJECT,
    Text(
        "XML 从第 {at_line} 行起的嵌套超过 {limit} 层，没有读取。",
        "The XML is nested deeper than {limit} levels from line {at_line} on and was not read.",
    ),
    Text(
        "请检查导出程序是否漏写了结束标签，然后再次报送。", "See whether the export leaves out end tags; send it again."
    ),
)

XML_ENCODING = Kind(
    "E023",
    Severity.REJECT,
    Text("不支持 XML 声明的编码 {encoding}。", "The encoding {encoding} of the XML cannot be read."),
    Text(
        "请用 UTF-8 或 GB18030（GBK）编码导出，并在 XML 声明中写明，然后再次报送。",
        "Export it in UTF-8 or GB18030 (GBK), say so in the XML declaration, and send it again.",
    ),
)
