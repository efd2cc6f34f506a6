/// The same goods with the same stock on two platforms, and the differences that a test plants.
///
/// Off unless the switch `stock.alike` is on. Goods number N has the SKU `sku-000000N` and the figure 7 N modulo 100 on
/// both sides; `stock.next-engine` and `stock.shopline` change some: `7 sku ABC;8 sku;9 figure 5;10 flag`.
struct SharedStock {
    private struct Change {
        var sku: String?
        var figure: Int?
        var hasFlag = false
    }

    private var changes: [Int: Change] = [:]

    /// - Returns: nil where the stock of the platforms has nothing to do with each other.
    init?(_ settings: Settings, platform: String) {
        guard settings.isOn("stock.alike") else { return nil }
        for part in (settings.switches["stock.\(platform)"] ?? "").split(separator: ";") {
            let words = part.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false).map(
                String.init)
            guard words.count > 1, let number = Int(words[0]) else { continue }
            let value = words.count > 2 ? words[2] : ""
            switch words[1] {
            case "sku": changes[number, default: Change()].sku = value
            case "figure": changes[number, default: Change()].figure = Int(value)
            default: changes[number, default: Change()].hasFlag = true
            }
        }
    }

    func sku(_ number: Int) -> String { changes[number]?.sku ?? "sku-" + CivilTime.padded(number, 7) }
    func figure(_ number: Int) -> Int { changes[number]?.figure ?? number * 7 % 100 }
    func hasFlag(_ number: Int) -> Bool { changes[number]?.hasFlag ?? false }
}
