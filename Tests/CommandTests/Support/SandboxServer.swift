import Foundation
import Glibc
import JSON
import Testing

/// The simulated platforms, in a process of their own on a free port, for one test.
final class SandboxServer: Sendable {
    let port: Int
    private let process: RunningProcess
    /// The sandbox ends when this end of its standard input closes.
    private let input: Int32

    init(_ options: [String] = []) async throws {
        var stdin: [Int32] = [0, 0]
        var stdout: [Int32] = [0, 0]
        // Pairs of sockets, since Swift does not see the call that makes a pipe other children do not inherit.
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        try #require(socketpair(AF_UNIX, type, 0, &stdin) == 0)
        try #require(socketpair(AF_UNIX, type, 0, &stdout) == 0)
        process = try RunningProcess(
            Programs.path("shopmirror-sandbox"), ["--port", "0", "--until-stdin-closes"] + options,
            environment: [:],
            in: "/tmp", streams: [0: stdin[0], 1: stdout[1]])
        input = stdin[1]
        close(stdin[0])
        close(stdout[1])
        let line = await Self.line(from: stdout[0])
        port = try #require(line.split(separator: ":").last.flatMap { Int($0) }, "the sandbox said: \(line)")
    }

    deinit { close(input) }

    var address: String { "http://127.0.0.1:\(port)" }

    /// The first line of a pipe, without its end.
    private static func line(from descriptor: Int32) async -> String {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var text: [UInt8] = []
                var byte: UInt8 = 0
                while read(descriptor, &byte, 1) == 1, byte != 0x0A { text.append(byte) }
                close(descriptor)
                continuation.resume(returning: String(decoding: text, as: UTF8.self))
            }
        }
    }

    // MARK: Control

    /// Applies control requests, one JSON object each.
    func control(_ requests: String...) throws {
        let body = "[\(requests.joined(separator: ","))]"
        let answer = try exchange("POST", "/sandbox/control", body)
        try #require(answer["ok"] == .bool(true), "\(body): \(answer)")
    }

    /// Makes the next requests to a path go wrong; `more` are further members, such as `"times":3`.
    func fault(_ kind: String, at path: String, _ more: String = "") throws {
        try control(#"{"op":"fault","kind":"\#(kind)","match":"\#(path)"\#(more.isEmpty ? "" : "," + more)}"#)
    }

    /// Answers the next request to a path with this body under status 200.
    func answer(_ path: String, with body: String, _ more: String = "") throws {
        let extra = more.isEmpty ? "" : "," + more
        try control(
            #"{"op":"fault","kind":"status","status":200,"match":"\#(path)","body":\#(quoted(body))\#(extra)}"#
        )
    }

    func state() throws -> JSONValue { try exchange("GET", "/sandbox/state", "") }

    var requestCount: Int64 { get throws { try state()["total_requests"]?.int64Value ?? -1 } }

    /// How often a path was asked for.
    func requests(to path: String) throws -> Int64 {
        try state()["requests"]?.objectValue?.filter { $0.key.contains(path) }.reduce(0) {
            $0 + ($1.value.int64Value ?? 0)
        } ?? 0
    }

    /// The account of a platform as the state report shows it.
    func account(_ name: String, of platform: String) throws -> JSONValue {
        let accounts = try state()["platforms"]?[platform]?["accounts"]?.arrayValue ?? []
        return try #require(accounts.first { $0["account"]?.stringValue == name })
    }

    private func quoted(_ text: String) -> String { JSONWriter.text(.string(text)) }

    private func exchange(_ method: String, _ path: String, _ body: String) throws -> JSONValue {
        let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(client) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(client, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(connected == 0, "the sandbox does not answer")
        let request = """
            \(method) \(path) HTTP/1.1\r\nHost: sandbox\r\nConnection: close\r\nContent-Type: application/json\r
            Content-Length: \(body.utf8.count)\r\n\r\n\(body)
            """
        let bytes = Array(request.utf8)
        try #require(send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count)
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = recv(client, &buffer, buffer.count, 0), count > 0 {
            answer += buffer[..<count]
        }
        let text = String(decoding: answer, as: UTF8.self)
        let start = try #require(text.range(of: "\r\n\r\n"), "no answer to \(method) \(path)")
        return try JSONValue.parse(Array(text[start.upperBound...].utf8))
    }
}
