import Glibc

/// The grammar of RFC 8259 over a padded buffer, which it can compact in place while reading.
///
/// Bounds: the text is followed by `padding` zero bytes. A zero byte ends every loop here, because no rule of the
/// grammar accepts it, so a cursor only moves past bytes that are not zero and never gets beyond `end`; and from any
/// cursor up to `end` eight bytes can be loaded at once.
struct ByteScanner: ~Copyable {
    typealias Cursor = UnsafeMutablePointer<UInt8>

    static let padding = 8

    let start: Cursor
    let end: Cursor
    /// How many containers are open around the cursor.
    var depth = 0
    /// The byte that closes the container at each depth, from 1 on.
    private let closers: Cursor

    /// Whether what is read is kept, without its blanks; see `beginKeeping`.
    private(set) var isKeeping = false
    /// The end of what was kept and moved to its place.
    private(set) var written: Cursor
    /// The start of what was kept but not moved yet.
    private var pending: Cursor
    /// How many escaped lone surrogates were replaced while keeping.
    var repairs = 0

    /// Takes the text at `start`, which is followed by `padding` zero bytes.
    init(start: Cursor, count: Int) {
        self.start = start
        end = start + count
        closers = .allocate(capacity: JSONError.maximumDepth + 1)
        closers.initialize(repeating: 0, count: JSONError.maximumDepth + 1)
        written = start
        pending = start
    }

    deinit { closers.deallocate() }

    @inline(never)
    func fault(_ reason: Fault.Reason, _ at: Cursor) -> Fault {
        let atEnd = at >= end && reason != .tooDeep
        let hasMark = at == start && end - start >= 3 && at[0] == 0xEF && at[1] == 0xBB && at[2] == 0xBF
        return Fault(reason: atEnd ? .ended : hasMark ? .byteOrderMark : reason, offset: at - start)
    }

    /// The first byte that is not blank, from `p` on.
    @inline(__always)
    mutating func blank(_ p: Cursor) -> Cursor { p[0] > Byte.space ? p : longBlank(p) }

    @inline(never)
    private mutating func longBlank(_ from: Cursor) -> Cursor {
        var p = from
        while Byte.isBlank(p[0]) { p += 1 }
        if isKeeping, p != from { cut(from, p) }
        return p
    }

    /// Makes room for one more open container.
    @inline(__always)
    mutating func descend(_ at: Cursor) throws(Fault) {
        guard depth < JSONError.maximumDepth else { throw fault(.tooDeep, at) }
        depth += 1
    }

    /// Checks the end of the document, whose value ends at `p`.
    mutating func finish(_ p: Cursor) throws(Fault) {
        let rest = blank(p)
        guard rest == end else { throw fault(.trailing, rest) }
    }

    /// Validates the value that starts at `from`, whatever it is.
    ///
    /// - Returns: The end of the value.
    mutating func skipValue(_ from: Cursor) throws(Fault) -> Cursor {
        let base = depth
        var level = base
        var closer: UInt8 = 0
        var p = from
        while true {
            let first = p[0]
            if first == Byte.quote {
                p = try string(p + 1)
            } else if first == Byte.openBrace || first == Byte.openBracket {
                guard level < JSONError.maximumDepth else { throw fault(.tooDeep, p) }
                level += 1
                closer = first &+ 2  // "{" and "}", "[" and "]" are two apart
                closers[level] = closer  // level <= maximumDepth
                p = blank(p + 1)
                if p[0] != closer {
                    if closer == Byte.closeBrace { p = try name(p) }
                    continue
                }
                p += 1
                level -= 1
                closer = closers[level]
            } else {
                p = try scalar(p)
            }
            p = try follow(p, &level, &closer, base)
            if level == base { return p }
        }
    }

    /// Reads what follows a value: the ends of its containers, up to `base`, or a comma and the next one's name.
    ///
    /// - Returns: The end of the container at `base`, or the start of the next value.
    @inline(__always)
    private mutating func follow(
        _ from: Cursor, _ level: inout Int, _ closer: inout UInt8, _ base: Int
    ) throws(Fault) -> Cursor {
        var p = from
        while level != base {
            p = blank(p)
            if p[0] == Byte.comma {
                p = blank(p + 1)
                return closer == Byte.closeBrace ? try name(p) : p
            }
            guard p[0] == closer else { throw fault(.unexpected, p) }
            p += 1
            level -= 1
            closer = closers[level]
        }
        return p
    }

