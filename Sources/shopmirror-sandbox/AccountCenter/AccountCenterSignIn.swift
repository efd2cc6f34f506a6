extension AccountCenter {
    /// The entry for browsers: WeChat is skipped, the person is signed in at once.
    func signIn(_ address: SignInAddress?, account: String?) -> SignInOutcome? {
        guard let address, address.path == "/api/auth/wechat/login" else { return nil }
        guard address.isServed(by: ["os.crazyaigc.com"]) else { return .refused("wrong host") }
        guard address.fragment.isEmpty else { return .refused("nothing belongs behind a #") }
        let form = SignInForm(address.query, required: ["callbackUrl"])
        if let problem = form.problem { return .refused(problem) }
        let callback = form["callbackUrl"]
        guard callback.hasPrefix("https://") || callback.hasPrefix("http://localhost") else {
            return .refused(
                "{\"success\":false,\"error\":{\"code\":\"INVALID_CALLBACK_URL\",\"message\":\"回调地址不合法\"}}")
        }
        guard let user = user(named: account ?? "1") else { return .refused("no such account") }
        if settings.switches["account-center.callback"] == "code" {
            return .redirect(
                SignInForm.extended(callback, with: [("code", newCode(user)), ("type", "open")]))
        }
        let token = newSession(user).token
        let isBare = settings.switches["account-center.callback"] == "token"
        let pairs = isBare ? [("token", token)] : [("userId", people.name(user)), ("token", token)]
        return .redirect(SignInForm.extended(callback, with: pairs))
    }
}
