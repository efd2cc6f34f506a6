import Digest

/// The two signed endpoints that hand out tokens.
struct ShoplineTokenDesk {
    private static let skew = 600_000
    let clock: SandboxClock
    let settings: Settings

    /// Answers `POST /admin/oauth/token/create` and `…/refresh` of a store.
    func answer(_ request: Request, _ verb: String, _ store: ShoplineStore) -> Response {
        guard request.method == "POST" else { return .html("<html>405</html>", status: 405) }
        guard request.mediaType == "application/json" else {
            return failure("PARAM_ERROR", "Content-Type", text: true)
        }
        guard request.header("appkey") == Shopline.appKey else {
            return failure("APP_KEY_INVALID_PLACEHOLDER", "appkey is invalid", text: true)
        }
        let stamp = request.header("timestamp") ?? ""
        guard let sent = Int(stamp), stamp.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
            abs(sent - clock.milliseconds) <= Self.skew
        else { return failure("TIMESTAMP_INVALID_PLACEHOLDER", "timestamp expired", text: true) }
        let sign = Hex.encode(
            HMACSHA256.authenticationCode(
                for: request.body + Array(stamp.utf8), key: Array(Shopline.appSecret.utf8)))
        guard request.header("sign") == sign else {
            return failure("SIGN_INVALID_PLACEHOLDER", "signature verification failed", text: true)
        }
        if let name = settings.switches["shopline.token-error"] { return failure(name, name, text: false) }
        return verb == "create" ? create(request, store) : refresh(request, store)
    }

    private func create(_ request: Request, _ store: ShoplineStore) -> Response {
        guard let code = JSONReader.value(request.body)?["code"]?.text, !code.isEmpty else {
            return failure("PARAM_ERROR", "code is missing", text: false)
        }
        guard store.grant.create(code: code, now: clock.seconds, milliseconds: clock.milliseconds) else {
            return failure("OAUTH_CODE_INVALID", "code is invalid", text: false)
        }
        return success(store)
    }

    private func refresh(_ request: Request, _ store: ShoplineStore) -> Response {
        guard request.body.isEmpty || JSONReader.value(request.body)?.isObject == true else {
            return failure("PARAM_ERROR", "body", text: false)
        }
        guard store.grant.isInstalled else {
            return failure("STORE_NOT_INSTALL_APP", "the store has not installed the app", text: false)
        }
        let pause = Int(settings.switches["shopline.refresh-interval"] ?? "") ?? 0
        guard clock.seconds - store.grant.lastIssue >= pause else {
            return failure("REQUEST_FREQUENTLY", "request frequently", text: false)
        }
        store.grant.refresh(now: clock.seconds, milliseconds: clock.milliseconds)
        return success(store)
    }

    private func success(_ store: ShoplineStore) -> Response {
        var json = JSONText()
        let end = CivilTime.offsetTime(store.grant.currentEnd, offset: 0, milliseconds: 465)
        json.object { json in
            json.member("code", 200)
            json.member("i18nCode", "SUCCESS")
            json.member("message", nil)
            json.object("data") {
                $0.member("accessToken", store.grant.current)
                $0.member("expireTime", end)
                $0.member("scope", store.grant.scopes.joined(separator: ","))
            }
        }
        return Response(status: 200, type: "application/json;charset=UTF-8", body: [json.bytes])
    }

    /// Failures come with status 200 unless a switch says otherwise; the code is a number or a text.
    private func failure(_ name: String, _ message: String, text: Bool) -> Response {
        var json = JSONText()
        json.object {
            if text { $0.member("code", "500") } else { $0.member("code", 500) }
            $0.member("i18nCode", name)
            $0.member("message", message)
            $0.key("data")
            $0.null()
        }
        let status = Int(settings.switches["shopline.token-error-status"] ?? "") ?? 200
        return Response(status: status, type: "application/json;charset=UTF-8", body: [json.bytes])
    }
}
