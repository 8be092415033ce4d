@testable import PortabilityArchive

/// Whatever the text is, what is packed is unpacked again, after an earlier text, with a dictionary, at the end of a
/// stream and before more, and into too little room.
///
/// The input is a little language, so that it soon says much: below 0x80 a byte is a letter, from 0x80 on it begins the
/// repetition of what was said before, of a length and from a distance that the next two bytes say.
@Sendable
func packText(_ input: [UInt8]) {
    guard let first = input.first else { return }
    var text: [UInt8] = []
    var rest = input.dropFirst()
    while let byte = rest.popFirst(), text.count < Compression.blockSize {
        guard byte >= 0x80, let far = rest.popFirst(), let long = rest.popFirst() else {
            text.append(byte)
            continue
        }
        let distance = (Int(byte & 0x7f) << 8 | Int(far)) + 1
        guard distance <= text.count else {
            // What cannot be repeated is a byte of its own.
            text.append(far | 0x80)
            continue
        }
        for _ in 0..<3 + Int(long) * (first & 4 == 0 ? 1 : 8) { text.append(text[text.count - distance]) }
    }
    text = Array(text.prefix(Compression.blockSize))
    if text.isEmpty { return }
    let cut = first & 8 == 0 ? 0 : min(text.count - 1, Compression.dictionarySize)
    let (dictionary, plain) = (Array(text[..<cut]), Array(text[cut...]))
    let isLast = first & 2 == 0
    let packer = BlockPacker()
    // The codec's past must not show.
    _ = try? pack(input, [], isLast: true, with: packer, first)
    guard let packed = try? pack(plain, dictionary, isLast: isLast, with: packer, first) else {
        finding("a text is not packed")
    }
    guard packed == (try? pack(plain, dictionary, isLast: isLast, with: BlockPacker(), first)) else {
        finding("a text is packed otherwise by a codec that has packed before")
    }
    // The dictionary goes ahead as a block of its own, and an end behind what has none.
    var stream: [UInt8] = []
    if !dictionary.isEmpty {
        guard let ahead = try? pack(dictionary, [], isLast: false, with: packer, first) else {
            finding("a dictionary is not packed")
        }
        stream += ahead
    }
    stream += packed
    if !isLast { stream += [3, 0] }
    let inflater = Inflater()
    var output = [UInt8](repeating: 0, count: text.count + 1)
    let count = stream.withUnsafeBufferPointer { stream in
        inflater.feed(stream)
        return output.withUnsafeMutableBufferPointer { try? inflater.inflate(into: $0) }
    }
    guard let count, inflater.isComplete, inflater.unused == 0, output[..<count].elementsEqual(text) else {
        finding("what is unpacked is not what was packed")
    }
    let room = Int(first >> 4) * packed.count / 16
    var little = [UInt8](repeating: 0xa5, count: room)
    _ = little.withUnsafeMutableBufferPointer { little in
        plain.withUnsafeBufferPointer { plain in
            dictionary.withUnsafeBufferPointer {
                TextDeflater().deflate(plain, dictionary: $0, isLast: isLast, into: little)
            }
        }
    }
}

private func pack(
    _ plain: [UInt8], _ dictionary: [UInt8], isLast: Bool, with packer: BlockPacker, _ first: UInt8
) throws -> [UInt8] {
    try plain.withUnsafeBufferPointer { plain in
        try dictionary.withUnsafeBufferPointer {
            try packer.pack(plain, dictionary: $0, isLast: isLast, with: first & 1 == 0 ? .fast : .small)
        }
    }
}
