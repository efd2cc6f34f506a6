import Foundation

/// Files as bytes.
enum Files {
    /// Every file below a folder, by its path in it.
    static func all(in folder: String) throws -> [String: Data] {
        var found: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
            var isFolder: ObjCBool = false
            let path = "\(folder)/\(name)"
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue
            else {
                continue
            }
            found[name] = try Data(contentsOf: URL(filePath: path))
        }
        return found
    }
}

extension Data {
    /// Whether these characters occur, as UTF-8.
    func contains(_ text: String) -> Bool { range(of: Data(text.utf8)) != nil }
}
