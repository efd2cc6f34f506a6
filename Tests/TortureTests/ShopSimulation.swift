import HTTP
import Sync
import Synchronization

/// A shop on the other end of the wire: answers requests, and is edited between any two of them.
final class ShopSimulation: HTTPTransport {
    struct State: Sendable {
        var truth: ShopTruth
        var server: ShopServer
        var random: SeededRandom
        /// Our clock minus the platform's.
        var skew: Int64 = 0
        var hasDate = true
        var isQuiet = false
        /// Faults in percent of the requests.
        var faultRate = 0
        var stepsClock = false
        var requests = 0
        /// A lie that the platform tells instead of the truth, by the number of the request.
        var lie:
            (
                @Sendable (HTTPRequest, ShopTruth, ShopServer) -> (
                    Int, [(name: String, value: String)], String
                )?
            )?
        var log: [String] = []
    }

    private let state: Mutex<State>
    /// Told about every request before it is answered.
    let onRequest = Mutex<(@Sendable (HTTPRequest) -> Void)?>(nil)

    init(_ state: State) { self.state = Mutex(state) }

    func with<R: Sendable>(_ body: (inout sending State) -> sending R) -> R { state.withLock(body) }

    var clock: Clock {
        Clock(
            now: { self.state.withLock { Timestamp(secondsSinceEpoch: $0.truth.now + $0.skew) } },
            monotonic: { self.state.withLock { Double($0.truth.now - ShopTruth.start) } },
            sleep: { seconds in self.state.withLock { $0.truth.pass(Int64(seconds.rounded(.up))) } })
    }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        onRequest.withLock { $0 }?(request)
        let outcome = state.withLock { state -> Result<HTTPResponse, TransportError> in
            Self.answer(request, &state)
        }
        return try outcome.get()
    }

    private static func answer(_ request: HTTPRequest, _ state: inout State) -> Result<
        HTTPResponse, TransportError
    > {
        state.requests += 1
        if !state.isQuiet {
            state.truth.edit(&state.random)
            moveRows(request, &state)
            if state.stepsClock, state.random.chance(2) {
                state.skew = state.random.pick([-3600, 0, 0, 3600, -86_400]).asInt64
            }
        }
        var faulty: Int?
        if state.random.chance(state.faultRate) { faulty = state.random.pick(0...6) }
        if faulty == 0 { return .failure(TransportError(.network, "the connection was reset")) }
        if faulty == 1 { return .failure(TransportError(.timedOut, "no answer in time")) }
        var (status, headers, body) = state.server.answer(request, state.truth)
        if let lie = state.lie, let told = lie(request, state.truth, state.server) {
            (status, headers, body) = told
        }
        if faulty == 2 { (status, body) = (503, "") }
        if faulty == 3 { (status, body) = (429, "{\"errors\":\"Too many request\"}") }
        if faulty == 4 { body = String(body.prefix(body.count / 2)) }
        if faulty == 5 { body = "<html>Maintenance</html>" }
        if state.hasDate { headers.append(("Date", httpDate(state.truth.now))) }
        state.log.append(
            "\(request.url.suffix(60)) \(request.body.map { String(decoding: $0, as: UTF8.self) } ?? "") -> \(status) \(body.prefix(300))"
        )
        return .success(HTTPResponse(status: status, headers: HTTPHeaders(headers), body: Array(body.utf8)))
    }

    /// Lets rows slip through a listing.
    ///
    /// Some before them go, more than pages overlap by, so that all behind move up; or a row itself goes to a pass that was
    /// read already, and its time stays as it is.
    private static func moveRows(_ request: HTTPRequest, _ state: inout State) {
        guard state.server.isLaterPage(request), state.random.chance(state.truth.habits.moveRate) else {
            return
        }
        let listed = state.server.listed(request, state.truth)
        if state.server.kind == .orders {
            let archived = listed.filter(\.isArchived)
            if !archived.isEmpty { state.truth.put(state.random.pick(archived).id, isArchived: false) }
        } else {
            for row in listed.prefix(state.random.pick(2...3)) { state.truth.remove(row.id) }
        }
    }

    static func httpDate(_ seconds: Int64) -> String {
        let civil = CivilTime(Timestamp(secondsSinceEpoch: seconds))
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let parts = civil.dateText.split(separator: "-")
        return "Mon, \(parts[2]) \(months[civil.month - 1]) \(parts[0]) \(civil.timeText) GMT"
    }
}

extension Int {
    var asInt64: Int64 { Int64(self) }
}
