import PortabilityText
import Testing

/// Inflates in pieces of random size, by both engines, which must agree; gives what came out, and the fault if there
/// was one.
private func inflate(
    _ file: [UInt8], _ random: inout SplitMix, pieces: Int, ratio: Int = 200, floor: Int64 = 64 << 20
) -> (bytes: [UInt8], fault: GzipFault?) {
    let fast = inflate(file, &random, pieces: pieces, GzipInflater(ratio: ratio, floor: floor, engine: .isal))
    let slow = inflate(file, &random, pieces: pieces, GzipInflater(ratio: ratio, floor: floor, engine: .zlib))
    #expect(fast.fault == slow.fault)
    // How much is given out of a stream before it is seen to be unsound, or too large, may differ.
    let isSame = fast.bytes == slow.bytes
    if ![.malformed, .ratio].contains(fast.fault) { #expect(isSame) }
    return fast
}

/// CRC-32, bit by bit.
private func checksum(_ text: [UInt8]) -> UInt32 {
    var crc: UInt32 = .max
    for byte in text {
        crc ^= UInt32(byte)
        for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
    }
    return ~crc
}

/// A member with one stored block, made by hand.
private func stored(_ text: [UInt8]) -> [UInt8] {
    func little(_ number: UInt32, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(number >> (8 * $0) & 255) } }
    let count = UInt32(text.count)
    return [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1] + little(count, 2) + little(~count, 2) + text
        + little(checksum(text), 4) + little(count, 4)
}

