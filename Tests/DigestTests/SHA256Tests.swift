import Digest
import Testing

struct SHA256Tests {
    /// The examples of FIPS 180, and the vectors of NIST for empty and short messages.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrs"
                + "mnopqrstnopqrstu",
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
    ])
    func `the examples of FIPS 180 hold`(message: String, expected: String) {
        #expect(Hex.encode(SHA256.hash(Array(message.utf8))) == expected)
    }

    @Test func `a million times the letter a`() {
        let expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        #expect(Hex.encode(SHA256.hash([UInt8](repeating: 0x61, count: 1_000_000))) == expected)
        var hash = SHA256()
        for _ in 0..<1000 {
            hash.update(repeatElement(0x61, count: 1000))
        }
        #expect(Hex.encode(hash.finalize()) == expected)
    }

    @Test func `the pieces of a message do not matter`() {
        let message = (0..<300).map { UInt8(truncatingIfNeeded: $0) }
        for length in [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 129, 300] {
            let whole = SHA256.hash(Array(message[..<length]))
            for cut in stride(from: 0, through: length, by: 7) {
                var hash = SHA256()
                hash.update(message[..<cut])
                message[cut..<length].withUnsafeBytes { hash.update($0) }
                #expect(hash.finalize() == whole)
            }
        }
    }

    @Test func `every length around a block is padded right`() {
        var hash = SHA256()
        for length in 0...130 {
            hash.update(SHA256.hash([UInt8](repeating: 0xA5, count: length)))
        }
        #expect(
            Hex.encode(hash.finalize()) == "3b5732e9fc5890e89286702dcb3e820a81ad81ce6e5f5885294b633ce6e974e0")
    }

    @Test func `a finished hash is as new`() {
        var hash = SHA256()
        hash.update(Array("abc".utf8))
        let first = hash.finalize()
        hash.update(Array("abc".utf8))
        #expect(hash.finalize() == first)
        #expect(first.count == SHA256.byteCount)
    }
}
