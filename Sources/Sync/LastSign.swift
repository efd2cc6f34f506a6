/// The last moment at which a run is known to have been at work.
package struct LastSign: Sendable {
    package var run: String
    package var at: Timestamp

    package init(run: String, at: Timestamp) {
        self.run = run
        self.at = at
    }
}
