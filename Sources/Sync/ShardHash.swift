import Digest

/// How connections are spread over machines.
enum ShardHash {
    static func value(_ id: String) -> UInt64 { FNV1a64.hash(Array(id.utf8)) }
}
