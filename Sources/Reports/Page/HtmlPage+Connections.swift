import Sync

extension HtmlPage {
    /// A card per connection: state, account, token, tables.
    var connections: Markup {
        var cards: [Markup] = (status?.connections ?? []).map {
            card($0, in: latest.part(of: $0.id)?.connection)
        }
        if status == nil { cards = latest.parts.map { card($0.connection) } }
        let body: Markup =
            cards.isEmpty ? "<p class=\"quiet\">There is no connection to show.</p>\n" : cards.joined()
        return """
            <section aria-labelledby="connections"><h2 id="connections">Connections</h2>
            <div class="cards">
            \(body)</div></section>

            """
    }

    private func card(_ connection: ConnectionStatus, in run: StoredConnection?) -> Markup {
        let account = Self.account(connection.account)
        let step: Markup =
            !connection.errors.isEmpty
            ? ""
            : connection.nextStep.map { "<p class=\"next\"><strong>Next step</strong> \(name: $0)</p>\n" }
                ?? ""
        let rows = connection.resources.map(row).joined()
        let next: Markup =
            connection.spacing.map {
                "<div><dt>Next run expected</dt><dd>\(Self.moment($0.next, now: now))</dd></div>\n"
            } ?? ""
        return """
            <article class="card" data-connection="\(connection.id)" data-state="\(connection.state.rawValue)">
            <h3>\(name: connection.id) \(Self.badge(connection.state))</h3>
            <p class="account">\(connection.platform)\(account)</p>
            \(step)<dl class="facts">
            <div><dt>Last success</dt><dd>\(Self.moment(connection.lastSuccessAt, now: now))</dd></div>
            \(next)\(token(connection.accessExpiresAt, connection.refreshExpiresAt))\(traffic(run))</dl>
            <div class="scroll" role="region" aria-label="Tables of \(connection.id)" tabindex="0"><table>
            <thead><tr><th scope="col">Table</th><th scope="col">State</th><th scope="col">Up to date</th>\
            <th scope="col" class="n">Rows</th><th scope="col" class="n">24 h</th></tr></thead>
            <tbody>
            \(rows)</tbody></table></div>
            </article>

            """
    }

    private func row(_ resource: ResourceStatus) -> Markup {
        let changes = resource.rows.changes
        let changed = changes.inserted + changes.updated + changes.restored + changes.deleted
        let state: Markup =
            resource.isAbsent
            ? "<span class=\"quiet\">not offered</span>"
            : "<span class=\"badge \(resource.freshness.tone)\">\(resource.freshness.rawValue)</span>"
        return """
            <tr data-resource="\(resource.name)"><th scope="row">\(resource.name)</th><td>\(state)</td>\
            <td>\(Self.moment(resource.lastSuccessAt, now: now))</td><td class="n">\(Shown.count(resource.rows.live))</td>\
            <td class="n">\(changed == 0 ? "0" : "+" + Shown.count(changed))</td></tr>

            """
    }

    /// What a report alone tells about a connection.
    private func card(_ connection: StoredConnection) -> Markup {
        let tone = connection.status == "succeeded" ? "good" : connection.status == "skipped" ? "none" : "bad"
        return """
            <article class="card" data-connection="\(connection.id)" data-state="\(connection.status)">
            <h3>\(name: connection.id) <span class="badge \(tone)">\(Shown.word(connection.status))</span></h3>
            <p class="account">\(connection.platform)\(Self.account(connection.account))</p>
            <dl class="facts">
            <div><dt>Finished</dt><dd>\(Self.moment(connection.finishedAt, now: now))</dd></div>
            \(token(connection.accessExpiresAt, connection.refreshExpiresAt))\(traffic(connection))</dl>
            </article>

            """
    }

    private static func account(_ account: AccountIdentity?) -> Markup {
        guard let account else { return "" }
        guard let name = account.name, !name.isEmpty else { return " · \(name: account.id)" }
        return " · \(name: name) <span class=\"quiet\">\(name: account.id)</span>"
    }

    private func token(_ access: Timestamp?, _ refresh: Timestamp?) -> Markup {
        guard let end = refresh ?? access else {
            return "<div><dt>Token</dt><dd><span class=\"quiet\">no known end</span></dd></div>\n"
        }
        let left = end.secondsSinceEpoch - now.secondsSinceEpoch
        let tone = left <= 0 ? "bad" : left < 3 * 86_400 && refresh != nil ? "warn" : "none"
        let name = refresh == nil ? "Token ends" : "Sign-in ends"
        let renewed: Markup =
            refresh == nil || access == nil
            ? "" : " <span class=\"quiet\">(access token ends \(Self.moment(access, now: now)))</span>"
        return """
            <div><dt>\(name)</dt><dd><span class="end \(tone)" data-token>\(Self.moment(end, now: now))</span>\(renewed)</dd></div>

            """
    }

    private func traffic(_ run: StoredConnection?) -> Markup {
        guard let run, run.traffic.requests > 0 else { return "" }
        let calls = run.traffic
        let latency = calls.p50.map { p50 in
            ", p50 \(Shown.duration(p50 / 1000)), p95 \(Shown.duration((calls.p95 ?? p50) / 1000))"
        }
        return """
            <div><dt>Last run</dt><dd>\(Shown.duration(run.duration)), \
            \(Shown.count(calls.requests, "request", "requests"))\(latency ?? "")</dd></div>

            """
    }

    private static func badge(_ state: ConnectionStatus.State) -> Markup {
        switch state {
        case .fine: "<span class=\"badge good\">fine</span>"
        case .disabled: "<span class=\"badge none\">disabled</span>"
        case .late, .never: "<span class=\"badge warn\">\(state.rawValue)</span>"
        case .failing, .needsAuthorization: "<span class=\"badge bad\">\(Shown.word(state.rawValue))</span>"
        }
    }
}

extension Freshness {
    var tone: String {
        switch self {
        case .fresh: "good"
        case .late: "bad"
        case .never: "none"
        }
    }
}
