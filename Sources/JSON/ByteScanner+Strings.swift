// Strings: eight bytes at a time as long as they are plain ASCII.
extension ByteScanner {
    /// Validates the string whose first byte behind the opening quote is at `from`.
    ///
    /// - Returns: The first byte behind the closing quote.
    @inline(__always)
    mutating func string(_ from: Cursor) throws(Fault) -> Cursor {
        let p = Self.plain(from)
        return p[0] == Byte.quote ? p + 1 : try longString(p)
    }

    /// The first byte from `from` on that is a quote, a backslash, a control character or not ASCII.
    @inline(__always)
    static func plain(_ from: Cursor) -> Cursor {
        var p = from
        while true {
            let word = UInt64(littleEndian: UnsafeRawPointer(p).loadUnaligned(as: UInt64.self))
            let hits = specials(word)
            // None of the eight is zero, so all of them are text.
            guard hits == 0 else { return p + hits.trailingZeroBitCount >> 3 }
            p += 8
        }
    }

    /// The top bit of each byte that is no plain character; exact up to the lowest one set.
    ///
    /// Flipping bit 1 puts the quote (0x22) among the bytes below 0x21 and leaves control characters there.
    @inline(__always)
    private static func specials(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quotesAndControls = (word ^ (ones &* 0x02)) &- ones &* 0x21
        let backslashes = (word ^ (ones &* 0x5C)) &- ones
        return ((quotesAndControls | backslashes) & ~word | word) & (ones &* 0x80)
    }

    /// Goes on with a string at a byte that is not plain.
    @inline(never)
    mutating func longString(_ from: Cursor) throws(Fault) -> Cursor {
        var p = from
        while true {
            let byte = p[0]
            if byte == Byte.quote { return p + 1 }
            if byte >= 0x80 {
                p = try multibyte(p)
            } else if byte == Byte.backslash {
                p = try escape(p)
            } else {
                guard byte >= Byte.space else { throw fault(.controlCharacter, p) }
                p = Self.plain(p)
            }
        }
    }

    /// Validates the UTF-8 sequences from `from` on, up to the next ASCII byte.
    @inline(__always)
    private func multibyte(_ from: Cursor) throws(Fault) -> Cursor {
        var p = from
        repeat {
            let word = UInt32(littleEndian: UnsafeRawPointer(p).loadUnaligned(as: UInt32.self))
            if word & 0xC0_C0F0 == 0x80_80E0 {
                // Overlong forms start with E0 and 80 to 9F, surrogates with ED and A0 to BF.
                let lead = word & 0x200F
                guard lead != 0, lead != 0x200D else { throw fault(.invalidUTF8, p) }
                p += 3
            } else if word & 0xC0E0 == 0x80C0 {
                guard word & 0x1E != 0 else { throw fault(.invalidUTF8, p) }
                p += 2
            } else if word & 0xC0C0_C0F8 == 0x8080_80F0 {
                // 1 to 16 are the planes up to U+10FFFF; 0 is overlong.
                let plane = (word & 0x07) << 2 | (word >> 12 & 0x03)
                guard plane >= 1, plane <= 16 else { throw fault(.invalidUTF8, p) }
                p += 4
            } else {
                throw fault(.invalidUTF8, p)
            }
        } while p[0] >= 0x80
        return p
    }

    /// Validates the escape at `p`; a lone surrogate is replaced by `\ufffd`.
    @inline(__always)
    private mutating func escape(_ p: Cursor) throws(Fault) -> Cursor {
        switch p[1] {
        case 0x75:
            let unit = Self.unit(p + 2)
            guard unit <= 0xFFFF else { throw fault(.invalidEscape, p) }
            guard unit & 0xF800 == 0xD800 else { return p + 6 }
            if unit < 0xDC00, p[6] == Byte.backslash, p[7] == 0x75 {
                let low = Self.unit(p + 8)
                if low & 0xFFFF_FC00 == 0xDC00 { return p + 12 }
            }
            p[2] = 0x66  // f
            p[3] = 0x66
            p[4] = 0x66
            p[5] = 0x64  // d
            if isKeeping { repairs += 1 }
            return p + 6
        case Byte.quote, Byte.backslash, Byte.slash, 0x62, 0x66, 0x6E, 0x72, 0x74:
            return p + 2
        default:
            throw fault(.invalidEscape, p)
        }
    }

    /// The value of the four hexadecimal digits at `p`, or something above 0xFFFF.
    ///
    /// Stays in bounds: `p` is at most `end + 1` when a backslash and a "u" stand before it, and zero bytes are no digits.
    @inline(__always)
    static func unit(_ p: Cursor) -> UInt32 {
        let high = Byte.hex(p[0]) << 12 | Byte.hex(p[1]) << 8
        return high | Byte.hex(p[2]) << 4 | Byte.hex(p[3])
    }
}
