import PortabilityModel
import PortabilityText
import SourceFiles

/// The text of a log from its beginning, as an index is made of it, with the places from which compressed text can be
/// read again.
struct LogText: ~Copyable {
    /// Bytes of text below which the ratio is not looked at.
    private static let ratioFloor: Int64 = 32 << 20

    private let log: OpenFile
    let form: LogForm
    private let ratio: Int64
    /// Bytes of a plain log that were read.
    private var plainBytes: Int64 = 0
    private var gzip: GzipRestartReader?
    private var zstd: ZstdRestartReader?

    init(_ log: OpenFile, limits: SourceLimits) {
        self.log = log
        ratio = Int64(max(1, limits.inflationRatio / 2))
        gzip = nil
        zstd = nil
        switch log.compression {
        case nil: form = .plain
        case .gzip:
            form = .gzip
            gzip = GzipRestartReader(spacing: IndexFormat.restartSpacing)
        case .zstd:
            form = .zstd
            zstd = ZstdRestartReader(spacing: IndexFormat.restartSpacing)
        }
    }

    /// Puts the next bytes into a buffer.
    ///
    /// - Returns: how many, 0 at the end.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        if form == .plain {
            let wanted = Int(min(Int64(buffer.count), log.size - plainBytes))
            let count = try log.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]), at: plainBytes)
            plainBytes += Int64(count)
            if count == 0, plainBytes < log.size { throw FileFault.shrank }
            return count
        }
        let count = try gzip?.read(into: buffer, more: log.more) ?? zstd?.read(into: buffer, more: log.more) ?? 0
        // A scan ends at the whole of the allowed ratio, by a count that may differ from this one a little.
        let (inflated, taken) = (
            gzip?.textOffset ?? zstd?.textOffset ?? 0, gzip?.fileOffset ?? zstd?.fileOffset ?? 0
        )
        if inflated > Self.ratioFloor, inflated / ratio > taken { throw IndexRefusal.unsuitable }
        return count
    }

    /// The restarts that were found since this was called before.
    mutating func takeRestarts() -> [InflationRestart] {
        gzip?.takeRestarts() ?? zstd?.takeRestarts() ?? []
    }
}

extension OpenFile {
    /// Fills a buffer from an offset; 0 at the end that the file had when it was opened.
    func more(_ buffer: UnsafeMutableRawBufferPointer, _ offset: Int64) throws -> Int {
        let wanted = Int(max(0, min(Int64(buffer.count), size - offset)))
        if wanted == 0 { return 0 }
        let count = try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]), at: offset)
        if count == 0 { throw FileFault.shrank }
        return count
    }
}
