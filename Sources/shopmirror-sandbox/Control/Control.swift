/// The control requests of tests and demos.
struct Control {
    private let sandbox: Sandbox

    init(_ sandbox: Sandbox) {
        self.sandbox = sandbox
    }

    func answer(_ request: Request) -> Response {
        if request.path == "/sandbox/state" { return StateReport(sandbox).response() }
        guard request.method == "POST" else { return .plain("POST a JSON object", status: 405) }
        switch run(script: request.body) {
        case nil: return .json("{\"ok\":true}")
        case let problem?:
            var json = JSONText()
            json.object {
                $0.member("ok", false)
                $0.member("error", problem)
            }
            return Response(status: 400, type: "application/json", body: [json.bytes])
        }
    }

    /// Applies one object, an array of objects, or one object per line.
    ///
    /// - Returns: what is wrong, `nil` when all was applied.
    func run(script: [UInt8]) -> String? {
        if let value = JSONReader.value(script) {
            for operation in value.elements ?? [value] {
                if let problem = apply(operation) { return problem }
            }
            return nil
        }
        let lines = script.split { $0 == 0x0A || $0 == 0x0D }
        guard lines.count > 1 else { return "not JSON" }
        for line in lines {
            guard let operation = JSONReader.value(Array(line)) else { return "a line is not JSON" }
            if let problem = apply(operation) { return problem }
        }
        return nil
    }

    private func apply(_ operation: JSONValue) -> String? {
        guard let name = operation["op"]?.text else { return "op is missing" }
        switch name {
        case "fault":
            guard let fault = Fault(operation) else {
                let kinds = Fault.Kind.allCases.map(\.rawValue).joined(separator: ", ")
                return "unknown kind; allowed: " + kinds
            }
            sandbox.faults.add(fault)
        case "clear-faults": sandbox.faults.removeAll()
        case "clock":
            guard let seconds = operation["advance_seconds"]?.integer else {
                return "advance_seconds is missing"
            }
            sandbox.clock.advance(seconds: seconds)
        case "latency":
            guard let milliseconds = operation["ms"]?.integer, (0...600_000).contains(milliseconds) else {
                return "ms is missing"
            }
            sandbox.latencyMilliseconds = milliseconds
        case "rate-limits": sandbox.change { $0.limitsRate = operation["on"]?.flag ?? true }
        case "switch":
            guard let key = operation["name"]?.text, let value = operation["value"] else {
                return "name, value"
            }
            sandbox.change { $0.switches[key] = value.text ?? (value.flag == true ? "true" : "false") }
        case "reset": sandbox.reset()
        case "edit": return edit(operation)
        case "expire-access": return tokens(operation) { $0.expireAccess(of: $1) }
        case "expire-refresh": return tokens(operation) { $0.expireRefresh(of: $1) }
        case "revoke": return tokens(operation) { $0.revoke($1) }
        default: return "unknown op \(name)"
        }
        return nil
    }

    private func tokens(_ operation: JSONValue, _ change: (any Simulation, String?) -> Int) -> String? {
        let account = operation["account"]?.text ?? operation["handle"]?.text
        guard let name = operation["platform"]?.text else { return "platform is missing" }
        guard let platform = sandbox.platforms.first(where: { $0.name == name }) else {
            return "unknown platform"
        }
        return change(platform, account) > 0 ? nil : "no such account"
    }

    private func edit(_ operation: JSONValue) -> String? {
        let words = (operation["resource"]?.text ?? "").split(separator: ".", maxSplits: 1).map(String.init)
        guard words.count == 2, let platform = sandbox.platforms.first(where: { $0.name == words[0] }) else {
            return "resource is platform.resource, such as shopline.orders"
        }
        guard let plan = EditPlan(operation["changes"]) else { return "changes is a number or an object" }
        let account = operation["account"]?.text ?? operation["handle"]?.text
        return platform.edit(words[1], of: account, plan) ? nil : "no such resource or account"
    }
}
