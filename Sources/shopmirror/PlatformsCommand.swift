import JSON
import Platforms
import Sync

/// `shopmirror platforms`: what can be mirrored, from the declarations themselves.
struct PlatformsCommand {
    let arguments: Arguments

    func run() throws(UsageError) -> ExitCode {
        var shown = platforms
        if let name = arguments.words.first {
            shown = platforms.filter { $0.id == name }
            guard !shown.isEmpty else {
                throw UsageError("unknown platform '\(name)'; \(Nearest.hint(to: name, among: platforms.map(\.id)))")
            }
        }
        let catalog = PlatformCatalog(shown)
        Console.out(arguments.isOn("json") ? JSONWriter.text(catalog.json, .pretty) + "\n" : catalog.text)
        return .success
    }
}
