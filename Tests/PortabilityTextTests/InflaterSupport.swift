import PortabilityText
import Testing

/// Inflates in pieces of random size; gives what came out, and the fault if there was one.
func inflate<Reader: Inflater & ~Copyable>(
    _ file: [UInt8], _ random: inout SplitMix, pieces: Int, _ inflater: consuming Reader
) -> (bytes: [UInt8], fault: Reader.Fault?) {
    var out: [UInt8] = []
    var place = 0
    do throws(Reader.Fault) {
        while place < file.count {
            let count = min(file.count - place, 1 + random.below(pieces))
            inflater.feed(file.span.extracting(place..<place + count))
            place += count
            while true {
                var buffer = [UInt8](repeating: 0, count: 1 + random.below(pieces))
                let count = try inflateOnce(&inflater, &buffer)
                if count == 0 { break }
                out += buffer[..<count]
            }
        }
        try inflater.finish()
    } catch {
        return (out, error)
    }
    #expect(inflater.bytesOut == Int64(out.count))
    #expect(inflater.bytesIn == Int64(file.count))
    return (out, nil)
}

private func inflateOnce<Reader: Inflater & ~Copyable>(
    _ inflater: inout Reader, _ buffer: inout [UInt8]
) throws(Reader.Fault) -> Int {
    var result: Result<Int, Reader.Fault> = .success(0)
    buffer.withUnsafeMutableBytes { bytes in
        do throws(Reader.Fault) {
            result = .success(try inflater.inflate(into: bytes))
        } catch {
            result = .failure(error)
        }
    }
    return try result.get()
}
