/// The `Link` header (RFC 8288), as far as paging needs it.
package enum LinkHeader {
    /// The target of the first link whose relation is `next`, as it stands in the header; total on any text.
    ///
    /// Several fields may be given joined with commas. What is no link is skipped up to the next comma.
    package static func next(in text: String) -> String? {
        var scanner = LinkScanner(rest: Array(text.utf8)[...])
        while let link = scanner.link() {
            let relations = link.relation.split { ASCII.isBlank($0) }
            if relations.contains(where: { ASCII.isSame($0, "next".utf8) }) {
                return String(decoding: link.target, as: UTF8.self)
            }
        }
        return nil
    }
}

/// Walks over the bytes of a `Link` header, always forwards.
private struct LinkScanner {
    var rest: ArraySlice<UInt8>

    mutating func link() -> (target: ArraySlice<UInt8>, relation: [UInt8])? {
        while true {
            skip { ASCII.isBlank($0) || $0 == UInt8(ascii: ",") }
            guard let first = rest.first else { return nil }
            guard first == UInt8(ascii: "<") else {
                skipLink()
                continue
            }
            guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return nil }
            let target = rest[..<end].dropFirst()
            rest = rest[end...].dropFirst()
            return (target, relation())
        }
    }

    /// Reads the parameters up to the comma that ends the link; of several `rel` the first one counts.
    private mutating func relation() -> [UInt8] {
        var relation: [UInt8]?
        while true {
            skip(ASCII.isBlank)
            guard take(";") else { break }
            skip(ASCII.isBlank)
            let name = token()
            skip(ASCII.isBlank)
            guard take("=") else { continue }
            skip(ASCII.isBlank)
            let value = take("\"") ? quoted() : Array(unquoted())
            if relation == nil, ASCII.isSame(name, "rel".utf8) { relation = value }
        }
        skipLink()
        return relation ?? []
    }

    /// Goes to the next comma that is neither between angle brackets nor quoted.
    private mutating func skipLink() {
        while let byte = rest.first, byte != UInt8(ascii: ",") {
            rest = rest.dropFirst()
            if byte == UInt8(ascii: "\"") { _ = quoted() }
            if byte == UInt8(ascii: "<") { skip { $0 != UInt8(ascii: ">") } }
        }
    }

    private mutating func token() -> ArraySlice<UInt8> {
        let token = rest.prefix(while: ASCII.isToken)
        rest = rest[token.endIndex...]
        return token
    }

    private mutating func unquoted() -> ArraySlice<UInt8> {
        let value = rest.prefix { !ASCII.isBlank($0) && !";,".utf8.contains($0) }
        rest = rest[value.endIndex...]
        return value
    }

    /// Reads what follows an opening quote; a missing end is the end of the text.
    private mutating func quoted() -> [UInt8] {
        var value: [UInt8] = []
        while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
            if byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() {
                value.append(escaped)
            } else {
                value.append(byte)
            }
        }
        return value
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }

    private mutating func skip(_ isSkipped: (UInt8) -> Bool) {
        rest = rest.drop(while: isSkipped)
    }
}
