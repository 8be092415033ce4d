#if PostgreSQL
    import PortabilityModel
    import PortabilityText

    /// From the server's spelling of a value to the canonical one.
    enum PostgreSQLText {
        /// Appends the canonical spelling and returns its kind; nil, and nothing appended, if there is none.
        ///
        /// Not for arrays and bytes.
        static func append(
            _ kind: PostgreSQLKind, _ text: UnsafeBufferPointer<UInt8>, into out: inout [UInt8]
        ) -> ValueKind? {
            switch kind {
            case .text, .json, .padded:
                out.append(contentsOf: kind == .padded ? unpadded(text) : text)
                return kind == .json ? .json : .string
            case .boolean: return Canonical.boolean(text.span, allowing: .letters, into: &out) ? .boolean : nil
            case .integer: return Canonical.integer(text.span, into: &out) ? .integer : nil
            case .numeric, .float: return Canonical.decimal(text.span, into: &out) ? .decimal : nil
            case .time: return Canonical.time(text.span, into: &out) ? .time : nil
            case .date:
                let date = astronomical(text)
                return Canonical.date(date.span, into: &out) ? .date : nil
            case .localTimestamp:
                let timestamp = astronomical(text)
                return Canonical.localTimestamp(timestamp.span, into: &out) ? .localTimestamp : nil
            case .timestamp:
                let timestamp = astronomical(text)
                return Canonical.timestamp(timestamp.span, into: &out) ? .timestamp : nil
            case .interval:
                guard let duration = oneSign(text) else { return nil }
                return Canonical.duration(duration.span, into: &out) ? .duration : nil
            case .array, .bytes, .unspelled: return nil
            }
        }

        /// A `char(n)` without the blanks that fill it up.
        @inline(__always)
        static func unpadded(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
            var count = text.count
            while count > 0, text[count - 1] == UInt8(ascii: " ") { count -= 1 }
            return UnsafeBufferPointer(rebasing: text[..<count])
        }

        /// A date or time with its year counted as astronomers do: the year before 1 is 0, not `0001 … BC`.
        private static func astronomical(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
            let mark = Array(" BC".utf8)
            guard text.count > 3, text[(text.count - 3)...].elementsEqual(mark) else { return Array(text) }
            var year = 0
            let digits = text.prefix { $0 &- UInt8(ascii: "0") < 10 }
            // The server's calendar begins in 4714 BC.
            guard digits.count <= 6 else { return Array(text) }
            for digit in digits { year = year * 10 + Int(digit - UInt8(ascii: "0")) }
            let name = String(year - 1)
            return Array((year > 1 ? "-" : "").utf8)
                + Array(String(repeating: "0", count: max(0, 4 - name.utf8.count)).utf8) + Array(name.utf8)
                + Array(text[digits.endIndex..<(text.count - 3)])
        }

        /// An interval with one sign in front: the server gives each part its own (`P-1Y-2M-3DT-4H`). Nil if they
        /// differ, which no duration of ISO 8601 has a spelling for.
        private static func oneSign(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
            var numbers = 0
            var negative = 0
            for (index, byte) in text.enumerated() {
                let isDigit = byte &- UInt8(ascii: "0") < 10
                let before = index > 0 ? text[index - 1] : 0
                // The first digit of a number.
                if isDigit, before != UInt8(ascii: "."), !(before &- UInt8(ascii: "0") < 10),
                    !isFraction(text, index)
                {
                    numbers += 1
                    if before == UInt8(ascii: "-") { negative += 1 }
                }
            }
            if negative == 0 { return Array(text) }
            guard negative == numbers else { return nil }
            return [UInt8(ascii: "-")] + text.filter { $0 != UInt8(ascii: "-") }
        }

        private static func isFraction(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
            var index = index
            while index > 0, text[index - 1] &- UInt8(ascii: "0") < 10 { index -= 1 }
            return index > 0 && text[index - 1] == UInt8(ascii: ".")
        }

        /// Appends the bytes that `\x…` spells; false if it is not that.
        static func appendBytes(_ text: UnsafeBufferPointer<UInt8>, into out: inout [UInt8]) -> Bool {
            guard text.count >= 2, text.count % 2 == 0, text[0] == UInt8(ascii: "\\"), text[1] == UInt8(ascii: "x")
            else { return false }
            out.reserveCapacity(out.count + text.count / 2)
            func nibble(_ byte: UInt8) -> UInt8 {
                byte <= UInt8(ascii: "9") ? byte &- UInt8(ascii: "0") : (byte | 0x20) &- UInt8(ascii: "a") &+ 10
            }
            var index = 2
            while index < text.count {
                out.append(nibble(text[index]) << 4 | nibble(text[index + 1]))
                index += 2
            }
            return true
        }

        /// True if a text is surely a value of a type; what cannot be one is equal to no value of it.
        static func fits(_ value: String, _ number: UInt32, _ kind: PostgreSQLKind) -> Bool {
            // No text of the server holds NUL.
            if value.utf8.contains(0) { return false }
            var out: [UInt8] = []
            switch kind {
            case .integer:
                guard let integer = Int64(value), String(integer) == value else { return false }
                return switch number {
                case PostgreSQLTypes.int2: Int16(exactly: integer) != nil
                case PostgreSQLTypes.int4: Int32(exactly: integer) != nil
                case PostgreSQLTypes.oid: UInt32(exactly: integer) != nil
                default: true
                }
            case .numeric, .float: return Canonical.decimal(Array(value.utf8).span, into: &out)
            case .date: return Canonical.date(Array(value.utf8).span, into: &out)
            case .timestamp: return Canonical.timestamp(Array(value.utf8).span, into: &out)
            case .localTimestamp: return Canonical.localTimestamp(Array(value.utf8).span, into: &out)
            case .time: return Canonical.time(Array(value.utf8).span, into: &out)
            case .boolean: return value == "true" || value == "false"
            case .text where number == PostgreSQLTypes.uuid: return isUUID(value)
            default: return true
            }
        }

        /// RFC 9562, 4; letters in either case.
        private static func isUUID(_ value: String) -> Bool {
            let parts = value.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
            return parts.map(\.count) == [8, 4, 4, 4, 12]
                && parts.joined().allSatisfy { $0 &- 48 < 10 || ($0 | 0x20) &- 97 < 6 }
        }
    }
#endif
