/// The wording of every error: what is wrong; what is allowed.
enum TOMLProblem: Error {
    // The file.
    case notUTF8, utf16, tooDeep, bareCarriageReturn
    case controlCharacter(UInt8)
    // Keys and headers.
    case keyMissing, keyMultiline, equalsMissing, headerUnclosed, arrayHeaderUnclosed, textAfterHeader
    case characterInKey(Unicode.Scalar?)
    // What a key already stands for.
    case keyTwice(String, firstLine: Int)
    case tableTwice(String, firstLine: Int)
    case tableByDottedKeys(String, firstLine: Int)
    case tableByHeader(String, firstLine: Int)
    case inlineTableClosed(String, firstLine: Int)
    case notATable(String, typeName: String, firstLine: Int)
    case arrayOfTables(String, firstLine: Int)
    case notAnArrayOfTables(String, typeName: String, firstLine: Int)
    // Values.
    case valueMissing, word, typographicQuotes, textAfterValue
    case stringUnclosed, multilineUnclosed, escape, escapeNotScalar
    case number, numberTooLarge, leadingZero, underscore, signBeforePrefix, floatTooLarge
    case dateTime, noSuchDate, noSuchTime, noSuchOffset, secondsMissing
    case arrayUnclosed, arraySeparator, arrayElementMissing
    case inlineTableUnclosed, inlineTableSeparator, inlineTableTrailingComma

    var text: String {
        switch self {
        case .notUTF8, .utf16, .tooDeep, .bareCarriageReturn, .controlCharacter: fileText
        case .keyMissing, .keyMultiline, .equalsMissing, .headerUnclosed, .arrayHeaderUnclosed,
            .textAfterHeader, .characterInKey:
            keyText
        case .keyTwice, .tableTwice, .tableByDottedKeys, .tableByHeader, .inlineTableClosed, .notATable,
            .arrayOfTables, .notAnArrayOfTables:
            conflictText
        case .number, .numberTooLarge, .leadingZero, .underscore, .signBeforePrefix, .floatTooLarge,
            .dateTime, .noSuchDate, .noSuchTime, .noSuchOffset, .secondsMissing:
            numberText
        default: valueText
        }
    }

    private var fileText: String {
        switch self {
        case .notUTF8: "the file is not UTF-8 here; save it as UTF-8"
        case .utf16: "the file is UTF-16; save it as UTF-8"
        case .tooDeep:
            "tables and arrays are nested too deep; at most \(TOMLParser.maximumDepth) levels are allowed"
        case .bareCarriageReturn:
            "a carriage return stands alone; "
                + #"lines end with LF or CRLF, and in double quotes it is written \r"#
        case .controlCharacter(let byte):
            "the control character \(TOMLKeyName.codePoint(UInt32(byte))) is not allowed; "
                + #"only tab is, and in double quotes the others are written \uXXXX"#
        default: ""
        }
    }

    private var keyText: String {
        switch self {
        case .keyMissing: "a key is missing; a line is key = value, [table] or a # comment"
        case .keyMultiline: "a key is in triple quotes; a quoted key has one quote on each side"
        case .equalsMissing: "'=' is missing after the key; a line is key = value, [table] or a # comment"
        case .headerUnclosed: "']' is missing after the name of the table; a header is [name] on one line"
        case .arrayHeaderUnclosed:
            "']]' is missing after the name of the array of tables; a header is [[name]] on one line"
        case .textAfterHeader: "text follows the header; only a # comment may follow on the same line"
        case .characterInKey(let scalar):
            "\(Self.shown(scalar)) is not allowed in a key without quotes; "
                + "allowed are A-Z, a-z, 0-9, '_' and '-', and anything in quotes"
        default: ""
        }
    }

