// `environ` is a variable of C's that anybody may change: nobody here does, and it is read before any thread starts.
@preconcurrency import Glibc

/// Files, folders and the environment, asked of the system itself.
///
/// Foundation would do the same and make the executable six megabytes larger.
package enum SystemFile {
    /// The content of a file, a pipe or a device; nil when it cannot be read or has more than `limit` bytes.
    package static func bytes(at path: String, limit: Int) -> [UInt8]? {
        // A pipe that nobody writes to must not hold the job up for ever.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer {
            let code = errno
            close(descriptor)
            errno = code
        }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN {
                var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                guard poll(&waiting, 1, 5000) > 0 else {
                    errno = ETIMEDOUT
                    return nil
                }
                continue
            }
            guard count >= 0 else { return nil }
            guard bytes.count + count <= limit else {
                errno = 0
                return nil
            }
            if count == 0 { return bytes }
            bytes += piece[..<count]
        }
    }

    /// Why the call before gave no bytes.
    package static var failure: String { errno == 0 ? "it is too large" : Wording.systemText(errno) }

    /// The text of a file without a byte order mark; nil as with `bytes`, and when it is not UTF-8.
    package static func text(of bytes: [UInt8]) -> String? {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        return String(validating: bytes.dropFirst(bytes.starts(with: mark) ? 3 : 0), as: UTF8.self)
    }

    /// The names in a folder, in no order; none where it cannot be read.
    package static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return [] }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
            names.append(String(cString: name))
        }
        return names
    }

    /// The folder that relative paths count from.
    package static var workingFolder: String {
        guard let path = getcwd(nil, 0) else { return "/" }
        defer { free(path) }
        return String(cString: path)
    }

    /// The process's environment; of a name that stands twice the first value, as `getenv` has it.
    package static var environment: [String: String] {
        var values: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            let text = String(cString: entry)
            if let sign = text.firstIndex(of: "="), sign != text.startIndex {
                let name = String(text[..<sign])
                if values[name] == nil { values[name] = String(text[text.index(after: sign)...]) }
            }
            next += 1
        }
        return values
    }
}
