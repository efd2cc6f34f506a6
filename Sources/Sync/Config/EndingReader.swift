import HTTP
import TOML

/// Reads the keys of `[run]` that say what happens after a run.
struct EndingReader {
    let folder: String

    func settings(_ table: inout TableReader) -> EndingSettings {
        var ending = EndingSettings()
        ending.pingURL = table.secret("ping_url", folder: folder)
        if case .literal(let text) = ending.pingURL, let wrong = PingAddress.flaw(text) {
            table.problems.add(
                table.table["ping_url"]?.item.position ?? table.position, "'ping_url' \(wrong)")
        }
        if let words = table.texts("after", of: "a program and its arguments") {
            ending.command = words.map(\.text)
            if ending.command.first?.isEmpty ?? true, let item = table.table["after"]?.item {
                table.problems.add(
                    item.position,
                    "'after' names no program; write [\"program\", \"argument\"], or leave it out")
            }
        }
        ending.commandTimeoutSeconds =
            table.seconds("after_timeout", atLeast: 1) ?? ending.commandTimeoutSeconds
        return ending
    }
}

/// The address of a dead man's switch.
package enum PingAddress {
    /// What is wrong with it; nil when it can be used.
    package static func flaw(_ text: String) -> String? {
        let allowed =
            "allowed is an https:// address; plain http:// only for this machine (127.0.0.1, localhost)"
        guard let parts = URLParts.parse(text), !parts.host.isEmpty else {
            return "is no usable address; \(allowed)"
        }
        guard parts.scheme == "https" || (parts.scheme == "http" && parts.isLoopback) else {
            return "would go over \(parts.scheme):// to \(parts.host); \(allowed)"
        }
        return nil
    }

    /// The address to call: as it stands, or with `/fail` behind its path.
    package static func address(_ text: String, hasFailed: Bool) -> String {
        guard hasFailed else { return text }
        let end = text.firstIndex { $0 == "?" || $0 == "#" } ?? text.endIndex
        let path = text[..<end]
        return (path.hasSuffix("/") ? path.dropLast() : path) + "/fail" + text[end...]
    }
}
