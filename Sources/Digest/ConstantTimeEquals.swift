/// Whether two byte strings are equal, in a time that does not tell where they differ.
///
/// The time depends on the lengths, which are not secret for a signature.
package func constantTimeEquals(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for (first, second) in zip(left, right) {
        difference |= first ^ second
    }
    return difference == 0
}
