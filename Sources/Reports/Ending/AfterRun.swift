import HTTP
package import Sync

/// What follows a run whose report is written: page, metrics, ping, hook.
///
/// Nothing of it changes how the run ended; what fails is a warning.
package struct AfterRun: Sendable {
    let config: Config
    let context: RunContext
    let version: String

    package init(config: Config, context: RunContext, version: String) {
        self.config = config
        self.context = context
        self.version = version
    }

    /// Does all that the config asks for.
    ///
    /// - Parameter report: The run's report, as it was stored.
    package func run(_ report: RunReport) async {
        guard report.status != "skipped" else { return }
        render()
        guard !report.options.isDryRun else { return }
        if let problem = await ping(hasFailed: report.exitCode != .success) { warn(problem) }
        if let problem = await tell(report) { warn(problem) }
    }

    private func warn(_ problem: Problem) {
        var problem = problem
        problem.message = context.redactor.redact(problem.message)
        problem.at = context.clock.now()
        context.log(.warning, problem)
    }

    // MARK: Page and metrics

    private func render() {
        let storage = config.storage
        guard storage.html != nil || storage.prometheus != nil else { return }
        let archive = ReportArchive(folder: storage.reports)
        let content =
            storage.html == nil ? archive.newest(telling: config.enabledConnections) : archive.newest()
        let now = context.clock.now()
        let status = StatusReader(config: config, reports: content.reports, now: now).status()
        if let path = storage.html {
            write(HtmlPage(content, status: status, now: now, version: version).bytes, to: path, what: "page")
        }
        if let path = storage.prometheus {
            let metrics = PrometheusText(reports: content.reports, status: status, version: version)
            write(metrics.bytes, to: path, what: "metrics file")
        }
    }

    private func write(_ bytes: [UInt8], to path: String, what: String) {
        do throws(Problem) {
            if let failed = Folders.make(Paths.folder(of: path), mode: 0o755) {
                throw Wording.file(what, path, failed)
            }
            try AtomicFile.write(bytes, to: path, what: what)
        } catch {
            warn(error)
        }
    }

    // MARK: Ping

    /// Tells a dead man's switch; twice at most.
    private func ping(hasFailed: Bool) async -> Problem? {
        guard let source = config.ending.pingURL else { return nil }
        let url: String
        do throws(Problem) {
            url = try source.open(key: "ping_url", environment: context.environment)
        } catch {
            return error
        }
        context.redactor.learn([url])
        if let flaw = PingAddress.flaw(url) { return Wording.pingFailed("ping_url", "the address \(flaw)") }
        let host = URLParts.parse(url)?.host ?? "ping_url"
        let request = HTTPRequest(
            url: PingAddress.address(url, hasFailed: hasFailed), timeoutMilliseconds: 10_000,
            connectTimeoutMilliseconds: 5000, maximumResponseBytes: 1 << 20)
        var reason = ""
        for _ in 1...2 {
            do throws(TransportError) {
                let response = try await context.transport.send(request)
                if (200..<300).contains(response.status) { return nil }
                reason = "it answered HTTP \(response.status)"
            } catch {
                reason = error.message
            }
        }
        return Wording.pingFailed(host, reason)
    }

    // MARK: Hook

    private func tell(_ report: RunReport) async -> Problem? {
        guard let program = config.ending.command.first else { return nil }
        let hook = Hook(
            command: config.ending.command, timeoutSeconds: config.ending.commandTimeoutSeconds,
            environment: environment(for: report))
        return await hook.run(Array(report.text.utf8)).map { Wording.hookFailed(program, $0) }
    }

    /// Ours without any secret, and what a short script wants to know.
    private func environment(for report: RunReport) -> [String: String] {
        let secrets = config.secretVariables
        var all = context.environment.filter { name, value in
            !secrets.contains(name) && context.redactor.redact(value) == value
        }
        all["SHOPMIRROR_RUN_ID"] = report.runID
        all["SHOPMIRROR_STATUS"] = report.status
        all["SHOPMIRROR_EXIT_CODE"] = String(report.exitCode.rawValue)
        all["SHOPMIRROR_REPORT"] = "\(config.storage.reports)/\(report.runID).json"
        return all
    }
}
