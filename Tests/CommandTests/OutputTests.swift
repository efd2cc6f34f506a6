import Foundation
import Glibc
import Testing

/// What was asked for and cannot be written is a failure.
struct OutputTests {
    @Test(arguments: ["--version", "platforms --json", "report schema", "help sync"])
    func `a full disk behind stdout ends with 5`(words: String) async throws {
        let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
        defer { close(full) }
        let process = try RunningProcess(
            Programs.path("shopmirror"), words.split(separator: " ").map(String.init), environment: [:],
            in: "/tmp",
            streams: [1: full, 2: full])
        #expect(await process.next() == .exited(5))
    }
}
