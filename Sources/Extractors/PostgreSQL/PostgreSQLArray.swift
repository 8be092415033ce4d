#if PostgreSQL
    /// Arrays as PostgreSQL spells them (https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO).
    enum PostgreSQLArray {
        /// The spelling of a list of values. Every element is quoted, so that none of its characters means anything.
        static func literal(_ values: [String]) -> String {
            var bytes: [UInt8] = [UInt8(ascii: "{")]
            for (index, value) in values.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes.append(UInt8(ascii: "\""))
                for byte in value.utf8 {
                    if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
                    bytes.append(byte)
                }
                bytes.append(UInt8(ascii: "\""))
            }
            bytes.append(UInt8(ascii: "}"))
            return String(decoding: bytes, as: UTF8.self)
        }

        enum Part {
            case open, close
            case null
            /// An element; its text is in the reader's ``Reader/element``.
            case element
        }

        /// Reads an array part by part.
        struct Reader {
            private let text: UnsafeBufferPointer<UInt8>
            private let delimiter: UInt8
            private var index = 0
            /// The element at hand, without quotes.
            private(set) var element: [UInt8] = []

            init(_ text: UnsafeBufferPointer<UInt8>, delimiter: UInt8) {
                self.text = text
                self.delimiter = delimiter
                // Bounds, where they do not begin with 1: [0:2]={…}
                if text.first == UInt8(ascii: "["), let mark = text.firstIndex(of: UInt8(ascii: "=")) {
                    index = mark + 1
                }
            }

            /// The number of braces that open before the first element.
            var dimensions: Int { text[index...].prefix { $0 == UInt8(ascii: "{") }.count }

            /// The next part, nil at the end.
            mutating func next() -> Part? {
                while index < text.count, text[index] == delimiter { index += 1 }
                guard index < text.count else { return nil }
                switch text[index] {
                case UInt8(ascii: "{"):
                    index += 1
                    return .open
                case UInt8(ascii: "}"):
                    index += 1
                    return .close
                case UInt8(ascii: "\""):
                    index += 1
                    readQuoted()
                    return .element
                default:
                    let start = index
                    while index < text.count, text[index] != delimiter, text[index] != UInt8(ascii: "}") { index += 1 }
                    element.removeAll(keepingCapacity: true)
                    element.append(contentsOf: text[start..<index])
                    return element.elementsEqual("NULL".utf8) ? .null : .element
                }
            }

            private mutating func readQuoted() {
                element.removeAll(keepingCapacity: true)
                while index < text.count, text[index] != UInt8(ascii: "\"") {
                    if text[index] == UInt8(ascii: "\\"), index + 1 < text.count { index += 1 }
                    element.append(text[index])
                    index += 1
                }
                index += 1
            }
        }
    }
#endif
