import Glibc

/// Making folders.
package enum Folders {
    /// Makes a folder and what is missing above it.
    ///
    /// - Parameters:
    ///   - path: Absolute path.
    ///   - mode: Mode of every folder that is made.
    /// - Returns: errno of the failure, nil on success.
    package static func make(_ path: String, mode: UInt32) -> Int32? {
        if mkdir(path, mode) == 0 {
            chmod(path, mode)
            return nil
        }
        if errno == EEXIST { return nil }
        guard errno == ENOENT, path.count > 1 else { return errno }
        if let failed = make(Paths.folder(of: path), mode: mode) { return failed }
        return mkdir(path, mode) == 0 || errno == EEXIST ? nil : errno
    }
}
