import Foundation
import JSON
import Testing

/// A JSON Schema, as far as the run report's uses it; an unknown keyword is an issue.
struct ReportSchema {
    private let root: JSONValue

    /// The normative schema beside this repository, or else the program's own.
    static func shared() async throws -> ReportSchema {
        let name = "shared/run-report.schema.json"
        var folder = URL(filePath: #filePath)
        while folder.path() != "/" {
            folder.deleteLastPathComponent()
            let file = folder.appending(path: name)
            if let data = try? Data(contentsOf: file) {
                return try ReportSchema(root: JSONValue.parse([UInt8](data)))
            }
        }
        let own = try await Workplace().run(["report", "schema"])
        return try ReportSchema(root: JSONValue.parse(Array(own.stdout.utf8)))
    }

    private init(root: JSONValue) { self.root = root }

    /// What is wrong with a document, one line each.
    func problems(of document: JSONValue) throws -> [String] {
        var problems: [String] = []
        try check(document, root, "$", &problems)
        return problems
    }

    private static let silent: Set<String> = ["$schema", "$defs", "title", "description"]

    private func check(_ value: JSONValue, _ schema: JSONValue, _ place: String, _ problems: inout [String])
        throws
    {
        for (keyword, rule) in try #require(schema.objectValue) where !Self.silent.contains(keyword) {
            let isFine: Bool
            switch keyword {
            case "$ref":
                let name = try #require(rule.stringValue?.split(separator: "/").last)
                try check(value, try #require(root["$defs"]?[String(name)]), place, &problems)
                isFine = true
            case "type": isFine = (rule.arrayValue ?? [rule]).contains { isKind(value, $0.stringValue ?? "") }
            case "const": isFine = value == rule
            case "enum": isFine = rule.arrayValue?.contains(value) ?? false
            case "pattern":
                let pattern = try Regex(try #require(rule.stringValue))
                isFine = value.stringValue.map { $0.firstMatch(of: pattern) != nil } ?? true
            case "minLength": isFine = value.stringValue.map { $0.count >= rule.int64Value ?? .max } ?? true
            case "minimum": isFine = value.doubleValue.map { $0 >= rule.doubleValue ?? .infinity } ?? true
            case "maximum": isFine = value.doubleValue.map { $0 <= rule.doubleValue ?? -.infinity } ?? true
            case "required":
                isFine =
                    value.objectValue == nil
                    || rule.arrayValue?.allSatisfy { value[$0.stringValue ?? ""] != nil } == true
            case "properties":
                for (name, inner) in rule.objectValue ?? [] {
                    if let member = value[name] { try check(member, inner, "\(place).\(name)", &problems) }
                }
                isFine = true
            case "items":
                for (index, element) in (value.arrayValue ?? []).enumerated() {
                    try check(element, rule, "\(place)[\(index)]", &problems)
                }
                isFine = true
            case "anyOf":
                isFine =
                    try rule.arrayValue?.contains { option in
                        var inner: [String] = []
                        try check(value, option, place, &inner)
                        return inner.isEmpty
                    } ?? false
            default:
                Issue.record("the schema uses '\(keyword)', which is not checked")
                isFine = true
            }
            if !isFine { problems.append("\(place): \(keyword)") }
        }
    }

    private func isKind(_ value: JSONValue, _ name: String) -> Bool {
        switch value {
        case .null: name == "null"
        case .bool: name == "boolean"
        case .number: name == "number" || (name == "integer" && value.int64Value != nil)
        case .string: name == "string"
        case .array: name == "array"
        case .object: name == "object"
        }
    }
}
