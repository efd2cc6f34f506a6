/// Why there is no whole response.
package struct TransportError: Error, Sendable {
    package enum Kind: Sendable {
        case network, timedOut, tls, responseTooLarge, cancelled, malformed
        /// libcurl is missing, or cannot be set up: nothing was sent, and nothing can be.
        case noLibrary
    }

    package var kind: Kind
    /// One clause for people; never holds a URL's query, a header or a body.
    package var message: String
    /// What had arrived of the decoded body.
    package var received: [UInt8]
    /// Set when the response's own header was complete.
    package var status: Int?
    package var wireBytes: Int
    package var durationMilliseconds: Double

    package init(
        _ kind: Kind, _ message: String, received: [UInt8] = [], status: Int? = nil, wireBytes: Int = 0,
        durationMilliseconds: Double = 0
    ) {
        self.kind = kind
        self.message = message
        self.received = received
        self.status = status
        self.wireBytes = wireBytes
        self.durationMilliseconds = durationMilliseconds
    }
}
