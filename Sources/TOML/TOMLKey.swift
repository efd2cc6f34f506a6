/// A key as TOML compares it: by its bytes.
///
/// Swift's `String` calls two spellings of "é" equal, TOML does not.
struct TOMLKey: Hashable {
    let text: String

    static func == (left: TOMLKey, right: TOMLKey) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
