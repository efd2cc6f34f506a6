extension NextEngine {
    /// The sign-in page: `client_id` and `redirect_uri`, nothing else; someone is always signed in already.
    func signIn(_ address: SignInAddress?, account: String?) -> SignInOutcome? {
        guard let address, address.path == "/users/sign_in/" || address.path == "/users/sign_in" else {
            return nil
        }
        guard address.isServed(by: ["base.next-engine.org"]) else { return .refused("wrong host") }
        guard address.fragment.isEmpty else { return .refused("nothing belongs behind a #") }
        let form = SignInForm(address.query, required: ["client_id", "redirect_uri"])
        if let problem = form.problem { return .refused(problem) }
        guard form["client_id"] == Self.clientID else { return .refused("unknown client_id") }
        guard isRegistered(form["redirect_uri"]) else { return .refused("redirect_uri is not registered") }
        guard let code = newState(for: account) else { return .refused("no such account") }
        return .redirect(
            SignInForm.extended(form["redirect_uri"], with: [("uid", code.uid), ("state", code.state)]))
    }
}