    private var conflictText: String {
        switch self {
        case .keyTwice(let key, let line):
            "the key '\(key)' is set twice, first on line \(line); a key may be set once"
        case .tableTwice(let key, let line):
            "the table '\(key)' is defined twice, first on line \(line); put its keys under one header"
        case .tableByDottedKeys(let key, let line):
            "the table '\(key)' is already defined by dotted keys on line \(line); put its keys there"
        case .tableByHeader(let key, let line):
            "the table '\(key)' is already defined by its header on line \(line); put its keys there"
        case .inlineTableClosed(let key, let line):
            "the table '\(key)' is complete within its braces on line \(line); put its keys there"
        case .notATable(let key, let type, let line):
            "'\(key)' is already \(type), set on line \(line); keys can be added to tables only"
        case .arrayOfTables(let key, let line):
            "'\(key)' is already an array of tables, begun on line \(line); its next table is [[\(key)]]"
        case .notAnArrayOfTables(let key, let type, let line):
            "'\(key)' is already \(type), set on line \(line); [[...]] can only extend what [[...]] began"
        default: ""
        }
    }

    private var numberText: String {
        switch self {
        case .number:
            "this is not a number; allowed are forms like 42, -1_000, 0.5, 6e23, 0xff, 0o755 and 0b01, "
                + "and text needs quotes"
        case .numberTooLarge: "the integer is too large; it must fit in 64 bits with a sign"
        case .leadingZero: "the number begins with a superfluous zero; leave it out"
        case .underscore:
            "an underscore stands at the edge of the digits; it may only stand between two digits"
        case .signBeforePrefix: "a sign stands before 0x, 0o or 0b; these numbers have no sign"
        case .floatTooLarge: "the float is too large; it must be less than 1.8e308, or inf"
        case .dateTime:
            "this is not a date or a time; allowed are forms like 2025-01-31, 2025-01-31T08:00:00, "
                + "2025-01-31T08:00:00+09:00 and 08:00:00"
        case .noSuchDate: "the day is not in the calendar; a date is year-month-day, like 2025-01-31"
        case .noSuchTime: "the time is out of range; it is 00:00:00 to 23:59:59"
        case .noSuchOffset: "the offset is out of range; it is Z or -23:59 to +23:59"
        case .secondsMissing: "the seconds are missing; a time is hours:minutes:seconds, like 08:00:00"
        default: ""
        }
    }

    private var valueText: String {
        switch self {
        case .valueMissing:
            "the value is missing; after '=' comes a string in quotes, a number, true, false, a date, "
                + "an array or a table in braces"
        case .word: "this is not a value; text needs quotes, and true, false, inf and nan are in lower case"
        case .typographicQuotes: #"these quotes are typographic; use the straight ones, " or '"#
        case .textAfterValue: "text follows the value; only a # comment may follow on the same line"
        case .stringUnclosed: "the string is not closed on its line; add the quote, or use triple quotes"
        case .multilineUnclosed: "the string is not closed; add the three quotes at its end"
        case .escape:
            #"the escape is unknown; allowed are \b \t \n \f \r \" \\ \uXXXX \UXXXXXXXX, "#
                + "and in single quotes a backslash is itself"
        case .escapeNotScalar:
            "the escape is not a Unicode character; allowed are 0 to D7FF and E000 to 10FFFF"
        case .arrayUnclosed: "the array is not closed; add ']' at its end"
        case .arraySeparator: "',' or ']' is missing after the element; elements are separated by commas"
        case .arrayElementMissing: "an element is missing; there is one comma between two elements"
        case .inlineTableUnclosed:
            "the table in braces is not closed on its line; add '}', or use a [table] header"
        case .inlineTableSeparator: "',' or '}' is missing after the value; pairs are separated by commas"
        case .inlineTableTrailingComma: "a comma stands before '}'; leave it out"
        default: ""
        }
    }

    private static func shown(_ scalar: Unicode.Scalar?) -> String {
        guard let scalar else { return "this byte" }
        return scalar.isASCII && scalar.value > 0x20 && scalar.value != 0x7F
            ? "'\(scalar)'" : TOMLKeyName.codePoint(scalar.value)
    }
}
