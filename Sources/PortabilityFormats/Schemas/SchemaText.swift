extension [UInt8] {
    mutating func append(_ text: String) { append(contentsOf: text.utf8) }

    /// Appends two spaces for each level.
    mutating func append(indent levels: Int) { append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * levels)) }

    /// Appends a text, and for each of its bytes that is special what `escape` appends.
    @inline(__always)
    mutating func append(_ text: String, where isSpecial: (UInt8) -> Bool, escape: (UInt8, inout [UInt8]) -> Void) {
        var text = text
        text.withUTF8 { bytes in
            var clean = 0
            for (index, byte) in bytes.enumerated() where isSpecial(byte) {
                append(contentsOf: bytes[clean..<index])
                escape(byte, &self)
                clean = index + 1
            }
            append(contentsOf: bytes[clean...])
        }
    }
}
