import Glibc
package import SQLite

/// What is said of files.
extension Wording {
    package static func storage(_ what: String, _ path: String, _ error: SQLiteError) -> Problem {
        let reason =
            error.systemError != 0 ? "\(error.message), \(systemText(error.systemError))" : error.message
        let message = "The \(what) \(path) failed: \(reason)."
        if error.isDiskFull {
            return Problem(
                .storageFailed, message,
                next: "Make room on the disk; the next run goes on where this one ended.")
        }
        if error.isCorrupt {
            return Problem(
                .storageFailed, "The \(what) \(path) is damaged or is no such file: \(reason).",
                next: "Keep the file, restore it from a backup or move it away; it was not changed.")
        }
        if error.isFailedSync {
            return Problem(
                .storageFailed, message,
                next:
                    "See that the disk has room, look for its errors in the kernel's log (dmesg), then run again."
            )
        }
        if error.isBusy {
            return Problem(
                .storageFailed, message,
                next: "Find the program that holds a write lock on \(path), and end it.")
        }
        return Problem(
            .storageFailed, message,
            next: "Check that \(path) and its folder exist and that this user may write to them.")
    }

    /// Swift reads the command line there, and its threads end the process without it.
    package static var noProcessFolder: Problem {
        Problem(
            .usage, "The command line cannot be read, because /proc is not mounted here.",
            next: "Mount it, for example: mount -t proc proc /proc.")
    }

    package static func file(_ what: String, _ path: String, _ code: Int32) -> Problem {
        Problem(
            .storageFailed, "The \(what) \(path) cannot be written: \(systemText(code)).",
            next: code == ENOSPC
                ? "Make room on the disk, then run again."
                : "Check that the folder exists and that this user may write to it.")
    }

    package static func systemText(_ code: Int32) -> String { String(cString: strerror(code)) }
}
