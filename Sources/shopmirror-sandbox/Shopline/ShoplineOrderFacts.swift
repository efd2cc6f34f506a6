/// The parts of an order that filters look at.
struct ShoplineOrderFacts {
    let isHidden: Bool
    let isCancelled: Bool
    let financialStatus: String
    let fulfillmentStatus: String?

    init(_ row: RecordRow, seed: UInt64) {
        var mixer = Mixer(seed: seed, 21, row.identifier)
        // The flag of an edit archives the order; orders archived from the start are old ones.
        isHidden = mixer.chance(14) || row.isDeleted
        isCancelled = mixer.chance(9)
        var moving = Mixer(seed: seed, 22, row.identifier, row.revision)
        financialStatus =
            isCancelled
            ? moving.pick(["unpaid", "refunded"])
            : moving.pick([
                "paid", "paid", "paid", "pending", "partially_refunded", "authorized", "partially_paid",
            ])
        let stages: [String?] = [nil, nil, "partial", "fulfilled", "fulfilled"]
        fulfillmentStatus = isCancelled ? nil : stages[moving.next(stages.count)]
    }
}
