import Foundation
import Synchronization

/// The older SHOPLINE Open API as far as its mirror needs it: rotating tokens, numbered pages, `updated_after`.
final class OpenShop: Sendable {
    struct State: Sendable {
        var orders: [(id: Int, status: String, updated: String)] = []
        var access = "OPEN-ACCESS-1"
        var refresh = "OPEN-REFRESH-1"
        var number = 1
        var life = 15_778_476
        /// What the token endpoint answers instead, once.
        var tokenAnswer: LoopbackAPI.Response?
    }

    static let secrets = [
        "OPEN_SECRET": "open-client-secret", "OPEN_ACCESS": "OPEN-ACCESS-1", "OPEN_REFRESH": "OPEN-REFRESH-1",
    ]

    private let state: SharedState
    let api: LoopbackAPI

    /// A reference that the server's thread shares.
    final class SharedState: Sendable { let value = Mutex(State()) }

    init(orders count: Int) throws {
        let state = SharedState()
        state.value.withLock { state in
            state.orders = (1...count).map { ($0, "pending", "2026-11-0\(1 + $0 % 9)T08:00:00.000+00:00") }
        }
        self.state = state
        api = try LoopbackAPI { Self.answer($0, state) }
    }

    func change(_ body: @Sendable (inout State) -> Void) { state.value.withLock { body(&$0) } }
    var current: State { state.value.withLock { $0 } }

    /// The connection as the README shows it.
    func connection(_ more: String = "", tokens: Bool = true, limit: Int = 4) -> String {
        """
        [connections.asia]
        platform         = "rest"
        base_url         = "\(api.address)/v1"
        auth             = "refresh_token"
        token_url        = "\(api.address)/oauth/token"
        client_id        = "open-client"
        client_secret    = { env = "OPEN_SECRET" }
        client_auth      = "body"
        token_parameters = { redirect_uri = "https://example.com/callback" }
        headers          = { User-Agent = "open-shop" }
        pages            = { kind = "page", page = "page", size = "per_page", pages = "pagination.total_pages", total = "pagination.total_count" }
        requests_per_second = 0
        \(tokens ? "access_token = { env = \"OPEN_ACCESS\" }\nrefresh_token = { env = \"OPEN_REFRESH\" }" : "")
        \(more)

        [connections.asia.custom.orders]
        path         = "orders"
        records      = "items"
        key          = ["id"]
        cursor       = "updated_at"
        cursor_since = "updated_after"
        cursor_times = "utc"
        created      = "created_at"
        limit        = \(limit)
        columns      = { status = "text", "total.cents" = "exact" }

        """
    }

    // MARK: Answers

    private static func answer(_ request: LoopbackAPI.Request, _ shared: SharedState) -> LoopbackAPI.Response
    {
        shared.value.withLock { state in
            if request.path == "/oauth/token" { return token(request, &state) }
            guard request.headers["user-agent"] == "open-shop" else {
                return LoopbackAPI.Response(status: 403, body: #"{"error":"User-Agent is missing"}"#)
            }
            guard request.headers["authorization"] == "Bearer \(state.access)" else {
                return LoopbackAPI.Response(status: 401, body: #"{"error":"access token expired"}"#)
            }
            return orders(request, state)
        }
    }

    private static func token(_ request: LoopbackAPI.Request, _ state: inout State) -> LoopbackAPI.Response {
        if let answer = state.tokenAnswer {
            state.tokenAnswer = nil
            return answer
        }
        let form = request.form
        guard form["client_id"] == "open-client", form["client_secret"] == "open-client-secret",
            form["redirect_uri"] == "https://example.com/callback", form["grant_type"] == "refresh_token"
        else { return LoopbackAPI.Response(status: 401, body: #"{"error":"invalid_client"}"#) }
        guard form["refresh_token"] == state.refresh else {
            return LoopbackAPI.Response(
                status: 400,
                body:
                    #"{"error":"invalid_grant","error_description":"The refresh token was used or is unknown."}"#
            )
        }
        state.number += 1
        state.access = "OPEN-ACCESS-\(state.number)"
        state.refresh = "OPEN-REFRESH-\(state.number)"
        return LoopbackAPI.Response(
            body: """
                {"access_token":"\(state.access)","token_type":"Bearer","expires_in":\(state.life),\
                "refresh_token":"\(state.refresh)","scope":"orders","created_at":1793000000,"resource_owner_id":"5f0"}
                """)
    }

    private static func orders(_ request: LoopbackAPI.Request, _ state: State) -> LoopbackAPI.Response {
        let query = request.query
        let size = Int(query["per_page"] ?? "") ?? 24
        let page = Int(query["page"] ?? "") ?? 1
        let after = query["updated_after"]?.replacingOccurrences(of: " ", with: "T") ?? ""
        let rows = state.orders.filter { $0.updated > after }
        let shown = rows.dropFirst((page - 1) * size).prefix(size).map { order in
            """
            {"id":"\(id(order.id))","status":"\(order.status)","total":{"cents":1290,"currency_iso":"TWD"},\
            "created_at":"2026-10-01T00:00:00.000+00:00","updated_at":"\(order.updated)"}
            """
        }
        return LoopbackAPI.Response(
            body: """
                {"items":[\(shown.joined(separator: ","))],"pagination":{"current_page":\(page),"per_page":\(size),\
                "total_pages":\((rows.count + size - 1) / size),"total_count":\(rows.count)}}
                """)
    }

    /// Ids are 24 hexadecimal digits.
    static func id(_ number: Int) -> String { "5f0000000000000000000" + String(1000 + number).dropFirst() }
}
