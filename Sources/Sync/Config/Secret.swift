import Synchronization

/// Where a secret comes from.
package enum SecretSource: Sendable, Equatable {
    case literal(String)
    case environment(String)
    case file(String)

    /// Opens the secret.
    ///
    /// - Parameters:
    ///   - key: The config key it belongs to, for the message.
    ///   - environment: The process's environment.
    /// - Returns: The secret as it is used.
    /// - Throws: `Problem` with `config_invalid` when it is unset, unreadable, empty or padded with blanks.
    package func open(key: String, environment: [String: String]) throws(Problem) -> String {
        switch self {
        case .literal(let text): return try checked(text, key: key, place: "the config")
        case .environment(let name):
            guard let text = environment[name] else {
                throw Problem(
                    .configInvalid,
                    "The secret \(key) cannot be had: the environment variable \(name) is not set.",
                    next:
                        "Set \(name) where the job is started, for example in the crontab or a systemd EnvironmentFile."
                )
            }
            return try checked(text, key: key, place: "the environment variable \(name)")
        case .file(let path):
            guard let bytes = SystemFile.bytes(at: path, limit: 65_536) else {
                throw Problem(
                    .configInvalid,
                    "The secret \(key) cannot be had: the file \(path) cannot be read: \(SystemFile.failure).",
                    next: "Check that \(path) exists, is a small text file, and may be read by this user.")
            }
            guard var text = SystemFile.text(of: bytes) else {
                throw Problem(
                    .configInvalid, "The secret \(key) cannot be had: the file \(path) is not text.",
                    next: "Put the secret alone into \(path), as UTF-8.")
            }
            if text.hasSuffix("\r\n") || text.hasSuffix("\n") { text.removeLast() }
            return try checked(text, key: key, place: "the file \(path)")
        }
    }

    private func checked(_ text: String, key: String, place: String) throws(Problem) -> String {
        guard !text.isEmpty else {
            throw Problem(
                .configInvalid, "The secret \(key) cannot be had: \(place) is empty.",
                next: "Put the secret there; an empty one would only give wrong signatures.")
        }
        let edges = [text.unicodeScalars.first, text.unicodeScalars.last].compactMap { $0 }
        guard !edges.contains(where: { $0.properties.isWhitespace }) else {
            throw Problem(
                .configInvalid,
                "The secret \(key) cannot be had: its value in \(place) begins or ends with a blank.",
                next: "Remove the blanks around the secret.")
        }
        guard !text.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) else {
            throw Problem(
                .configInvalid,
                "The secret \(key) cannot be had: its value in \(place) holds a control character.",
                next: "Put the secret there on one line, alone.")
        }
        return text
    }
}

/// Knows every secret of the run and removes them from texts that leave it.
package final class Redactor: Sendable {
    private let known = Mutex<Set<String>>([])

    package init() {}

    package func learn(_ secrets: [String]) {
        let long = secrets.filter { $0.utf8.count >= 4 }
        guard !long.isEmpty else { return }
        known.withLock { known in
            for secret in long where known.insert(secret).inserted {
                known.insert(percentEncoded(secret))
                // As JSON quotes it, with and without the slash that PHP escapes.
                let quoted = secret.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
                known.insert(quoted)
                known.insert(quoted.replacing("/", with: "\\/"))
            }
        }
    }

    package func redact(_ text: String) -> String {
        let secrets = known.withLock { $0 }
        var result = text
        for secret in secrets.sorted(by: { $0.utf8.count > $1.utf8.count }) where result.contains(secret) {
            result = result.replacing(secret, with: "<redacted>")
        }
        for secret in secrets where secret.utf8.count >= 16 { result = withoutParts(of: secret, in: result) }
        return result
    }

    /// Quotations are cut off after some characters, which may be in the middle of a secret.
    private func withoutParts(of secret: String, in text: String) -> String {
        var rest = text[...]
        var result = ""
        while let found = rest.firstRange(of: secret.prefix(12)) {
            let common = zip(rest[found.lowerBound...], secret).prefix { $0 == $1 }.count
            let end = rest.index(found.lowerBound, offsetBy: common)
            // Where a word goes on otherwise, it only begins alike.
            let isCut = end == rest.endIndex || !(rest[end].isLetter || rest[end].isNumber)
            result += rest[..<found.lowerBound] + (isCut ? "<redacted>" : rest[found.lowerBound..<end])
            rest = rest[end...]
        }
        return result + rest
    }

    private func percentEncoded(_ text: String) -> String {
        func isPlain(_ byte: UInt8) -> Bool {
            byte.isASCIILetterOrDigit || byte == 0x2D || byte == 0x2E || byte == 0x5F || byte == 0x7E
        }
        guard !text.utf8.allSatisfy(isPlain) else { return text }
        return text.utf8.map { byte in
            guard !isPlain(byte) else { return String(UnicodeScalar(byte)) }
            let hex = String(byte, radix: 16, uppercase: true)
            return "%" + (hex.utf8.count == 1 ? "0" : "") + hex
        }.joined()
    }
}

extension UInt8 {
    package var isASCIILetterOrDigit: Bool {
        (0x30...0x39).contains(self) || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
    }
}
