/// Colours, where they are wanted: on a terminal, without `NO_COLOR`, and never as the only sign.
struct TerminalStyle: Sendable {
    private let hasColor: Bool

    static let plain = TerminalStyle(hasColor: false)

    private init(hasColor: Bool) { self.hasColor = hasColor }

    /// See <https://no-color.org>: any value but an empty one turns colours off.
    init(isTerminal: Bool, environment: [String: String]) {
        hasColor = isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }

    func good(_ text: String) -> String { paint(text, "32") }
    func warn(_ text: String) -> String { paint(text, "33") }
    func bad(_ text: String) -> String { paint(text, "31") }
    func bold(_ text: String) -> String { paint(text, "1") }
    func dim(_ text: String) -> String { paint(text, "2") }

    private func paint(_ text: String, _ code: String) -> String {
        hasColor && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
