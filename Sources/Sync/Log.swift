/// Messages for people or programs, one line each, secrets removed.
package struct Log: Sendable {
    package enum Level: Int, Sendable, Comparable {
        case error, warning, notice, info, debug

        package static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }

        package var name: String {
            switch self {
            case .error: "error"
            case .warning: "warning"
            case .notice: "notice"
            case .info: "info"
            case .debug: "debug"
            }
        }
    }

    package struct Entry: Sendable {
        package var level: Level
        package var message: String
        package var connection: String?
        package var resource: String?
        package var problem: Problem?
    }

    /// The least important level that is written.
    package var level: Level
    private let write: @Sendable (Entry) -> Void

    package init(level: Level, write: @escaping @Sendable (Entry) -> Void) {
        self.level = level
        self.write = write
    }

    package static let none = Log(level: .error) { _ in }

    package func callAsFunction(
        _ level: Level, _ message: @autoclosure () -> String, connection: String? = nil,
        resource: String? = nil
    ) {
        guard level <= self.level else { return }
        write(Entry(level: level, message: message(), connection: connection, resource: resource))
    }

    package func callAsFunction(_ level: Level, _ problem: Problem) {
        guard level <= self.level else { return }
        write(
            Entry(
                level: level, message: problem.message, connection: problem.connection,
                resource: problem.resource,
                problem: problem))
    }
}
