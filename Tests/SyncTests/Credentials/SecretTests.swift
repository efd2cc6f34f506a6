import Glibc
import Sync
import SyncTestSupport
import Testing

struct SecretTests {
    private func open(_ source: SecretSource, _ environment: [String: String] = [:]) throws -> String {
        try source.open(key: "app_secret", environment: environment)
    }

    private func refusal(_ source: SecretSource, _ environment: [String: String] = [:]) -> String? {
        do {
            _ = try open(source, environment)
            return nil
        } catch {
            return (error as? Problem).map { "\($0.code.rawValue): \($0.message)" }
        }
    }

    @Test func `a literal, a variable and a file`() throws {
        let folder = try TemporaryFolder()
        try folder.write("from file\n", to: "secret")
        #expect(try open(.literal("s3cret")) == "s3cret")
        #expect(try open(.environment("NAME"), ["NAME": "from env"]) == "from env")
        #expect(try open(.file(folder.file("secret"))) == "from file")
    }

    @Test(arguments: [
        ("x\n", "x"), ("x\r\n", "x"), ("x y", "x y"), ("日本", "日本"),
    ])
    func `one newline at the end of a file does not count`(text: String, secret: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(text, to: "secret")
        #expect(try open(.file(folder.file("secret"))) == secret)
    }

    @Test(arguments: ["", "\n", " x", "x ", "x\n\n", "\tx", "x\u{A0}", "a\nb", "a\u{0}b", "\u{FEFF}\u{7F}"])
    func `what is empty, padded or has a control character is refused by name`(text: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(text, to: "secret")
        let message = refusal(.file(folder.file("secret")))
        #expect(message?.hasPrefix("config_invalid: The secret app_secret cannot be had: ") == true)
        #expect(message?.contains(folder.file("secret")) == true)
    }

    @Test func `what is not there is refused by name, and nothing of another secret is shown`() throws {
        #expect(refusal(.environment("NAME"), ["OTHER": "hidden"])?.contains("NAME is not set") == true)
        #expect(refusal(.environment("NAME"), ["NAME": ""])?.contains("NAME is empty") == true)
        #expect(refusal(.environment("NAME"), ["NAME": " hidden"])?.contains("hidden") == false)
        #expect(refusal(.file("/nonexistent/secret"))?.contains("/nonexistent/secret") == true)
    }

    @Test func `a file that is no text or too large is refused`() throws {
        let folder = try TemporaryFolder()
        try folder.write(String(repeating: "x", count: 70_000), to: "large")
        #expect(refusal(.file(folder.file("large"))) != nil)
    }

    @Test func `a pipe that nobody writes to is refused at once`() throws {
        let folder = try TemporaryFolder()
        #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
        #expect(refusal(.file(folder.file("pipe")))?.contains("is empty") == true)
    }

    // MARK: Redaction

    @Test func `known secrets are removed, percent-encoded ones too`() {
        let redactor = Redactor()
        redactor.learn(["s3cret+value/1", "other-secret"])
        let text = "a s3cret+value/1 b s3cret%2Bvalue%2F1 c other-secret"
        #expect(redactor.redact(text) == "a <redacted> b <redacted> c <redacted>")
        #expect(redactor.redact("nothing here") == "nothing here")
    }

    @Test func `a secret is removed as JSON quotes it, slashes escaped or not`() {
        let redactor = Redactor()
        redactor.learn(["TOK/en\"x\\y"])
        #expect(
            redactor.redact(#"{"a":"TOK\/en\"x\\y"} {"a":"TOK/en\"x\\y"}"#)
                == #"{"a":"<redacted>"} {"a":"<redacted>"}"#)
    }

    @Test func `the longest of overlapping secrets goes first`() {
        let redactor = Redactor()
        redactor.learn(["token", "token-with-more"])
        #expect(redactor.redact("token-with-more token") == "<redacted> <redacted>")
    }

    @Test func `texts too short to be secrets are left alone`() {
        let redactor = Redactor()
        redactor.learn(["", "a", "abc"])
        #expect(redactor.redact("abc a") == "abc a")
    }

    @Test(arguments: [12, 20, 39])
    func `a part of a long secret that a quotation cut off is removed`(length: Int) {
        let secret = "0123456789abcdefghijklmnopqrstuvwxyzABCDEF"
        let redactor = Redactor()
        redactor.learn([secret])
        #expect(redactor.redact("x \(secret.prefix(length))") == "x <redacted>")
        #expect(redactor.redact("x \(secret.prefix(length)).") == "x <redacted>.")
        #expect(redactor.redact("x \(secret.prefix(length))/\(secret)") == "x <redacted>/<redacted>")
    }

    @Test func `a word that only begins like a secret is left alone`() {
        let redactor = Redactor()
        redactor.learn(["sandbox-app-secret"])
        #expect(redactor.redact("'sandbox-app-key' sandbox-app-secret") == "'sandbox-app-key' <redacted>")
    }
}
