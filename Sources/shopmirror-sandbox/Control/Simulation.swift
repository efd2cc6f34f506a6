/// One simulated platform.
protocol Simulation: AnyObject {
    /// The platform's name as in the contract.
    var name: String { get }

    /// Whether a path belongs to this platform.
    func serves(_ request: Request) -> Bool

    /// The answer; `fault` is a scripted misbehaviour that the platform itself has to act out.
    func answer(_ request: Request, fault: Fault?) -> Response

    /// Ends the life of access tokens; every account's where `account` is `nil`.
    ///
    /// - Returns: how many accounts were met.
    func expireAccess(of account: String?) -> Int
    func expireRefresh(of account: String?) -> Int
    func revoke(_ account: String?) -> Int

    /// Changes records.
    ///
    /// - Returns: `false` when there is no such resource or account.
    func edit(_ resource: String, of account: String?, _ plan: EditPlan) -> Bool

    /// What the sign-in page does with an address; `nil` when it is not this platform's.
    func signIn(_ address: SignInAddress?, account: String?) -> SignInOutcome?

    /// Takes over changed switches.
    func apply(_ settings: Settings)

    /// Writes the members of the platform's object in the state report.
    func report(into json: inout JSONText)
}
