import JSON
import Sync

extension StoredReport {
    /// Reads a report of version 1; fails for anything but a JSON object that calls itself one.
    ///
    /// - Parameter bytes: Any bytes.
    package init?(reading bytes: [UInt8]) {
        guard let json = try? JSONValue.parse(bytes), json["schema"]?.stringValue == RunReport.schema,
            let runID = json["run_id"]?.stringValue
        else { return nil }
        self.init()
        self.runID = runID
        status = json.word("status") ?? status
        mode = json.word("mode") ?? mode
        exitCode = min(255, json.count("exit_code"))
        isDryRun = json["dry_run"]?.boolValue ?? false
        host = json["host"]?.stringValue ?? ""
        toolVersion = json["tool"]?["version"]?.stringValue ?? ""
        startedAt = json.moment("started_at") ?? RunID.start(of: runID) ?? startedAt
        finishedAt = json.moment("finished_at") ?? startedAt
        duration = json.measure("duration_seconds") ?? 0
        connections = json.list("connections").map { StoredConnection(reading: $0) }
        warnings = json.list("warnings").compactMap { StoredIssue(reading: $0) }
        problem = StoredIssue(reading: json["error"])
        traffic = StoredTraffic(reading: json["totals"]?["http"])
    }
}

extension StoredConnection {
    init(reading json: JSONValue) {
        id = json["id"]?.stringValue ?? ""
        platform = json["platform"]?.stringValue ?? ""
        status = json.word("status") ?? status
        if let found = json["account"], let id = found["id"]?.stringValue {
            account = AccountIdentity(id: id, name: found["name"]?.stringValue)
        }
        finishedAt = json.moment("finished_at")
        duration = json.measure("duration_seconds") ?? 0
        accessExpiresAt = json["token"]?.moment("expires_at")
        refreshExpiresAt = json["token"]?.moment("refresh_expires_at")
        traffic = StoredTraffic(reading: json["http"])
        resources = json.list("resources").map { StoredResource(reading: $0) }
        problem = StoredIssue(reading: json["error"])
    }
}

extension StoredResource {
    init(reading json: JSONValue) {
        name = json["name"]?.stringValue ?? ""
        table = json["table"]?.stringValue ?? ""
        status = json.word("status") ?? status
        mode = json.word("mode") ?? ""
        pages = json.count("pages")
        if let records = json["records"] {
            counts.fetched = records.count("fetched")
            counts.inserted = records.count("inserted")
            counts.updated = records.count("updated")
            counts.unchanged = records.count("unchanged")
            counts.deleted = records.count("deleted")
            counts.restored = records.count("restored")
            counts.duplicate = records.count("duplicate")
        }
        duration = json.measure("duration_seconds") ?? 0
        problem = StoredIssue(reading: json["error"])
    }
}

extension StoredTraffic {
    init(reading json: JSONValue?) {
        guard let json else { return }
        requests = json.count("requests")
        retries = json.count("retries")
        throttled = json.count("throttled")
        errors = json.count("errors")
        bytesReceived = json.count("bytes_received")
        p50 = json["latency_ms"]?.measure("p50")
        p95 = json["latency_ms"]?.measure("p95")
        slowest = json["latency_ms"]?.measure("max")
    }
}

extension StoredIssue {
    init?(reading json: JSONValue?) {
        guard let json, json.objectValue != nil else { return nil }
        code = json.word("code") ?? code
        message = json["message"]?.stringValue ?? ""
        nextStep = json["next_step"]?.stringValue
        platformCode = json["platform_code"]?.stringValue
        httpStatus = json["http_status"]?.int64Value.flatMap { (100...599).contains($0) ? Int($0) : nil }
        at = json.moment("at")
        connection = json["connection"]?.stringValue
        resource = json["resource"]?.stringValue
    }
}

extension JSONValue {
    /// A count from 0 to 10^15, so that sums of them never overflow.
    fileprivate func count(_ name: String) -> Int {
        Int(min(max(self[name]?.int64Value ?? 0, 0), 1_000_000_000_000_000))
    }

    /// A finite number from 0 to 10^12.
    fileprivate func measure(_ name: String) -> Double? {
        guard let value = self[name]?.doubleValue, value.isFinite else { return nil }
        return min(max(value, 0), 1e12)
    }

    fileprivate func moment(_ name: String) -> Timestamp? {
        self[name]?.stringValue.flatMap { Timestamp($0) }
    }

    fileprivate func list(_ name: String) -> [JSONValue] { self[name]?.arrayValue ?? [] }

    /// One of our own words: small letters and `_`.
    fileprivate func word(_ name: String) -> String? {
        guard let text = self[name]?.stringValue, !text.isEmpty, text.utf8.count <= 40,
            text.utf8.allSatisfy({ (0x61...0x7A).contains($0) || $0 == 0x5F })
        else { return nil }
        return text
    }
}
