import Glibc

/// The folder of report files: one a run, and `latest.json`.
package struct ReportFile: Sendable {
    package let folder: String
    package let keep: Int

    package init(folder: String, keep: Int) {
        self.folder = folder
        self.keep = keep
    }

    /// Writes a run's report, then `latest.json`, and removes the oldest ones.
    ///
    /// - Throws: `Problem` with `storage_failed`.
    package func write(
        _ report: RunReport, isLatest: Bool, instant: @Sendable (RunContext.Instant) -> Void
    ) throws(Problem) {
        if access(folder, F_OK) != 0, let failed = Folders.make(folder, mode: 0o755) {
            throw Wording.file("report folder", folder, failed)
        }
        let bytes = Array(report.text.utf8)
        instant(.beforeReportRename)
        let file = "\(folder)/\(report.runID).json"
        try AtomicFile.write(bytes, to: file, what: "report", syncsFolder: !isLatest)
        instant(.afterReportRename)
        if isLatest, !AtomicFile.link(file, as: "\(folder)/latest.json") {
            try AtomicFile.write(bytes, to: "\(folder)/latest.json", what: "report")
        }
        prune()
    }

    /// Names of the stored reports, oldest first.
    package var names: [String] {
        SystemFile.names(in: folder).filter(Self.isReport).sorted()
    }

    /// The newest run that has a report here.
    var newest: String? { names.last.map { String($0.dropLast(".json".count)) } }

    private static func isReport(_ name: String) -> Bool {
        name.utf8.count == 26 && name.hasSuffix(".json") && RunID.start(of: name) != nil
    }

    /// Removes the oldest reports, and what killed runs left under temporary names.
    private func prune() {
        let all = SystemFile.names(in: folder)
        for name in all where isLeftOver(name) { unlink("\(folder)/\(name)") }
        guard keep > 0 else { return }
        for name in all.filter(Self.isReport).sorted().dropLast(keep) { unlink("\(folder)/\(name)") }
    }

    /// Whether a file has the temporary name of a report, and has had it for longer than anybody writes.
    private func isLeftOver(_ name: String) -> Bool {
        guard name.utf8.first == 0x2E, name.hasSuffix(".tmp"), name.contains(".json.") else { return false }
        let report = String(name.dropFirst())
        guard report.hasPrefix("latest.json.") || RunID.start(of: report) != nil else { return false }
        var info = stat()
        return lstat("\(folder)/\(name)", &info) == 0 && time(nil) - info.st_mtim.tv_sec > 86_400
    }
}

/// Files that readers never see half written.
package enum AtomicFile {
    /// Writes to a temporary name in the same folder, syncs, renames, and syncs the folder.
    ///
    /// - Parameters:
    ///   - bytes: The file's content.
    ///   - path: Its name.
    ///   - what: What it is, for the message.
    ///   - mode: Who may read it.
    ///   - syncsFolder: False where another name in the same folder follows at once.
    /// - Throws: `Problem` with `storage_failed`.
    package static func write(
        _ bytes: [UInt8], to path: String, what: String, mode: UInt32 = 0o644, syncsFolder: Bool = true
    ) throws(Problem) {
        let temporary = temporaryName(path)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw Wording.file(what, path, errno) }
        var failed = writeAll(bytes, descriptor)
        if failed == 0, fsync(descriptor) != 0 { failed = errno }
        close(descriptor)
        if failed == 0, rename(temporary, path) != 0 { failed = errno }
        guard failed == 0 else {
            unlink(temporary)
            throw Wording.file(what, path, failed)
        }
        if syncsFolder { syncFolder(of: path) }
    }

    /// Gives a file that is on disk a second name, in place of the file that had it.
    ///
    /// - Returns: false where that cannot be; nothing has changed then.
    static func link(_ path: String, as other: String) -> Bool {
        let temporary = temporaryName(other)
        unlink(temporary)
        guard Glibc.link(path, temporary) == 0 else { return false }
        let isDone = rename(temporary, other) == 0
        // Also done where both were names of one file already: then nothing was renamed.
        unlink(temporary)
        if isDone { syncFolder(of: other) }
        return isDone
    }

    private static func temporaryName(_ path: String) -> String {
        "\(Paths.folder(of: path))/.\(Paths.name(of: path)).\(getpid()).tmp"
    }

    private static func syncFolder(of path: String) {
        let folder = open(Paths.folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }

    /// Writes everything, whatever it takes.
    ///
    /// - Parameters:
    ///   - bytes: What to write.
    ///   - descriptor: An open file.
    /// - Returns: errno, 0 when all was written.
    package static func writeAll(_ bytes: [UInt8], _ descriptor: Int32) -> Int32 {
        bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let count = Glibc.write(
                    descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
                if count < 0 {
                    if errno == EINTR { continue }
                    return errno
                }
                done += count
            }
            return 0
        }
    }
}
