/// Reads TOML 1.0.
///
/// Source: <https://toml.io/en/v1.0.0>.
package enum TOMLParser {
    /// How deep tables and arrays may be nested, counted from the root.
    package static let maximumDepth = 128

    /// Reads a whole file.
    ///
    /// Never fails: what is wrong is listed in the document, and reading goes on at the next statement. Time
    /// and memory are in proportion to the number of bytes. Line ends in multi-line strings become single
    /// line feeds.
    package static func parse(_ bytes: [UInt8]) -> TOMLDocument {
        let start = bytes.starts(with: TOMLEncoding.mark) ? TOMLEncoding.mark.count : 0
        guard !TOMLEncoding.isUTF16(bytes) else {
            let error = TOMLError(.utf16, at: TOMLPosition(line: 1, column: 1))
            return TOMLDocument(root: TOMLTable(), errors: [error])
        }
        let encoding = TOMLEncoding(of: bytes, from: start)
        var reader = TOMLReader(cursor: TOMLCursor(bytes, from: start), log: TOMLErrorLog(encoding))
        return reader.document()
    }
}
