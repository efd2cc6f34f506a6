/// One account of the hub and its consent.
final class AiHubMixUser {
    let number: Int
    let identifier: Int
    var grant: AiHubMixGrant
    private(set) var quota: Int
    private(set) var used: Int
    private(set) var version = 1

    init(number: Int, settings: Settings, now: Int) {
        self.number = number
        identifier = 88_016 + number
        let seed = settings.seed &+ UInt64(number) &* 6151
        grant = AiHubMixGrant(suffix: number == 1 ? "" : "-\(number)", seed: seed, now: now)
        var mixer = Mixer(seed: seed, Mixer.salt("quota"))
        quota = 3_000_000 + mixer.next(9_000_000_000)
        used = 10_000_000 + mixer.next(9_000_000_000)
    }

    /// Spends some of the quota, as a used account does between two runs.
    func use(_ amount: Int) {
        let spent = min(quota, max(0, amount))
        quota -= spent
        used += spent
        version += 1
    }

    /// The profile, as far as the consent's scopes show it.
    func write(into json: inout JSONText, status: Int, textual: Bool) {
        func figure(_ name: String, _ value: Int, _ json: inout JSONText) {
            if textual { json.member(name, "\(value)") } else { json.member(name, value) }
        }
        json.object { json in
            json.member("id", identifier)
            if grant.scopes.contains("profile") {
                json.member("username", number == 1 ? "mirror-demo" : "mirror-demo-\(number)")
                json.member("email", "demo\(number)@example.invalid")
            }
            if grant.scopes.contains("balance") {
                figure("quota", quota, &json)
                figure("used_quota", used, &json)
                let cents = quota / 5000
                json.member("balance_formatted", "\(cents / 100)." + CivilTime.padded(cents % 100, 2))
            }
            figure("created_time", 1_719_792_000, &json)
            json.member("status", status)
        }
    }
}
