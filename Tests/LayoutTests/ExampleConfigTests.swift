import Foundation
import Platforms
import Testing

@testable import Sync

/// `config.example.toml` is read by the program itself, as it stands and with everything in it switched on.
@Suite struct ExampleConfigTests {
    private func load(_ text: String) throws -> Config {
        do {
            return try ConfigLoader.parse(
                Array(text.utf8), path: "config.toml", mode: 0o644, platforms: platforms)
        } catch let error as ConfigError {
            for line in error.lines { Issue.record("\(line)") }
            throw error
        }
    }

    /// The example with its commented-out keys, `#key = value`, in force; prose has a blank behind its `#`.
    private func everythingOn() throws -> String {
        let lines = try Checkout.text("config.example.toml").split(
            separator: "\n", omittingEmptySubsequences: false)
        let switchedOn = lines.map { $0.hasPrefix("#") && !$0.hasPrefix("# ") ? $0.dropFirst() : $0 }
        return switchedOn.joined(separator: "\n")
    }

    @Test func `the example is a valid config, whoever may read it`() throws {
        let config = try load(try Checkout.text("config.example.toml"))
        #expect(config.connections.map(\.id).contains("tokyo"))
        #expect(config.run == RunSettings())
    }

    @Test func `every commented-out key is valid too`() throws {
        let config = try load(try everythingOn())
        #expect(Set(config.connections.map(\.platform.id)) == Set(platforms.map(\.id)))
    }

    @Test func `commented-out defaults are the defaults`() throws {
        let config = try load(try everythingOn())
        var run = config.run
        // It has no default: without it the past spacing of runs decides.
        run.freshWithinSeconds = nil
        #expect(run == RunSettings())
        #expect(config.storage.keepReports == 500)
        for connection in config.connections where connection.id == "tokyo" {
            #expect(connection.pace == connection.platform.pace)
            #expect(connection.baseURL == connection.standardURL)
        }
    }

    /// The loader lists the keys it knows when it meets one that is like none of them.
    @Test func `every key that the program knows is explained`() throws {
        let example = try everythingOn()
        let connections = platforms.map { "[connections.a]\nplatform = \"\($0.id)\"" }
        let resources = zip(platforms, connections).flatMap { platform, connection in
            platform.resources.map { "\(connection)\n[connections.a.\($0.name)]" }
        }
        let custom = zip(platforms, connections).filter { $0.0.custom != nil }.map {
            "\($0.1)\n[connections.a.custom.b]"
        }
        for table in ["", "[storage]", "[run]", "[stock]"] + connections + resources + custom {
            #expect(!knownKeys(in: table).isEmpty, "nothing is known in \(table)")
            for key in knownKeys(in: table) where !isResource(key) {
                #expect(
                    example.contains(try Regex("(?m)^(\\[(.*\\.)?)?\(key)( *=|[.\\]])")), "\(key) in \(table)"
                )
            }
        }
    }

    private func isResource(_ key: String) -> Bool { platforms.contains { $0.resource(named: key) != nil } }

    private func knownKeys(in table: String) -> [String] {
        let text = Array("\(table)\nqqqqqqqqqqqqqqqqqqqqqqqq = 1\n".utf8)
        do {
            _ = try ConfigLoader.parse(text, path: "config.toml", mode: 0o600, platforms: platforms)
            return []
        } catch let error as ConfigError {
            let line = error.lines.first { $0.contains("known: ") } ?? ""
            let names = line.components(separatedBy: "known: ").last ?? ""
            return names.split(separator: ",").map { $0.trimmingPrefix(" ") }.map(String.init)
        } catch {
            return []
        }
    }
}
