/// A table for a terminal that stays within its columns: what matters least goes first.
struct TextTable {
    struct Column {
        var title: String
        var isNumber = false
        /// Columns with a number are left out when space is short, the highest first.
        var dispensable: Int?
        /// Text may be cut to so many columns.
        var least: Int?
    }

    var columns: [Column]
    var rows: [[String]] = []
    var indent = 0

    /// A table of plain columns, as wide as they have to be; the first row holds the heads.
    static func text(_ rows: [[String]]) -> String {
        guard let heads = rows.first else { return "" }
        let table = TextTable(columns: heads.map { Column(title: $0) }, rows: Array(rows.dropFirst()))
        return table.text(columns: nil)
    }

    /// The whole table, heads first.
    ///
    /// - Parameters:
    ///   - limit: Columns of the terminal; nil for no limit.
    ///   - style: Colours.
    /// - Returns: Lines, each with its line feed.
    func text(columns limit: Int?, style: TerminalStyle = .plain) -> String {
        var shown = Array(columns.indices)
        var widths = columns.indices.map { column in
            max(
                TerminalText.width(columns[column].title),
                rows.map { TerminalText.width($0[column]) }.max() ?? 0)
        }
        if let limit { fit(&shown, &widths, to: limit - indent) }
        let margin = String(repeating: " ", count: indent)
        func line(_ cells: [String]) -> String {
            let padded = shown.map { column -> String in
                let cell = TerminalText.fitted(cells[column], columns: widths[column])
                return columns[column].isNumber
                    ? TerminalText.leftPadded(cell, columns: widths[column])
                    : TerminalText.padded(cell, columns: widths[column])
            }.joined(separator: "  ")
            var end = padded[...]
            while end.last == " " { end = end.dropLast() }
            return margin + end
        }
        let head = style.dim(line(columns.map(\.title)))
        return ([head] + rows.map(line)).joined(separator: "\n") + "\n"
    }

    /// Leaves columns out, then cuts the longest texts.
    private func fit(_ shown: inout [Int], _ widths: inout [Int], to limit: Int) {
        func total() -> Int { shown.reduce(0) { $0 + widths[$1] } + 2 * max(0, shown.count - 1) }
        while total() > limit {
            let cuttable = shown.filter { widths[$0] > (columns[$0].least ?? widths[$0]) }
            if let widest = cuttable.max(by: { widths[$0] < widths[$1] }),
                widths[widest] > 24 || !canDrop(shown)
            {
                widths[widest] -= 1
            } else if let least = shown.compactMap({ column in
                columns[column].dispensable.map { (column, $0) }
            })
            .max(by: { $0.1 < $1.1 }) {
                shown.removeAll { $0 == least.0 }
            } else if let widest = cuttable.max(by: { widths[$0] < widths[$1] }) {
                widths[widest] -= 1
            } else {
                return
            }
        }
    }

    private func canDrop(_ shown: [Int]) -> Bool { shown.contains { columns[$0].dispensable != nil } }
}
