import Foundation
import JSON
import Testing

/// A run report, as a dashboard reads it.
struct Report {
    let json: JSONValue
    let text: String

    init(_ data: Data) throws {
        json = try JSONValue.parse([UInt8](data))
        text = String(decoding: data, as: UTF8.self)
    }

    init(_ text: String) throws { try self.init(Data(text.utf8)) }

    var status: String? { json["status"]?.stringValue }
    var exitCode: Int64? { json["exit_code"]?.int64Value }
    var runID: String? { json["run_id"]?.stringValue }
    var warnings: [String] { json["warnings"]?.arrayValue?.compactMap { $0["code"]?.stringValue } ?? [] }

    /// A figure of the totals' records.
    func total(_ name: String) -> Int64? { json["totals"]?["records"]?[name]?.int64Value }

    func connection(_ id: String) throws -> JSONValue {
        try #require(
            json["connections"]?.arrayValue?.first { $0["id"]?.stringValue == id }, "no connection \(id)")
    }

    func resource(_ name: String, of connection: String = "taipei") throws -> JSONValue {
        let resources = try self.connection(connection)["resources"]?.arrayValue
        return try #require(resources?.first { $0["name"]?.stringValue == name }, "no resource \(name)")
    }

    /// A figure of a resource's records.
    func count(_ name: String, of resource: String, in connection: String = "taipei") throws -> Int64? {
        try self.resource(resource, of: connection)["records"]?[name]?.int64Value
    }

    /// The code of a resource's error.
    func errorCode(of resource: String, in connection: String = "taipei") throws -> String? {
        try self.resource(resource, of: connection)["error"]?["code"]?.stringValue
    }
}
