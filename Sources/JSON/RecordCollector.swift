/// What a scan takes along: the records' places, keys and times, the envelope's values, and the first refusal.
struct RecordCollector {
    private enum KeyPart {
        case missing
        case text(Range<Int>)
        /// The end of "the key 'id' of record 3 ...".
        case bad(String)
    }

    private let key: [[String]]
    private let recordsName: String
    private let maximumRecordBytes: Int

    private(set) var records: [ScannedPage.Record] = []
    /// Decoded keys and times, one behind the other.
    private(set) var text: [UInt8] = []
    private(set) var envelope: [JSONScalar?]
    /// The places of the values to be replaced, in bytes from the start of the text.
    private(set) var edits: [Range<Int>] = []
    private(set) var repairedTexts = 0
    /// The first reason not to use the records, though the text is valid.
    private(set) var refusal: (kind: JSONError.Kind, problem: String)?
    private(set) var hasRecords = false

    /// The current record counted from 1, whether it is one or not.
    private var number = 0
    private var keyParts: [KeyPart]
    private var created: Range<Int>?
    private var updated: Range<Int>?

    init(_ layout: PageLayout) {
        key = layout.key
        recordsName = layout.records.map { Self.name($0) } ?? ""
        maximumRecordBytes = layout.maximumRecordBytes
        envelope = Array(repeating: nil, count: layout.envelopeCount)
        keyParts = Array(repeating: .missing, count: key.count)
    }

    private static func name(_ path: [String]) -> String { path.joined(separator: ".") }

    private mutating func refuse(_ kind: JSONError.Kind, _ problem: String) {
        if refusal == nil { refusal = (kind, problem) }
    }

    /// What a value is called by its first byte.
    private static func kind(_ first: UInt8) -> String {
        switch first {
        case Byte.quote: "a string"
        case Byte.openBrace: "an object"
        case Byte.openBracket: "a list"
        case 0x74, 0x66: "a boolean"
        case 0x6E: "null"
        default: "a number"
        }
    }

    private var recordsPlace: String { recordsName.isEmpty ? "the document" : "the member '\(recordsName)'" }

    /// Notes the records' member, whatever it holds.
    mutating func foundRecords(_ first: UInt8, isRight: Bool) {
        if hasRecords { refuse(.recordsNotAList, "\(recordsPlace) stands twice") }
        hasRecords = true
        guard !isRight else { return }
        refuse(.recordsNotAList, "\(recordsPlace) is \(Self.kind(first)), which holds no records")
    }

    mutating func missRecords() { refuse(.recordsMissing, "\(recordsPlace) is missing") }

    /// Notes an element of the records that is no object.
    mutating func refuseRecord(_ first: UInt8) {
        number += 1
        refuse(.recordNotAnObject, "record \(number) is \(Self.kind(first)), not an object")
    }

    mutating func beginRecord() {
        number += 1
        for part in keyParts.indices { keyParts[part] = .missing }
        created = nil
        updated = nil
    }

    mutating func endRecord(_ payload: Range<Int>, isRepaired: Bool) {
        if isRepaired { repairedTexts += 1 }
        if payload.count > maximumRecordBytes {
            refuse(
                .recordTooLarge,
                "record \(number) has \(payload.count) bytes, more than \(maximumRecordBytes)")
        }
        guard let id = id() else { return }
        records.append(ScannedPage.Record(payload: payload, id: id, created: created, updated: updated))
    }

    /// The place of the current record's key, nil when it is refused.
    private mutating func id() -> Range<Int>? {
        if keyParts.count == 1, case .text(let range) = keyParts[0] { return range }
        var parts: [Range<Int>] = []
        for (part, path) in zip(keyParts, key) {
            switch part {
            case .text(let range): parts.append(range)
            case .missing:
                refuse(.badKey, "record \(number) has no key '\(Self.name(path))'")
                return nil
            case .bad(let problem):
                refuse(.badKey, "the key '\(Self.name(path))' of record \(number) \(problem)")
                return nil
            }
        }
        return join(parts)
    }

    /// Joins the parts of a key with "/".
    private mutating func join(_ parts: [Range<Int>]) -> Range<Int> {
        let start = text.count
        for (position, part) in parts.enumerated() {
            if position > 0 { text.append(Byte.slash) }
            for index in part {
                switch text[index] {
                case 0x25: text += [0x25, 0x32, 0x35]  // %25
                case Byte.slash: text += [0x25, 0x32, 0x46]  // %2F
                case let byte: text.append(byte)
                }
            }
        }
        return start..<text.count
    }

    /// Takes a validated value that starts `offset` bytes from the start of the text.
    mutating func take(_ capture: PathTree.Capture, _ value: UnsafeBufferPointer<UInt8>, at offset: Int) {
        switch capture {
        case .key(let part):
            if case .missing = keyParts[part] {
                keyParts[part] = keyPart(value)
            } else {
                keyParts[part] = .bad("stands twice")
            }
        case .created: created = time(value)
        case .updated: updated = time(value)
        case .envelope(let index): envelope[index] = JSONText.scalar(value)
        case .edit:
            // What stands inside this value was found before and goes with it.
            while let last = edits.last, last.lowerBound >= offset { edits.removeLast() }
            edits.append(offset..<offset + value.count)
        }
    }

    private mutating func keyPart(_ value: UnsafeBufferPointer<UInt8>) -> KeyPart {
        switch value.first {
        case Byte.quote:
            let range = decoded(value)
            if range.isEmpty { return .bad("is empty") }
            return text[range].contains(0) ? .bad("has a NUL character") : .text(range)
        case .some(let first) where first == Byte.minus || Byte.isDigit(first):
            guard value.dropFirst().allSatisfy(Byte.isDigit) else { return .bad("is not an integer") }
            return .text(copied(value))
        case .some(let first): return .bad("is \(Self.kind(first))")
        case nil: return .missing
        }
    }

    /// The value of a time, nil for `null`; what can be no time is kept by its first byte, to be told as unreadable.
    private mutating func time(_ value: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
        switch value.first {
        case Byte.quote: decoded(value)
        case .some(let first) where first == Byte.minus || Byte.isDigit(first): copied(value)
        case .some(let first) where first != UInt8(ascii: "n"):
            copied(UnsafeBufferPointer(rebasing: value.prefix(1)))
        default: nil
        }
    }

    private mutating func decoded(_ string: UnsafeBufferPointer<UInt8>) -> Range<Int> {
        let start = text.count
        JSONText.decode(UnsafeBufferPointer(rebasing: string.dropFirst().dropLast()), into: &text)
        return start..<text.count
    }

    private mutating func copied(_ number: UnsafeBufferPointer<UInt8>) -> Range<Int> {
        let start = text.count
        text.append(contentsOf: number)
        return start..<text.count
    }

    /// Fills the places of the envelope that are still empty.
    mutating func salvage(_ found: [String: String], _ names: [(name: String, index: Int)]) {
        for (name, index) in names where envelope[index] == nil {
            envelope[index] = found[name].map { .string($0) }
        }
    }
}
