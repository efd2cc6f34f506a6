import JSON
import Sync

/// Reads a token set as JSON, keys as in the config.
enum TokenImport {
    /// - Throws: `Problem` with `usage`, which never quotes a value.
    static func tokens(in text: String, for connection: Connection) throws(Problem) -> TokenSet {
        let keys = connection.platform.seeds
        let example = "{\(keys.map { "\"\($0)\": \"...\"" }.joined(separator: ", "))}"
        func wrong(_ what: String) -> Problem {
            Problem(
                .usage, "The token set on stdin cannot be used: \(what). Nothing was changed.",
                next: "Pass \(example).")
        }
        guard let members = (try? JSONValue.parse(Array(text.utf8)))?.objectValue else {
            throw wrong("it is no JSON object")
        }
        var values: [String: String] = [:]
        for (key, value) in members {
            guard keys.contains(key) else {
                throw wrong("unknown key '\(key.prefix(40))'; \(Nearest.hint(to: key, among: keys))")
            }
            guard values[key] == nil else { throw wrong("'\(key)' stands twice") }
            guard let text = value.stringValue, !text.isEmpty,
                !text.unicodeScalars.contains(where: { $0.properties.isWhitespace || $0.value < 32 })
            else { throw wrong("'\(key)' is no text without blanks") }
            values[key] = text
        }
        guard values["access_token"] != nil || values["refresh_token"] != nil else {
            throw wrong("it holds no token")
        }
        return TokenSet(
            accessToken: values["access_token"], refreshToken: values["refresh_token"], uid: values["uid"],
            state: values["state"])
    }
}
