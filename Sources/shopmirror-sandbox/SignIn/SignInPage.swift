/// The simulated browser: opens a sign-in address as printed and is sent to the callback.
struct SignInPage {
    static let path = "/sandbox/authorize"
    let platforms: [any Simulation]

    /// Answers `GET /sandbox/authorize?url=ADDRESS[&account=NAME]`.
    func answer(_ request: Request) -> Response {
        let pairs = PercentCoding.pairs(request.query) ?? []
        guard let text = pairs.first(where: { $0.name == "url" })?.value, let address = SignInAddress(text)
        else {
            return .plain("url is missing or not an address\n", status: 400)
        }
        let account = pairs.first { $0.name == "account" }?.value
        for platform in platforms {
            if let outcome = platform.signIn(address, account: account) { return Self.answer(outcome) }
        }
        return .plain("not the sign-in address of any platform\n", status: 400)
    }

    static func answer(_ outcome: SignInOutcome?) -> Response {
        switch outcome {
        case .redirect(let location)?: .redirect(to: location)
        case .refused(let reason)?: .plain(reason + "\n", status: 400)
        case nil: .plain("not a sign-in address\n", status: 400)
        }
    }
}
