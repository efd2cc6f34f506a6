import Sync
import Testing

struct NearestTests {
    private let known = [
        "sync", "check", "authorize", "tokens", "verify", "status", "report", "platforms", "help",
    ]

    @Test(arguments: [
        ("syncc", "sync"), ("snyc", "sync"), ("SYNC", "sync"), ("autorize", "authorize"), ("stat", "status"),
        ("platform", "platforms"), ("tokne", "tokens"), ("hepl", "help"),
    ])
    func `a slip finds the name that was meant`(word: String, name: String) {
        #expect(Nearest.hint(to: word, among: known) == "did you mean '\(name)'?")
    }

    @Test func `a word that is near to none gets the whole list`() {
        #expect(Nearest.hint(to: "xylophone", among: ["a", "b"]) == "known: a, b")
        #expect(Nearest.name(to: "", among: known) == nil)
        #expect(Nearest.name(to: "x", among: []) == nil)
    }
}
