/// The scripted faults in their order.
struct FaultQueue {
    private(set) var faults: [Fault] = []

    mutating func add(_ fault: Fault) {
        if fault.times > 0 { faults.append(fault) }
    }

    mutating func removeAll() { faults.removeAll() }

    /// The fault this request meets, if any, counted down.
    ///
    /// Only the first matching fault of the queue looks at a request.
    mutating func take(for request: Request) -> Fault? {
        guard let index = faults.firstIndex(where: { $0.matches(request) }) else { return nil }
        if faults[index].after > 0 {
            faults[index].after -= 1
            return nil
        }
        let fault = faults[index]
        faults[index].times -= 1
        if faults[index].times <= 0 { faults.remove(at: index) }
        return fault
    }
}
