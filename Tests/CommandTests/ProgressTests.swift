import Sync
import Synchronization
import Testing

@testable import shopmirror

/// The live lines and the tables, as a terminal of some width gets them.
struct ProgressTests {
    private final class Sink: Sendable {
        private let all = Mutex<[String]>([])

        func take(_ text: String) { all.withLock { $0.append(text) } }
        var writes: [String] { all.withLock { $0 } }
    }

    private func screen(_ sink: Sink, columns: Int = 80) -> ProgressScreen {
        ProgressScreen(columns: { columns }, write: { sink.take($0) })
    }

    @Test func `a frame is one write that clears nothing before it is drawn over`() {
        let sink = Sink()
        let screen = screen(sink)
        screen.draw(["one", "two"])
        screen.draw(["one", "three"])
        #expect(sink.writes.count == 2)
        #expect(sink.writes[1] == "\r\u{1B}[2A\rone\u{1B}[K\n\rthree\u{1B}[K\n\u{1B}[J")
    }

    @Test func `a frame like the one before is not written`() {
        let sink = Sink()
        let screen = screen(sink)
        for _ in 0..<5 { screen.draw(["one"]) }
        #expect(sink.writes.count == 1)
    }

    @Test func `a message scrolls away above the lines`() {
        let sink = Sink()
        let screen = screen(sink)
        screen.draw(["one"])
        screen.print("warning\n")
        #expect(sink.writes[1] == "\r\u{1B}[1Awarning\u{1B}[K\n\rone\u{1B}[K\n\u{1B}[J")
    }

    @Test func `lines that a narrower terminal has wrapped are drawn over whole`() {
        let sink = Sink()
        let columns = Mutex(80)
        let screen = ProgressScreen(columns: { columns.withLock { $0 } }, write: { sink.take($0) })
        screen.draw([String(repeating: "x", count: 70)])
        columns.withLock { $0 = 40 }
        screen.draw(["y"])
        #expect(sink.writes[1].hasPrefix("\r\u{1B}[2A"))
    }

    @Test(arguments: [40, 60, 80, 120])
    func `no live line is wider than the terminal`(columns: Int) {
        let rows = [
            ["東京本店のとても長い名前の店", "inventory_levels", "page 1,234", "12,345,678 records", "9,999/s", ""],
            ["b", "orders", "page 2", "20 records", "", "12 retries, retry in 59.9 s"],
        ]
        for line in ProgressLayout.lines(rows, columns: columns) {
            #expect(TerminalText.width(line) <= columns)
        }
    }

    @Test func `columns stand under each other behind double width names`() throws {
        let rows = [["東京", "orders", "", "", "", "|"], ["berlin", "orders", "", "", "", "|"]]
        let lines = ProgressLayout.lines(rows, columns: 80)
        let places = lines.map { line in TerminalText.width(String(line.prefix { $0 != "|" })) }
        #expect(Set(places).count == 1)
    }

    @Test(arguments: [60, 80, 200])
    func `a summary table fits its terminal`(columns: Int) {
        var stored = ResourceResult(name: "payments_transactions", table: "shopline_payments_transactions")
        stored.counts.fetched = 12_345_678
        stored.counts.unchanged = 12_345_678
        let rows = [SummaryTable.Row("大阪梅田フラッグシップ店", stored), SummaryTable.Row("b", stored)]
        let text = SummaryTable.text(rows, columns: columns, style: .plain)
        for line in text.split(separator: "\n") { #expect(TerminalText.width(String(line)) <= columns) }
        #expect(text.contains("deleted"))
    }

    @Test(arguments: [
        ([:], true), (["NO_COLOR": "1"], false), (["NO_COLOR": ""], true), (["TERM": "dumb"], false),
    ])
    func `colours follow NO_COLOR and the terminal`(environment: [String: String], hasColor: Bool) {
        #expect((TerminalStyle(isTerminal: true, environment: environment).bad("x") == "x") != hasColor)
        #expect(TerminalStyle(isTerminal: false, environment: environment).bad("x") == "x")
    }

    @Test func `what would move the cursor is shown as a mark`() {
        #expect(
            TerminalText.safe("a\u{1B}[2Jb\u{7}c\nd\u{202E}e") == "a\u{FFFD}[2Jb\u{FFFD}c\u{FFFD}d\u{FFFD}e")
    }

    @Test func `the rate is that of the last seconds, also when a pull goes on from a checkpoint`() throws {
        let progress = Progress()
        func line(_ resource: String, _ records: Int) throws -> Progress.Line {
            progress.update("a", at: 0) { line in
                line.resource = resource
                line.page = 40
                line.records = records
            }
            return try #require(progress.snapshot.first)
        }
        var rate = ProgressRate()
        rate.note(try line("orders", 40_000), at: 0)
        #expect(rate.perSecond == nil)
        rate.note(try line("orders", 41_000), at: 2)
        #expect(rate.perSecond == 500)
        rate.note(try line("products", 10), at: 3)
        #expect(rate.perSecond == nil)
    }

    @Test(arguments: [(0.0, "0:00"), (59, "0:59"), (61, "1:01"), (3600, "1:00:00"), (36_125, "10:02:05")])
    func `elapsed time reads as a clock`(seconds: Double, text: String) {
        #expect(ProgressLayout.clock(seconds) == text)
    }

    @Test func `every command and option is in every completion and in the manual`() {
        for command in CommandTable.commands {
            for shell in CompletionScript.shells {
                #expect(CompletionScript.text(for: shell).contains(command.name))
            }
            for option in command.options {
                #expect(CompletionScript.text(for: "bash").contains("--\(option.name)"))
                #expect(CompletionScript.text(for: "zsh").contains("--\(option.name)["))
                #expect(CompletionScript.text(for: "fish").contains("-l \(option.name)"))
                #expect(ManPage.text.contains(option.name.replacing("-", with: "\\-")))
            }
        }
    }
}