    /// Validates a member's name, its colon and the blanks around them.
    ///
    /// - Returns: The start of the member's value.
    @inline(__always)
    private mutating func name(_ from: Cursor) throws(Fault) -> Cursor {
        guard from[0] == Byte.quote else { throw fault(.unexpected, from) }
        return try colon(try string(from + 1))
    }

    /// Validates a colon and the blanks around it.
    ///
    /// - Returns: The first byte behind them.
    @inline(__always)
    mutating func colon(_ from: Cursor) throws(Fault) -> Cursor {
        let p = blank(from)
        guard p[0] == Byte.colon else { throw fault(.unexpected, p) }
        return blank(p + 1)
    }

    /// Validates a number or one of the three literals.
    @inline(__always)
    func scalar(_ p: Cursor) throws(Fault) -> Cursor {
        switch p[0] {
        case 0x74: try literal(p, 0x6575_7274, 4)  // true
        case 0x6E: try literal(p, 0x6C6C_756E, 4)  // null
        case 0x66: try literal(p + 1, 0x6573_6C61, 4)  // false
        default: try number(p)
        }
    }

    @inline(__always)
    private func literal(_ p: Cursor, _ word: UInt32, _ count: Int) throws(Fault) -> Cursor {
        guard UInt32(littleEndian: UnsafeRawPointer(p).loadUnaligned(as: UInt32.self)) == word else {
            throw fault(.unexpected, p)
        }
        return p + count
    }

    @inline(__always)
    private func number(_ from: Cursor) throws(Fault) -> Cursor {
        var p = from
        if p[0] == Byte.minus { p += 1 }
        if p[0] == Byte.zero {
            p += 1
        } else {
            guard Byte.isDigit(p[0]) else { throw fault(p == from ? .unexpected : .invalidNumber, p) }
            p = digits(p + 1)
        }
        if p[0] == Byte.point {
            guard Byte.isDigit(p[1]) else { throw fault(.invalidNumber, p + 1) }
            p = digits(p + 2)
        }
        if p[0] | 0x20 == 0x65 {
            p += p[1] == 0x2B || p[1] == Byte.minus ? 2 : 1
            guard Byte.isDigit(p[0]) else { throw fault(.invalidNumber, p) }
            p = digits(p + 1)
        }
        return p
    }

    @inline(__always)
    private func digits(_ from: Cursor) -> Cursor {
        var p = from
        while Byte.isDigit(p[0]) { p += 1 }
        return p
    }
}

// What is kept moves towards the start of the buffer, never away from it: written <= pending <= cursor.
extension ByteScanner {
    /// Starts to keep what is read from `p` on, in place.
    mutating func beginKeeping(_ p: Cursor) {
        isKeeping = true
        written = p
        pending = p
    }

    /// Ends keeping at `p`, and blanks out what is left over, so that the buffer stays the same document.
    ///
    /// - Returns: The end of what was kept.
    mutating func endKeeping(_ p: Cursor) -> Cursor {
        cut(p, p)
        isKeeping = false
        memset(written, Int32(Byte.space), p - written)
        return written
    }

    /// Leaves out what is read from `p` on, and the comma that was kept last if `afterKept`.
    mutating func beginDropping(_ p: Cursor, afterKept: Bool) {
        cut(p, p)
        if afterKept { written -= 1 }
        isKeeping = false
    }

    /// Goes on keeping at `p`.
    mutating func endDropping(_ p: Cursor) {
        isKeeping = true
        pending = p
    }

    /// Leaves out what stands between two cursors.
    mutating func cut(_ from: Cursor, _ to: Cursor) {
        let count = from - pending
        if written != pending { memmove(written, pending, count) }
        written += count
        pending = to
    }

    /// Makes the buffer readable again after a fault: what was moved away is blanked out.
    mutating func abandonKeeping() {
        if written < pending { memset(written, Int32(Byte.space), pending - written) }
        isKeeping = false
    }
}
