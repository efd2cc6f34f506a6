import Glibc
import HTTP

/// One execution of `shopmirror sync`: lock, vault, mirror, every connection, report.
package struct SyncRun: Sendable {
    let config: Config
    let options: RunOptions
    let context: RunContext
    let tool: Tool

    package init(config: Config, options: RunOptions, context: RunContext, tool: Tool) {
        self.config = config
        self.options = options
        self.context = context
        self.tool = tool
    }

    /// How a run ended.
    package struct Ending: Sendable {
        package var report: RunReport
        package var exitCode: ExitCode
    }

    /// Does the whole job.
    ///
    /// Never throws: every ending is a report and an exit code.
    package func run() async -> Ending {
        var report = RunReport(
            tool: tool, host: Host.name, options: options, config: config, startedAt: context.clock.now(),
            suffix: hexSuffix())
        let start = context.clock.monotonic()
        do {
            let lock = try await lock()
            let trace = LockNote.trace(in: lock)
            let checkedAt = trace.sound?.checkTime(of: config.storage.mirror, now: report.startedAt)
            let vault = try Vault(path: config.storage.vault)
            let mirror = try openMirror(isSound: checkedAt != nil)
            report.runID = try await mirror.beginRun(
                mode: options.mode, now: report.startedAt, suffix: hexSuffix(),
                after: ReportFile(folder: config.storage.reports, keep: 0).newest, lastSign: trace.sign)
            try await mirror.prepareJointViews()
            let (run, startedAt) = (report.runID, report.startedAt)
            let sign = options.isDryRun ? trace.sign : nil
            lock.write(LockNote.text(run: run, startedAt: startedAt, line: nil, after: sign))
            context.progress.follow {
                lock.write(LockNote.text(run: run, startedAt: startedAt, line: $0, after: sign))
            }
            report.connections = await pull(mirror, vault, run)
            await vault.close()
            report.duration = context.clock.monotonic() - start
            await finish(mirror, &report)
            context.progress.follow(nil)
            if report.exitCode != .storage, !options.isDryRun {
                let sound = SoundMark(of: config.storage.mirror, checkedAt: checkedAt ?? startedAt)
                lock.write(LockNote.text(run: run, startedAt: startedAt, line: nil, sound: sound))
            }
            withExtendedLifetime(lock) {}
        } catch {
            report.duration = context.clock.monotonic() - start
            report.finishedAt = max(context.clock.now(), report.startedAt)
            end(&report, with: error)
        }
        report.close(signal: context.control.signal)
        await writeReport(&report)
        return Ending(report: report, exitCode: report.exitCode)
    }

    private func hexSuffix() -> String {
        let value = UInt16(min(65_535, max(0, context.random() * 65_536)))
        let text = String(value, radix: 16)
        return String(repeating: "0", count: 4 - text.count) + text
    }

    private func end(_ report: inout RunReport, with problem: Problem) {
        var problem = problem
        problem.message = context.redactor.redact(problem.message)
        problem.at = context.clock.now()
        report.problem = problem
    }

    // MARK: Start

    private func lock() async throws(Problem) -> FileLock {
        let path = config.storage.mirror + ".lock"
        let folder = Paths.folder(of: path)
        if access(folder, F_OK) != 0, let failed = Folders.make(folder, mode: 0o755) {
            throw Wording.file("mirror's folder", folder, failed)
        }
        let taken = try await FileLock.take(
            path, waiting: options.waitSeconds, clock: context.clock, control: context.control)
        if let taken { return taken }
        try context.control.check()
        throw LockNote.problem(FileLock.note(at: path), path: path, now: context.clock.now())
    }

    private func openMirror(isSound: Bool) throws(Problem) -> MirrorStore {
        let path = config.storage.mirror
        if access(Paths.folder(of: path), W_OK) != 0 {
            throw Wording.file("mirror's folder", Paths.folder(of: path), errno)
        }
        return try MirrorStore(
            path: path, isDryRun: options.isDryRun, isSound: isSound, history: config.mirror.history,
            platforms: config.platforms)
    }

    // MARK: Connections

    /// What is to be pulled: selected connections with their selected resources.
    package static func selection(_ config: Config, _ options: RunOptions) -> [(Connection, [ResourcePlan])] {
        config.connections.filter(\.isEnabled).filter { connection in
            options.connections.isEmpty || options.connections.contains(connection.id)
        }.filter { options.shard?.holds($0.id) ?? true }.compactMap { connection in
            let plans = connection.plans(named: options.resources)
            return plans.isEmpty ? nil : (connection, plans)
        }
    }

    private func pull(
        _ mirror: MirrorStore, _ vault: Vault, _ run: String
    ) async -> [ConnectionResult] {
        let selected = Self.selection(config, options)
        // One connection alone reads its answers where they arrive: handing each page to another thread costs a third more
        // in an unchanged run. Several share the machine's cores; and where any answer may bring new tokens, none must
        // wait until a page is written, since a run that is killed meanwhile would lose them.
        let isAlone = selected.count == 1 && !selected.contains { $0.0.platform.dialect.rotatesOnAnyAnswer }
        let executor = isAlone ? context.transport.executor : nil
        var results: [Int: ConnectionResult] = [:]
        await withTaskGroup(of: (Int, ConnectionResult).self) { group in
            var waiting = selected.enumerated().makeIterator()
            func startNext() {
                guard let (index, (connection, plans)) = waiting.next() else { return }
                let sync = ConnectionSync(
                    connection: connection, plans: plans, mirror: mirror, vault: vault, options: options,
                    run: run,
                    context: context)
                group.addTask(executorPreference: executor) { (index, await sync.run()) }
            }
            for _ in 0..<max(1, config.run.concurrency) { startNext() }
            while let (index, result) = await group.next() {
                results[index] = result
                for problem in result.problems { context.log(.info, problem) }
                startNext()
            }
        }
        var all = results.sorted { $0.key < $1.key }.map(\.value)
        // Where a stop cut nothing off, a connection that was not begun is all there is to tell of it.
        if let problem = context.control.stopReason.map(Wording.stopped),
            !all.contains(where: { $0.problems.contains { $0.code == problem.code } }),
            let index = all.firstIndex(where: { $0.status == .skipped })
        {
            all[index].problem = problem.of(all[index].id)
            all[index].problem?.at = context.clock.now()
        }
        return all
    }

    // MARK: End

    /// Brings the mirror to disk, with the run's row; what fails here is the run's own error.
    private func finish(_ mirror: MirrorStore, _ report: inout RunReport) async {
        do {
            try await mirror.compareStock(
                of: config.connections.filter(\.isEnabled), config.stock, run: report.runID)
            report.finishedAt = max(context.clock.now(), report.startedAt)
            // Copying the log into the file syncs both; where a reader holds it back, the second commit syncs the log.
            try await record(mirror, &report, isSynced: false)
            if try await !mirror.checkpoint() {
                report.warnings.append(Wording.checkpointHeld(config.storage.mirror))
                try await record(mirror, &report)
            }
            try await snapshot(mirror, &report)
        } catch {
            end(&report, with: error)
            try? await record(mirror, &report)
        }
        await mirror.close()
    }

    /// Closes the run's row in the mirror with what the report says now.
    private func record(
        _ mirror: MirrorStore, _ report: inout RunReport, isSynced: Bool = true
    ) async throws(Problem) {
        report.close(signal: context.control.signal)
        try await mirror.finishRun(
            report.runID, status: report.status, exitCode: report.exitCode.rawValue, report: report.text,
            keep: config.storage.keepReports, now: report.finishedAt, isSynced: isSynced)
    }

    /// Made when the run's row is whole; what fails of it is told in the row and the report alike.
    private func snapshot(_ mirror: MirrorStore, _ report: inout RunReport) async throws(Problem) {
        guard let path = config.storage.snapshot, context.control.signal == nil,
            var problem = try await mirror.snapshot(to: path)
        else { return }
        problem.at = context.clock.now()
        report.warnings.append(problem)
        try await mirror.finishRun(
            report.runID, status: report.status, exitCode: report.exitCode.rawValue, report: report.text,
            keep: config.storage.keepReports, now: report.finishedAt)
        _ = try await mirror.checkpoint()
    }

    private func writeReport(_ report: inout RunReport) async {
        let file = ReportFile(folder: config.storage.reports, keep: config.storage.keepReports)
        do {
            try file.write(report, isLatest: report.status != "skipped", instant: context.instant)
        } catch {
            end(&report, with: error)
            report.close(signal: context.control.signal)
        }
    }
}

extension Connection {
    /// The plans of the named resources, or of the selected ones.
    package func plans(named names: [String]) -> [ResourcePlan] {
        guard !names.isEmpty else { return resources.filter(\.isSelected) }
        return platform.resources.filter { names.contains($0.name) }.map { wanted in
            resource(named: wanted.name) ?? plan(of: wanted)
        }
    }
}

extension Shard {
    /// Whether a connection belongs to this part: FNV-1a 64 of its id, modulo the number of parts.
    package func holds(_ connection: String) -> Bool {
        ShardHash.value(connection) % UInt64(count) == UInt64(index - 1)
    }
}

/// The program that runs, as the report names it.
package struct Tool: Sendable {
    package var name: String
    package var version: String

    package init(name: String, version: String) {
        self.name = name
        self.version = version
    }
}

/// This machine.
package enum Host {
    /// As libdispatch counts them when it makes its pool.
    package static let processors = sysconf(Int32(_SC_NPROCESSORS_ONLN))

    package static var name: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
