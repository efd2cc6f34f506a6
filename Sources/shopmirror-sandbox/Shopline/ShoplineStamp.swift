/// Times and amounts in the mixed forms the platform uses.
struct ShoplineStamp {
    /// Minutes east of Greenwich.
    let offset: Int
    let milliseconds: Int?
    let isZulu: Bool

    /// The form a record uses; records changed since the start carry no milliseconds.
    init(_ row: RecordRow, seed: UInt64) {
        var mixer = Mixer(seed: seed, 11, row.identifier)
        offset = [480, 480, 0, -240, 540][mixer.next(5)]
        isZulu = offset == 0 && mixer.chance(40)
        let part = mixer.next(1000)
        milliseconds = mixer.chance(35) && row.revision == 0 && row.created < row.updated ? part : nil
    }

    /// A time of the record.
    func text(_ seconds: Int) -> String {
        CivilTime.offsetTime(seconds, offset: isZulu ? 0 : offset, milliseconds: milliseconds, zulu: isZulu)
    }

    /// The exact moment the text of `seconds` stands for.
    func exact(_ seconds: Int) -> Int { seconds * 1000 + (milliseconds ?? 0) }

    /// A decimal with none, one or two digits behind the point.
    static func money(_ cents: Int, _ mixer: inout Mixer) -> String {
        let sign = cents < 0 ? "-" : ""
        let size = abs(cents)
        let style = mixer.next(4)
        if style == 0, size % 100 == 0 { return sign + "\(size / 100)" }
        if style == 1, size % 10 == 0 { return sign + "\(size / 100).\(size / 10 % 10)" }
        return sign + "\(size / 100)." + CivilTime.padded(size % 100, 2)
    }
}
