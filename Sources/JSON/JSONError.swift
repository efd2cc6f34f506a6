/// Why a JSON text was refused.
///
/// Carries no value of the text: those are customers' data.
package struct JSONError: Error, Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// Not a JSON text by RFC 8259, or not UTF-8.
        case syntax
        /// More than `JSONError.maximumDepth` containers inside each other.
        case tooDeep
        /// The member that should hold the records is absent.
        case recordsMissing
        /// The member that should hold the records is of another type, or stands twice.
        case recordsNotAList
        case recordNotAnObject
        /// A key is missing, empty, null, a boolean, a fraction, a container, or stands twice.
        case badKey
        case recordTooLarge
    }

    /// The number of containers that may stand inside each other.
    package static let maximumDepth = 512

    package var kind: Kind
    /// A fragment of a sentence: "record 17 has no key 'goods_id'", "invalid UTF-8 at byte 1234".
    ///
    /// Records are counted from 1, bytes from 0.
    package var problem: String
    /// Where the text went wrong, in bytes from its start; nil when the text is valid JSON.
    package var offset: Int?
    /// What the envelope said, by index into the layout's `envelope`.
    ///
    /// Complete when the text is valid JSON (`offset` is nil). Otherwise what was read up to `offset`, and for the
    /// names at the top level also what `RecordScanner.salvage` finds behind it, so that no token is lost.
    package var envelope: [JSONScalar?]

    package init(_ kind: Kind, _ problem: String, offset: Int? = nil, envelope: [JSONScalar?] = []) {
        self.kind = kind
        self.problem = problem
        self.offset = offset
        self.envelope = envelope
    }
}
