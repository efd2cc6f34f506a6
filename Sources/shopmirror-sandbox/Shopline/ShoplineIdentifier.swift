/// Ids of the platform: a prefix per kind and sixteen digits, together beyond 64 bits.
struct ShoplineIdentifier {
    static let orders = ShoplineIdentifier(prefix: "2107")
    static let products = ShoplineIdentifier(prefix: "1605")
    static let variants = ShoplineIdentifier(prefix: "1805")
    static let inventoryItems = ShoplineIdentifier(prefix: "5700")
    static let locations = ShoplineIdentifier(prefix: "6300")
    static let customers = ShoplineIdentifier(prefix: "3200")
    static let collections = ShoplineIdentifier(prefix: "1220")
    static let abandoned = ShoplineIdentifier(prefix: "2207")
    static let fulfillments = ShoplineIdentifier(prefix: "2311")
    static let refunds = ShoplineIdentifier(prefix: "2412")
    static let transactions = ShoplineIdentifier(prefix: "4100")
    static let payouts = ShoplineIdentifier(prefix: "4200")
    /// A 64-bit number instead of a string.
    static let collects = ShoplineIdentifier(prefix: "70")
    static let webhooks = ShoplineIdentifier(prefix: "")

    let prefix: String
    private static let width = 16

    private var isNumber: Bool { prefix.utf8.count < 4 }

    /// The id of a record.
    func text(_ number: Int) -> String {
        isNumber
            ? prefix + CivilTime.padded(number, prefix.isEmpty ? 1 : 13)
            : prefix + CivilTime.padded(number, Self.width)
    }

    /// The record an id belongs to; `nil` for anything that is no id of this kind.
    func number(_ text: String) -> Int? {
        guard text.hasPrefix(prefix), text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        let rest = text.dropFirst(prefix.utf8.count)
        guard isNumber || rest.utf8.count == Self.width else { return nil }
        return Int(rest)
    }

    /// The largest record number whose id is not above `text`, for `since_id`; `nil` when it is no number.
    func number(notAbove text: String) -> Int? {
        guard !text.isEmpty, text.utf8.count < 30, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
            return nil
        }
        if let number = number(text) { return number }
        let digits = String(text.drop { $0 == "0" })
        let smallest = self.text(0)
        let isBelow =
            digits.utf8.count != smallest.utf8.count
            ? digits.utf8.count < smallest.utf8.count : digits < smallest
        return isBelow ? -1 : Int.max
    }
}
