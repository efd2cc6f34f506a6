/// The state of the sandbox as JSON, for the assertions of tests.
struct StateReport {
    private let sandbox: Sandbox

    init(_ sandbox: Sandbox) {
        self.sandbox = sandbox
    }

    func response() -> Response {
        var json = JSONText(capacity: 16_384)
        json.object { json in
            json.member("now", CivilTime.offsetTime(sandbox.clock.seconds, offset: 0, zulu: true))
            json.member("offset_seconds", sandbox.clock.offsetSeconds)
            json.member("latency_ms", sandbox.latencyMilliseconds)
            json.member("rate_limits", sandbox.settings.limitsRate)
            json.member("total_requests", sandbox.journal.total)
            json.object("requests") { json in
                for (path, count) in sandbox.journal.counts.sorted(by: { $0.key < $1.key }) {
                    json.key(path.filter { $0 != "\"" && $0 != "\\" })
                    json.number(count)
                }
            }
            json.array("faults") { json in
                for fault in sandbox.faults.faults { write(fault, into: &json) }
            }
            json.object("platforms") { json in
                for platform in sandbox.platforms {
                    json.object(platform.name) { platform.report(into: &$0) }
                }
            }
            json.array("last_requests") { json in
                for entry in sandbox.journal.latest { write(entry, into: &json) }
            }
        }
        return Response(status: 200, type: "application/json; charset=utf-8", body: [json.bytes])
    }

    private func write(_ fault: Fault, into json: inout JSONText) {
        json.object {
            $0.member("kind", fault.kind.rawValue)
            $0.member("match", fault.match)
            $0.member("after", fault.after)
            $0.member("times", fault.times)
        }
    }

    private func write(_ entry: Journal.Entry, into json: inout JSONText) {
        json.object {
            $0.member("at_ms", entry.at)
            $0.member("method", entry.method)
            $0.member("target", entry.target)
            if !entry.parameters.isEmpty { $0.member("parameters", entry.parameters) }
            $0.member("status", entry.status)
            $0.member("bytes", entry.bytes)
            if let fault = entry.fault { $0.member("fault", fault) }
        }
    }
}
