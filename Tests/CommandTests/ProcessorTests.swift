import HTTP
import Platforms
import Sync
import Testing

@testable import shopmirror

/// Where the program has its calls made.
struct ProcessorTests {
    @Test(arguments: [(1, true), (2, false), (-1, false)])
    func `with one processor calls are made beside the pool's only thread`(processors: Int, isBeside: Bool)
        throws
    {
        let text = """
            [connections.one]
            platform = "shopline"
            handle = "open001"
            access_token = "SL-STATIC-open001"
            """
        let config = try ConfigLoader.parse(
            Array(text.utf8), path: "/nowhere/config.toml", mode: 0o600, platforms: platforms)
        let context = CommandContext(try Arguments.parse(["sync"]))
        let (run, transport) = context.runContext(config, processors: processors)
        defer { transport.shutdown() }
        #expect((run.besideWriting() != nil) == isBeside)
    }
}
