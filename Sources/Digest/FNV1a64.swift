/// The 64-bit FNV-1a hash, for spreading and not for secrecy.
///
/// Source: <http://www.isthe.com/chongo/tech/comp/fnv/>.
package enum FNV1a64 {
    /// The hash of these bytes.
    package static func hash(_ bytes: [UInt8]) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        }
        return hash
    }
}
