/// The users of the account center and how they are written.
struct AccountCenterPeople {
    let seed: UInt64
    let table: RecordTable
    /// Times of logins since the start, by user.
    var logins: [Int: Int] = [:]

    init(settings: Settings) {
        seed = settings.seed &* 31 &+ 5
        let count = settings.count(130, factor: 0.02)
        let span = 31_536_000
        table = RecordTable(
            rows: (1...count).map { number in
                var mixer = Mixer(seed: settings.seed, Mixer.salt("people"), number)
                let created = settings.dataEnd - span + span / count * (number - 1)
                var row = RecordRow(identifier: number, created: created, updated: created)
                if mixer.chance(50) { row.updated = created + mixer.next(max(1, settings.dataEnd - created)) }
                return row
            })
    }

    func name(_ number: Int) -> String { AccountCenterDesk.uuid(seed: seed, 61, number) }
    func unionID(_ number: Int) -> String { "uSandbox" + CivilTime.padded(number, 6) }

    /// The user with that phone number.
    func number(phone: String) -> Int? {
        table.rows.first { self.phone($0.identifier) == phone }?.identifier
    }

    func phone(_ number: Int) -> String? {
        var mixer = Mixer(seed: seed, 62, number)
        if number <= 2 { return "1990000000\(number)" }
        return mixer.chance(40) ? nil : "139" + CivilTime.padded(number, 8)
    }

    /// What a user sees of itself.
    func writeSelf(_ row: RecordRow, into json: inout JSONText) {
        json.object { json in
            writeHead(row, into: &json)
            let accounts = accounts(of: row)
            json.object("profile") {
                $0.member("nickname", accounts.isEmpty ? "" : nickname(row))
                $0.member("avatarUrl", "")
            }
            json.array("accounts") { json in
                for type in accounts {
                    json.object {
                        $0.member("provider", "wechat")
                        $0.member("type", type)
                        $0.member("nickname", nickname(row))
                        $0.member("avatarUrl", "")
                        $0.member("createdAt", time(row.created, row, salt: type.utf8.count))
                    }
                }
            }
        }
    }

    /// What the administrator sees.
    func writeFull(_ row: RecordRow, sessions: [AccountCenterSession], into json: inout JSONText) {
        json.object { json in
            writeHead(row, into: &json)
            json.member("updatedAt", time(row.updated, row, salt: 2))
            json.array("accounts") { json in
                for type in accounts(of: row) {
                    json.object {
                        $0.member(
                            "id", AccountCenterDesk.uuid(seed: seed, 63 + type.utf8.count, row.identifier))
                        $0.member("provider", "wechat")
                        $0.member("appId", type == "web" ? "wxweb0001" : "wxmp0001")
                        $0.member("openId", "o\(type)\(row.identifier)")
                        $0.member("type", type)
                        $0.member("nickname", nickname(row))
                        $0.member("avatarUrl", "https://img.example.invalid/\(row.identifier).png")
                        $0.member("createdAt", time(row.created, row, salt: type.utf8.count))
                    }
                }
            }
            json.array("sessions") { json in for session in sessions { write(session, into: &json) } }
            json.object("loginMethods") {
                $0.member("wechat", true)
                $0.member("password", row.identifier <= 2)
            }
            json.array("loginSources") { json in
                json.object {
                    $0.member("sourceHost", "crm.example.invalid")
                    $0.member("lastLoginAt", time(row.updated, row, salt: 4))
                }
            }
        }
    }

    func write(_ session: AccountCenterSession, into json: inout JSONText) {
        json.object {
            $0.member("id", session.identifier)
            $0.member("token", session.token)
            $0.member("deviceInfo", nil)
            $0.member("expiresAt", CivilTime.offsetTime(session.end, offset: 0, zulu: true))
            $0.member(
                "createdAt", CivilTime.offsetTime(session.created, offset: 0, milliseconds: 7, zulu: true))
        }
    }

    private func writeHead(_ row: RecordRow, into json: inout JSONText) {
        var mixer = Mixer(seed: seed, 64, row.identifier)
        json.member("userId", name(row.identifier))
        json.member("unionId", unionID(row.identifier))
        let phone = phone(row.identifier)
        json.member("phoneNumber", phone == nil && mixer.chance(50) ? "" : phone)
        json.member(
            "email", mixer.chance(60) ? nil : mixer.chance(20) ? "" : "staff\(row.identifier)@example.invalid"
        )
        json.member("createdAt", time(row.created, row, salt: 1))
        let login = logins[row.identifier] ?? (mixer.chance(30) ? nil : row.updated)
        json.member("lastLoginAt", login.map { time($0, row, salt: 3) })
    }

    private func nickname(_ row: RecordRow) -> String {
        var mixer = Mixer(seed: seed, 65, row.identifier)
        return mixer.pick(["小明", "张经理", "李老师🌟", "王\"店长\"", "客服/二组", ""])
            + (row.revision > 0 ? "·\(row.revision)" : "")
    }

    private func accounts(of row: RecordRow) -> [String] {
        var mixer = Mixer(seed: seed, 66, row.identifier)
        return [["web"], ["mp"], ["web", "mp"], ["mp", "web"], []][mixer.next(5)]
    }

    /// RFC 3339 with any offset and none to nine digits of a fraction.
    private func time(_ seconds: Int, _ row: RecordRow, salt: Int) -> String {
        var mixer = Mixer(seed: seed, 67, row.identifier, salt)
        let isZulu = mixer.chance(50)
        let text = CivilTime.offsetTime(seconds, offset: isZulu ? 0 : 480, zulu: isZulu)
        let digits = [0, 3, 6, 9][mixer.next(4)]
        guard digits > 0 else { return text }
        let fraction = "." + (0..<digits).map { _ in "\(mixer.next(10))" }.joined()
        return text.prefix(19) + fraction + text.dropFirst(19)
    }
}
