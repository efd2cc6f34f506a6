/// Text in terminal columns: East Asian characters take two.
enum TerminalText {
    static func width(_ text: String) -> Int { text.unicodeScalars.reduce(0) { $0 + width($1) } }

    /// Columns of a line that may hold colours.
    static func widthOnScreen(_ line: String) -> Int {
        var count = 0
        var isInColor = false
        for scalar in line.unicodeScalars {
            if scalar == "\u{1B}" {
                isInColor = true
            } else if isInColor {
                isInColor = scalar != "m"
            } else {
                count += width(scalar)
            }
        }
        return count
    }

    /// Cut so that it takes at most so many columns.
    static func fitted(_ text: String, columns: Int) -> String {
        guard width(text) > columns else { return text }
        var used = 0
        var result = ""
        for character in text {
            let size = width(String(character))
            guard used + size <= columns - 1 else { break }
            used += size
            result.append(character)
        }
        return result + "…"
    }

    /// Without characters that would move the cursor, change colours or ring the bell.
    static func safe(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { result.append(isControl(scalar) ? "\u{FFFD}" : scalar) }
        return String(result)
    }

    /// JSON text with such characters escaped, so that nothing is lost.
    ///
    /// They can only stand inside of its strings; all of them are in the first plane.
    static func escaped(_ json: String) -> String {
        guard json.unicodeScalars.contains(where: isControl) else { return json }
        var result = String.UnicodeScalarView()
        for scalar in json.unicodeScalars {
            guard isControl(scalar) else {
                result.append(scalar)
                continue
            }
            let hex = String(scalar.value, radix: 16)
            result += "\\u\(String(repeating: "0", count: 4 - hex.utf8.count))\(hex)".unicodeScalars
        }
        return String(result)
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// Broken at blanks so that no line is longer; a word that is longer itself stays whole, so that addresses and
    /// commands can be copied.
    ///
    /// - Parameters:
    ///   - text: One paragraph; its leading blanks stay.
    ///   - columns: nil for no limit.
    ///   - indent: Blanks before every line but the first.
    /// - Returns: The lines, joined.
    static func wrapped(_ text: String, columns: Int?, indent: Int = 2) -> String {
        guard let columns, columns > 20, width(text) > columns else { return text }
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = []
        var line = String(text.prefix { $0 == " " })
        var isFirst = true
        for word in text.split(separator: " ") {
            let gap = isFirst ? "" : " "
            if !isFirst, width(line) + 1 + width(String(word)) > columns {
                lines.append(line)
                line = margin + word
            } else {
                line += gap + word
            }
            isFirst = false
        }
        return (lines + [line]).joined(separator: "\n")
    }

    static func padded(_ text: String, columns: Int) -> String {
        text + String(repeating: " ", count: max(0, columns - width(text)))
    }

    static func leftPadded(_ text: String, columns: Int) -> String {
        String(repeating: " ", count: max(0, columns - width(text))) + text
    }

    private static func width(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .control, .format: return 0
        default: break
        }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
