import Digest
import Testing

struct HMACSHA256Tests {
    struct Vector: Sendable {
        var key: [UInt8]
        var message: [UInt8]
        var code: String
    }

    /// RFC 4231, sections 4.2 to 4.8.
    static let vectors = [
        Vector(
            key: repeated(0x0b, 20), message: Array("Hi There".utf8),
            code: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        Vector(
            key: Array("Jefe".utf8), message: Array("what do ya want for nothing?".utf8),
            code: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        Vector(
            key: repeated(0xaa, 20), message: repeated(0xdd, 50),
            code: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        Vector(
            key: Array(1...25), message: repeated(0xcd, 50),
            code: "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
        Vector(
            key: repeated(0x0c, 20), message: Array("Test With Truncation".utf8),
            code: "a3b6167473100ee06e0c796c2955552b"),
        Vector(
            key: repeated(0xaa, 131),
            message: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            code: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
        Vector(
            key: repeated(0xaa, 131),
            message: Array(
                ("This is a test using a larger than block-size key and a larger than block-size data. "
                    + "The key needs to be hashed before being used by the HMAC algorithm.").utf8),
            code: "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
    ]

    @Test(arguments: vectors)
    func `the vectors of RFC 4231 hold`(vector: Vector) {
        let code = HMACSHA256.authenticationCode(for: vector.message, key: vector.key)
        #expect(code.count == SHA256.byteCount)
        #expect(Hex.encode(code).hasPrefix(vector.code))
    }

    /// The signatures of SHOPLINE apps; the credentials are made up.
    @Test(arguments: [
        (
            "appkey=demo_app_key_0001&handle=open001&timestamp=1767225600000",
            "10cea1cb0697a2dc4b99f1fcc161b0b4c1cb277231935d2c64884a2b36bbb8e8"
        ),
        (
            "appkey=demo_app_key_0001&handle=open001&lang=en&timestamp=1767225600000",
            "e9bcff855b2acb705ab0700ec4f2a6bfadb4953294f98ce6c8434957543f328b"
        ),
        (
            "appkey=demo_app_key_0001&code=demo-code-7f3a&handle=open001&timestamp=1767225660000",
            "7d9b35cbdd2a9f3013907151dd1481b48e5a4c8e42c8bc9775fbe2ff436454dc"
        ),
        (
            "appkey=demo_app_key_0001&code=demo-code-7f3a&customField=sync job/1&handle=open001"
                + "&timestamp=1767225660000",
            "8a66ba2c3b6de66b5012924548dae09e2622e766ccded6aa7510771d0489735e"
        ),
        (
            "appkey=demo_app_key_0001&code=demo-code-7f3a&customField=sync%20job%2F1&handle=open001"
                + "&timestamp=1767225660000",
            "159b14667db9410e26e35754f7f041a1c607c48f8284ced62a34afc83ac78fc0"
        ),
        (
            #"{"code":"demo-code-7f3a"}1767225665000"#,
            "be5ffaf626345d7e6a86ff89ced5905b8cc9392726e866c6463775b040fae002"
        ),
        (
            #"{"code": "demo-code-7f3a"}1767225665000"#,
            "77c2e50f87714203e5876caca4e0d216235fd7f8ba867f6a8ce3d7b6ded2134c"
        ),
        ("1767258000000", "46a201c2593fca02989cb7a5f03a85e3cf97f4f7a8b00ded101886bb507287fe"),
        ("{}1767258000000", "9d508bcf5cda061b83532d435ba610dbc7d0e7b197df89bd8411e91e729d8a0e"),
        (
            #"{"id":"21070000000000000001","status":"open"}"#,
            "6a0b86df72448e6d646f04cd12756cf76485076451b61a0d7342800370aae821"
        ),
    ])
    func `a SHOPLINE request is signed like this`(text: String, signature: String) {
        let key = Array("sl_demo_secret_0123456789abcdef".utf8)
        #expect(Hex.encode(HMACSHA256.authenticationCode(for: Array(text.utf8), key: key)) == signature)
    }

    @Test func `a SHOPLINE signature in base 64`() {
        let key = Array("sl_demo_secret_0123456789abcdef".utf8)
        let message = Array(#"{"id":"21070000000000000001","status":"open"}"#.utf8)
        let code = HMACSHA256.authenticationCode(for: message, key: key)
        #expect(Base64.encode(code) == "aguG33JEjm1kbwTNEnVs92SFB2RRthoNc0KAA3Cq6CE=")
    }

    /// The fixtures of SHOPLINE's own SDK, `client/sign_test.go`.
    @Test(arguments: [
        ("", "cf5edab6b92d740fe54b3ce9e2723788128384a1eb5c2a5d64c9210a31185b86"),
        (#"{"code":"code"}"#, "4c4cf0ac52439d1308b58897f857dcba8545efb6c0e8091fba64b148218d2074"),
    ])
    func `SHOPLINE's own examples hold`(body: String, signature: String) {
        let key = Array("LDLLJJLflja2039203flaflaLLFLE".utf8)
        let message = Array((body + "21c335b3a").utf8)
        #expect(Hex.encode(HMACSHA256.authenticationCode(for: message, key: key)) == signature)
    }

    @Test func `a key of one block is not hashed, an empty one is allowed`() {
        #expect(
            HMACSHA256.authenticationCode(for: [], key: Self.repeated(7, 64))
                != HMACSHA256.authenticationCode(for: [], key: SHA256.hash(Self.repeated(7, 64))))
        #expect(
            Hex.encode(HMACSHA256.authenticationCode(for: [], key: []))
                == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }

    private static func repeated(_ byte: UInt8, _ count: Int) -> [UInt8] {
        [UInt8](repeating: byte, count: count)
    }
}
