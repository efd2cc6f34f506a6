/// What a file says, as far as it could be read, and everything that is wrong with it.
///
/// A value that could not be read is absent from `root`, so a document with errors must not be searched for
/// missing keys.
package struct TOMLDocument: Sendable {
    package var root: TOMLTable
    /// Sorted by position, at most one for each line and `TOMLErrorLog.limit` in all.
    package var errors: [TOMLError]

    package init(root: TOMLTable, errors: [TOMLError]) {
        self.root = root
        self.errors = errors
    }
}
