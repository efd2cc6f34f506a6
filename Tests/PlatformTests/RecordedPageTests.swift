import JSON
import Platforms
import SQLite
import Testing

@testable import Sync

/// Recorded pages of every resource, written to a real mirror and read through its views.
struct RecordedPageTests {
    @Test(arguments: ResourceCase.all)
    func `the views show a recorded page as it is`(example: ResourceCase) async throws {
        let mirrored = try await Mirrored.page(example.page(), of: example)
        #expect(mirrored.unreadableTimes == 0)
        #expect(mirrored.counts.duplicate == 0)
        for (view, rows) in mirrored.views {
            let expected = try example.rows(of: view)
            #expect(rows.count == expected.count, "rows of \(view)")
            let isFed = example.resource.lists.contains { $0.name == view && $0.other != nil }
            #expect(!rows.isEmpty || isFed, "the recorded page shows nothing in \(view)")
            for (row, wanted) in zip(rows, expected) {
                for (name, value) in wanted.objectValue ?? [] {
                    let shown = try #require(row[name], "\(view) has no column \(name)")
                    #expect(isSame(shown, value), "\(view).\(name) is \(shown ?? "NULL"), not \(value)")
                }
            }
            #expect(unnamed(rows, expected, of: view, example).isEmpty, "columns without an expectation")
        }
    }

    @Test(arguments: ResourceCase.all)
    func `numbers instead of strings read the same`(example: ResourceCase) async throws {
        let page = try example.page()
        let plain = try await Mirrored.page(page, of: example)
        let times = Set(example.resource.columns.filter { $0.kind == .time }.map(\.path))
        let numeric = try await Mirrored.page(
            Self.changed(page, of: example) { name, value in
                guard case .string(let text) = value, !times.contains(name), Self.isNumber(text) else {
                    return value
                }
                return .number(text)
            }, of: example)
        for (row, same) in zip(
            plain.views[example.resource.name] ?? [], numeric.views[example.resource.name] ?? [])
        {
            for (name, value) in row where name != "payload" { #expect(same[name] == value, "\(name)") }
        }
        #expect(numeric.counts.inserted == plain.counts.inserted)
    }

    @Test(arguments: ResourceCase.all)
    func `nulls, empty texts and missing members are no error`(example: ResourceCase) async throws {
        let page = try example.page()
        let key = Set(example.resource.key)
        let columns = MirrorSchema.columns(of: example.resource).filter { !key.contains($0.column.path) }
        for blank in [JSONValue.null, .string("")] {
            let blanked = try await Mirrored.page(
                Self.changed(page, of: example) { name, value in
                    key.contains(name) ? value : blank
                }, of: example)
            #expect(blanked.unreadableTimes == 0)
            for row in blanked.views[example.resource.name] ?? [] {
                let createdPath = example.resource.created.map { key.contains($0) } ?? false
                #expect(createdPath || row["created_at"] == .some(nil))
                #expect(row["updated_at"] == .some(nil))
                for (name, column) in columns where blank.isNull || column.kind == .time {
                    #expect(row[name] == .some(nil), "\(name)")
                }
            }
        }
        let bare = try await Mirrored.page(
            Self.changed(page, of: example) { name, value in
                key.contains(name) ? value : nil
            }, of: example)
        #expect(bare.counts.inserted == bare.counts.fetched && bare.counts.fetched > 0)
        for list in example.resource.lists { #expect(bare.views[list.name] == []) }
    }

    // MARK: Pages

    /// The page with every member of its records changed; nil takes a member away.
    private static func changed(
        _ page: JSONValue, of example: ResourceCase, _ change: (String, JSONValue) -> JSONValue?
    ) -> JSONValue {
        func record(_ value: JSONValue) -> JSONValue {
            .object(
                (value.objectValue ?? []).compactMap { member in
                    change(member.key, member.value).map { (member.key, $0) }
                })
        }
        guard let list = example.resource.records.last else { return record(page) }
        guard example.resource.records.count == 1 else {
            return .object(
                (page.objectValue ?? []).map { member in
                    guard member.key == example.resource.records.first else { return member }
                    var inner = example
                    inner.resource.records.removeFirst()
                    return (member.key, changed(member.value, of: inner, change))
                })
        }
        return .object(
            (page.objectValue ?? []).map { member in
                guard member.key == list else { return member }
                if let records = member.value.arrayValue { return (member.key, .array(records.map(record))) }
                return (member.key, record(member.value))
            })
    }

    /// A decimal that JSON may hold as a number: no leading zeros, no sign of plus.
    private static func isNumber(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty }), let whole = parts.first else {
            return false
        }
        return parts.allSatisfy { $0.allSatisfy { ("0"..."9").contains($0) } }
            && (whole == "0" || whole.first != "0")
    }

    // MARK: Values

    private func isSame(_ shown: String?, _ wanted: JSONValue) -> Bool {
        switch wanted {
        case .null: shown == nil
        case .string(let text): shown == text
        case .object, .array: shown.flatMap { try? JSONValue.parse(Array($0.utf8)) } == wanted
        default: false
        }
    }

    private func unnamed(
        _ rows: [[String: String?]], _ expected: [JSONValue], of view: String, _ example: ResourceCase
    ) -> [String] {
        let own: Set<String> = [
            "connection", "first_seen_at", "changed_at", "changed_run", "change", "deleted_at", "payload",
            "position",
        ]
        let named = Set(expected.flatMap { ($0.objectValue ?? []).map(\.key) })
        return (rows.first ?? [:]).keys.filter { !own.contains($0) && !named.contains($0) }.sorted()
    }
}