@Suite("gzip")
struct GzipTests {
    @Test(
        "Sound files, in pieces of any size",
        arguments: [
            ("two-members", #"{"a":1}"# + "\n" + #"{"a":2}"# + "\n"), ("empty-middle-member", nil),
            ("trailing-zeros", nil),
        ])
    func sound(name: String, text: String?) throws {
        let file = try TestData.bytes("gzip-crafted/\(name).jsonl.gz")
        var random = SplitMix(seed: 1952)
        let whole = inflate(file, &random, pieces: 1 << 20)
        #expect(whole.fault == nil)
        if let text { #expect(whole.bytes == Array(text.utf8)) }
        #expect(whole.bytes.first == UInt8(ascii: "{") && whole.bytes.last == UInt8(ascii: "\n"))
        for _ in 0..<50 {
            let again = inflate(file, &random, pieces: 1 + random.below(20))
            let isSame = again.bytes == whole.bytes
            #expect(again.fault == nil && isSame)
        }
    }

    @Test("Members of every kind of block, with and without names and checksums in their headers")
    func fourMembers() throws {
        let file = try TestData.bytes("gzip-crafted/four-members.jsonl.gz")
        let text = (0..<3000).map { #"{"n":\#($0),"event":"ui.click","page":"/page/\#($0 * 7919 % 101)"}"# + "\n" }
            .joined()
        var random = SplitMix(seed: 3)
        for pieces in [1 << 20, 1, 2, 3, 7, 8, 9, 64, 1000, 4096] {
            let result = inflate(file, &random, pieces: pieces)
            #expect(result.fault == nil)
            let isSame = result.bytes == Array(text.utf8)
            #expect(isSame, "pieces of \(pieces)")
        }
    }

    @Test("Tiny members one after another, in pieces of any size")
    func tinyMembers() {
        var random = SplitMix(seed: 4)
        let texts = (0..<40).map { Array(repeating: UInt8(ascii: "a") + UInt8($0 % 26), count: $0 % 5) }
        let file = texts.flatMap { stored($0) }
        for _ in 0..<100 {
            let result = inflate(file, &random, pieces: 1 + random.below(40))
            #expect(result.fault == nil && result.bytes == texts.flatMap { $0 })
        }
    }

    @Test(
        "Unsound files tell what is wrong",
        arguments: [
            ("bad-crc", GzipFault.checksum), ("truncated", .truncated), ("trailing-garbage", .trailingGarbage),
            ("bomb-100MB", .ratio),
        ])
    func unsound(name: String, fault: GzipFault) throws {
        let file = try TestData.bytes("gzip-crafted/\(name).jsonl.gz")
        var random = SplitMix(seed: 5)
        #expect(inflate(file, &random, pieces: 1 << 20).fault == fault)
        if name == "bomb-100MB" { return }
        for _ in 0..<30 { #expect(inflate(file, &random, pieces: 1 + random.below(10)).fault == fault) }
    }

    @Test("A file that ends anywhere but between members is truncated; what came before is given out")
    func truncatedAnywhere() {
        var random = SplitMix(seed: 6)
        let (first, second) = (stored(Array("one\n".utf8)), stored(Array("two\n".utf8)))
        let file = first + second
        for count in 0..<file.count {
            let result = inflate(Array(file[..<count]), &random, pieces: 100)
            if count == first.count {
                #expect(result.fault == nil)
            } else {
                #expect(result.fault == .truncated, "after \(count) bytes")
            }
            if count >= first.count { #expect(result.bytes.starts(with: Array("one\n".utf8))) }
        }
    }

    @Test("Any spoilt byte of a stored block or trailer is noticed")
    func spoilt() {
        var random = SplitMix(seed: 7)
        let file = stored(Array("some text to be kept whole\n".utf8))
        for place in 11..<file.count {
            var spoilt = file
            spoilt[place] ^= 0x10
            #expect(inflate(spoilt, &random, pieces: 9).fault != nil, "byte \(place)")
        }
    }

    @Test("A wrong length is noticed though the checksum is right")
    func wrongLength() {
        var random = SplitMix(seed: 8)
        var file = stored(Array("text".utf8))
        file[file.count - 4] = 5
        #expect(inflate(file, &random, pieces: 100).fault == .checksum)
    }

    @Test("The ratio is looked at only above the floor")
    func ratio() throws {
        let file = try TestData.bytes("gzip-crafted/four-members.jsonl.gz")
        var random = SplitMix(seed: 9)
        #expect(inflate(file, &random, pieces: 4096, ratio: 1, floor: 1000).fault == .ratio)
        #expect(inflate(file, &random, pieces: 4096, ratio: 1).fault == nil)
    }

    @Test("What is not gzip is malformed")
    func notGzip() {
        var random = SplitMix(seed: 10)
        #expect(inflate(Array("{\"a\":1}\n".utf8), &random, pieces: 100).fault == .malformed)
        #expect(inflate([], &random, pieces: 100).fault == .truncated)
        #expect(inflate([0x1f, 0x8b, 7, 0, 0, 0, 0, 0, 0, 0, 3, 0], &random, pieces: 100).fault == .malformed)
    }

    @Test("Headers with everything that RFC 1952 knows, cut anywhere; reserved flags and a wrong checksum are refused")
    func headers() {
        var random = SplitMix(seed: 11)
        let text = Array("line\n".utf8)
        let plain = stored(text)
        func header(_ flags: UInt8) -> [UInt8] {
            var header: [UInt8] = [0x1f, 0x8b, 8, flags, 1, 2, 3, 4, 0, 3]
            if flags & 4 != 0 { header += [3, 0, 9, 9, 9] }
            if flags & 8 != 0 { header += Array("name".utf8) + [0] }
            if flags & 16 != 0 { header += [0] }
            if flags & 2 != 0 {
                let sum = checksum(header)
                header += [UInt8(truncatingIfNeeded: sum), UInt8(truncatingIfNeeded: sum >> 8)]
            }
            return header
        }
        for flags in UInt8(0)..<32 {
            let file = header(flags) + plain[10...] + plain
            for pieces in [1, 3, 100] {
                let result = inflate(file, &random, pieces: pieces)
                #expect(result.fault == nil && result.bytes == text + text, "flags \(flags)")
            }
            for count in 1..<header(flags).count {
                #expect(inflate(Array(file[..<count]), &random, pieces: 5).fault == .truncated)
            }
        }
        #expect(inflate([0x1f, 0x8b, 8, 0x20] + plain[4...], &random, pieces: 5).fault == .malformed)
        var spoilt = header(2) + plain[10...]
        spoilt[11] ^= 1
        #expect(inflate(spoilt, &random, pieces: 5).fault == .malformed)
    }

    @Test("Files with a bit turned over anywhere: both engines say the same")
    func turnedBits() throws {
        let file = try TestData.bytes("gzip-crafted/four-members.jsonl.gz")
        var random = SplitMix(seed: 12)
        for _ in 0..<300 {
            var spoilt = file
            spoilt[random.below(file.count)] ^= 1 << UInt8(random.below(8))
            _ = inflate(spoilt, &random, pieces: 1 << 14)
        }
    }
}
