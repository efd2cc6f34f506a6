import Digest
import Testing

struct EncodingTests {
    /// RFC 4648, section 10.
    private static let base64 = [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ]

    @Test(arguments: base64)
    func `the vectors of RFC 4648 hold for base 64`(text: String, encoded: String) {
        #expect(Base64.encode(Array(text.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(text.utf8))
        #expect(Base64.decode(encoded.filter { $0 != "=" }) == Array(text.utf8))
    }

    @Test func `both alphabets of base 64 are read`() {
        #expect(Base64.decode("+/+/") == [0xFB, 0xFF, 0xBF])
        #expect(Base64.decode("-_-_") == [0xFB, 0xFF, 0xBF])
        #expect(Base64.encode([0xFB, 0xFF, 0xBF]) == "+/+/")
    }

    @Test func `every byte survives base 64`() {
        let bytes = (0..<259).map { UInt8(truncatingIfNeeded: $0) }
        for length in [256, 257, 258, 259] {
            #expect(Base64.decode(Base64.encode(Array(bytes[..<length]))) == Array(bytes[..<length]))
        }
    }

    @Test(arguments: [
        "Z", "Zm9vY", "Zg=", "Zg===", "Zm8==", "Zm9v=", "=", "====", "Zg==Zg==", "Z=g=", "Zm 8=", "Zm8=\n",
        "Zé==",
    ])
    func `malformed base 64 is refused`(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test func `bits after the last byte are ignored`() {
        #expect(Base64.decode("Zh==") == Array("f".utf8))
    }

    /// RFC 4648, section 10.
    @Test func `the vectors of RFC 4648 hold for hexadecimal`() {
        #expect(Hex.encode(Array("foobar".utf8)) == "666f6f626172")
        #expect(Hex.decode("666F6f626172") == Array("foobar".utf8))
        #expect(Hex.encode([]) == "")
        #expect(Hex.decode("") == [])
        let bytes = Array(UInt8.min...UInt8.max)
        #expect(Hex.decode(Hex.encode(bytes)) == bytes)
        #expect(Hex.decode(Hex.encode(bytes).uppercased()) == bytes)
    }

    @Test(arguments: ["0", "000", "0g", "0x", " 00", "é", "/0", ":0", "@0", "G0", "`0"])
    func `malformed hexadecimal is refused`(text: String) {
        #expect(Hex.decode(text) == nil)
    }

    @Test func `equality is that of all bytes`() {
        #expect(constantTimeEquals([], []))
        #expect(constantTimeEquals([1, 2, 3], [1, 2, 3]))
        #expect(!constantTimeEquals([1, 2, 3], [1, 2, 4]))
        #expect(!constantTimeEquals([1, 2, 3], [0, 2, 3]))
        #expect(!constantTimeEquals([1, 2, 3], [1, 2]))
        #expect(!constantTimeEquals([], [0]))
    }

    /// The vectors published with the hash, `test_fnv.c`.
    @Test(
        arguments: [
            ("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("b", 0xaf63_df4c_8601_f1a5),
            ("c", 0xaf63_de4c_8601_eff2), ("d", 0xaf63_d94c_8601_e773), ("e", 0xaf63_d84c_8601_e5c0),
            ("f", 0xaf63_db4c_8601_ead9), ("fo", 0x0898_5907_b541_d342), ("foo", 0xdcb2_7518_fed9_d577),
            ("foob", 0xdd12_0e79_0c25_12af), ("fooba", 0xcac1_65af_a2fe_f40a),
            ("foobar", 0x8594_4171_f739_67e8),
        ] as [(String, UInt64)])
    func `the published vectors of FNV-1a hold`(text: String, expected: UInt64) {
        #expect(FNV1a64.hash(Array(text.utf8)) == expected)
    }
}
