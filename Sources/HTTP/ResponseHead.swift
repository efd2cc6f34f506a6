/// The status line and header fields of a response, taken line by line as libcurl hands them over.
///
/// Interim (1xx) responses are dropped and trailers ignored, but all of them count towards the limit.
struct ResponseHead {
    enum Progress: Equatable {
        case unfinished
        /// The empty line after the final response's fields has come.
        case finished
        case refused(String)
    }

    /// Of everything that is no body: several responses' worth of the largest headers in use.
    static let maximumBytes = 256 << 10

    private(set) var bytesReceived = 0
    private(set) var status: Int?
    private(set) var isFinished = false
    /// Empty until the head is finished.
    private(set) var headers = HTTPHeaders()
    private var lines: [[UInt8]] = []

    mutating func receive(_ line: UnsafeRawBufferPointer) -> Progress {
        bytesReceived += line.count
        guard bytesReceived <= Self.maximumBytes else {
            return .refused("the response's headers are larger than \(Self.maximumBytes) bytes")
        }
        guard !isFinished else { return .unfinished }
        let text = line.prefix { $0 != 0x0D && $0 != 0x0A }
        guard let status else {
            self.status = Self.status(in: text)
            return self.status == nil ? .refused("the answer's status line is not HTTP's") : .unfinished
        }
        if let first = text.first {
            if ASCII.isBlank(first), !lines.isEmpty {
                lines[lines.count - 1] += [0x20] + ASCII.trimmed(text)
            } else {
                lines.append(Array(text))
            }
            return .unfinished
        }
        if (100...199).contains(status), status != 101 {
            self.status = nil
            lines.removeAll()
            return .unfinished
        }
        isFinished = true
        headers = HTTPHeaders(lines.compactMap(Self.field))
        return .finished
    }

    private static func field(_ line: [UInt8]) -> (name: String, value: String)? {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let name = ASCII.trimmed(line[..<colon])
        let value = ASCII.trimmed(line[colon...].dropFirst())
        return (String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self))
    }

    private static func status(in line: Slice<UnsafeRawBufferPointer>) -> Int? {
        let words = line.split(separator: 0x20, maxSplits: 2)
        guard line.starts(with: "HTTP/".utf8), words.count >= 2, words[1].count == 3,
            words[1].allSatisfy(ASCII.isDigit)
        else { return nil }
        return words[1].reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
}
