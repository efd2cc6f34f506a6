/// What broke the grammar and where: small enough to be thrown from the hot loop.
struct Fault: Error {
    enum Reason: Sendable {
        case ended, unexpected, invalidUTF8, controlCharacter, invalidEscape, invalidNumber, tooDeep, trailing
        case byteOrderMark
    }

    let reason: Reason
    /// Bytes from the start of the text.
    let offset: Int
}

extension JSONError {
    init(_ fault: Fault, envelope: [JSONScalar?] = []) {
        let problem =
            switch fault.reason {
            case .ended: "the text ends in the middle"
            case .unexpected: "an unexpected character"
            case .invalidUTF8: "invalid UTF-8"
            case .controlCharacter: "a raw control character inside a string"
            case .invalidEscape: "an invalid escape"
            case .invalidNumber: "an invalid number"
            case .tooDeep: "more than \(JSONError.maximumDepth) levels"
            case .trailing: "something follows the end of the document"
            case .byteOrderMark: "a byte order mark"
            }
        self.init(
            fault.reason == .tooDeep ? .tooDeep : .syntax, "\(problem) at byte \(fault.offset)",
            offset: fault.offset, envelope: envelope)
    }
}
