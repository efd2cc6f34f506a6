import Foundation
import Glibc
import HTTP
import Testing

@Suite(.timeLimit(.minutes(10)), .enabled(if: OpenSSL.isInstalled, "the openssl command is not installed"))
struct TLSTests {
    @Test func `a self-signed certificate is refused`() async throws {
        let openssl = try OpenSSL()
        let error = try await fault(of: HTTPRequest(url: openssl.url("localhost")), on: makeTransport())
        #expect(error.kind == .tls)
        #expect(error.message.contains("self-signed") || error.message.contains("self signed"))
        #expect(!error.message.contains("secret") && error.status == nil)
    }

    @Test func `a certificate of a trusted authority is taken`() async throws {
        let openssl = try OpenSSL()
        let transport = try makeTransport(trusting: openssl.certificate)
        let found = try await transport.send(HTTPRequest(url: openssl.url("localhost")))
        #expect(found.status == 200)
        #expect(!found.body.isEmpty)
    }

    @Test func `a trusted certificate for another host is refused`() async throws {
        let openssl = try OpenSSL()
        let transport = try makeTransport(trusting: openssl.certificate)
        let error = try await fault(of: HTTPRequest(url: openssl.url("127.0.0.1")), on: transport)
        #expect(error.kind == .tls)
        #expect(error.message.contains("127.0.0.1"))
    }

    @Test func `a server that speaks no TLS 1.2 is refused`() async throws {
        let openssl = try OpenSSL("-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0")
        let transport = try makeTransport(trusting: openssl.certificate)
        let error = try await fault(of: HTTPRequest(url: openssl.url("localhost")), on: transport)
        #expect(error.kind == .tls)
        #expect(!error.message.isEmpty)
    }

    @Test func `a file of authorities that is missing is a fault of TLS`() async throws {
        let server = try ScriptedServer { $0.waitForClient() }
        let transport = try makeTransport(trusting: "/nonexistent/authorities.pem")
        let request = HTTPRequest(url: "https://127.0.0.1:\(server.port)/")
        #expect(try await fault(of: request, on: transport).kind == .tls)
    }

    @Test(arguments: [true, false])
    func `a connection that ends within the handshake is the network's fault`(isReset: Bool) async throws {
        let server = try ScriptedServer { connection in
            _ = connection.read()
            if isReset { connection.reset() }
        }
        let request = HTTPRequest(url: "https://127.0.0.1:\(server.port)/")
        let error = try await fault(of: request, on: makeTransport())
        #expect(error.kind == .network)
        #expect(
            error.message.hasPrefix("the connection to '127.0.0.1:\(server.port)' was closed within the TLS"))
    }

    @Test func `an answer without TLS is a fault of TLS`() async throws {
        let server = try ScriptedServer { connection in
            connection.send("HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.waitForClient()
        }
        let error = try await fault(
            of: HTTPRequest(url: "https://127.0.0.1:\(server.port)/"), on: makeTransport())
        #expect(error.kind == .tls)
        #expect(!error.message.isEmpty)
    }
}

/// A server of the openssl command, with a certificate for `localhost` that it has signed itself.
final class OpenSSL {
    static let isInstalled = FileManager.default.isExecutableFile(atPath: path)
    private static let path = "/usr/bin/openssl"

    let certificate: String
    private let folder: URL
    private let server: Process
    private let port: Int

    init(_ options: String...) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let key = folder.appending(path: "key.pem").path
        certificate = folder.appending(path: "certificate.pem").path
        let signing = try Self.start(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
            "2",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key,
            "-out", certificate)
        _ = signing.output.readDataToEndOfFile()
        signing.process.waitUntilExit()
        let serving = try Self.start(
            ["s_server", "-accept", "127.0.0.1:0", "-www", "-key", key, "-cert", certificate] + options)
        server = serving.process
        port = try Self.port(from: serving.output)
    }

    deinit {
        // The child inherits the mask of a worker thread, which blocks every signal that can be blocked.
        kill(server.processIdentifier, SIGKILL)
        server.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    func url(_ host: String) -> String {
        "https://\(host):\(port)/?token=secret"
    }

    /// Reads the line `ACCEPT 127.0.0.1:PORT` that the server prints when it listens.
    private static func port(from output: FileHandle) throws -> Int {
        var text = ""
        while !text.contains("ACCEPT") || !text.hasSuffix("\n") {
            let more = output.availableData
            guard !more.isEmpty else { throw CocoaError(.fileReadUnknown, userInfo: ["output": text]) }
            text += String(decoding: more, as: UTF8.self)
        }
        let line = text.split(separator: "\n").first { $0.hasPrefix("ACCEPT") } ?? ""
        return try #require(Int(line.split(separator: ":").last ?? ""))
    }

    private static func start(_ arguments: String...) throws -> (process: Process, output: FileHandle) {
        try start(arguments)
    }

    private static func start(_ arguments: [String]) throws -> (process: Process, output: FileHandle) {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        return (process, output.fileHandleForReading)
    }
}
