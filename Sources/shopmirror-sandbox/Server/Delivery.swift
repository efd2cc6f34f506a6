/// How a response travels: as it should, or broken in a scripted way.
enum Delivery: Equatable {
    case whole
    /// The head promises the whole body, half of it comes, then the connection ends.
    case truncated
    /// The connection ends without a byte.
    case closed
    /// The connection is reset without a byte.
    case reset
    /// Nothing comes, and the connection stays open.
    case stalled
    /// The body comes in small pieces with pauses between them.
    case dripping(bytes: Int, milliseconds: Int)
}
