/// A stretch of the mirror's past: after one run, up to and with another.
package struct RunSpan: Sendable, Equatable {
    /// A finished run.
    package struct Mark: Sendable, Equatable {
        package var id: String
        package var finishedAt: Timestamp?
    }

    /// nil for the very beginning.
    package var from: Mark?
    package var to: Mark
}
