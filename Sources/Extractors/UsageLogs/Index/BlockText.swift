import PortabilityModel
import PortabilityText
import SourceFiles

/// Reads blocks of a log's text, checked.
final class BlockText {
    private let log: OpenFile
    private let index: IndexFile
    private let digest: SipHash
    private let limit: Int
    private var buffer: UnsafeMutableRawPointer
    private var capacity = 4 * IndexFormat.blockSize
    private var gzip: GzipRestartReader?
    private var zstd: ZstdRestartReader?

    /// - Parameter lineLimit: Bytes of a line that is not too long.
    init(_ log: OpenFile, _ index: IndexFile, keys: IndexKeys, lineLimit: Int) {
        self.log = log
        // The last line of a block may have such a line's bytes and a line end.
        limit = IndexFormat.blockSize + lineLimit + 2
        self.index = index
        digest = keys.blocks
        buffer = .allocate(byteCount: capacity, alignment: 64)
    }

    deinit { buffer.deallocate() }

    /// The bytes of a block, valid until the next is read. Blocks are read in ascending order, but a reader may begin anew.
    ///
    /// - Throws: ``IndexDisbelief``.
    func read(_ block: IndexFile.Block) throws -> UnsafeRawBufferPointer {
        let count = Int(block.length)
        if count > limit { throw IndexDisbelief.text }
        if count > capacity {
            buffer.deallocate()
            capacity = count
            buffer = .allocate(byteCount: capacity, alignment: 64)
        }
        let bytes = UnsafeMutableRawBufferPointer(start: buffer, count: count)
        do {
            switch index.header.form {
            case .plain:
                guard try log.readFully(into: bytes, at: block.offset) == count else { throw IndexDisbelief.text }
            case .gzip, .zstd: try inflate(bytes, at: block.offset)
            }
        } catch is GzipFault {
            throw IndexDisbelief.text
        } catch is ZstdFault {
            throw IndexDisbelief.text
        } catch let fault as FileFault {
            throw IndexDisbelief.unreadable(fault)
        }
        guard digest(UnsafeRawBufferPointer(bytes)) == block.digest else { throw IndexDisbelief.text }
        return UnsafeRawBufferPointer(bytes)
    }

    private func inflate(_ bytes: UnsafeMutableRawBufferPointer, at offset: Int64) throws {
        let nearest = try index.restartText(before: offset)
        let current = textOffset ?? .max
        if current > offset || current < nearest {
            let restart = try index.restart(before: offset)
            if index.header.form == .gzip {
                gzip = GzipRestartReader(restart)
            } else {
                zstd = ZstdRestartReader(restart)
            }
        }
        while let inflated = textOffset, inflated < offset {
            // What lies before is inflated into the buffer and not looked at.
            let room = Int(min(Int64(capacity), offset - inflated))
            try advance(UnsafeMutableRawBufferPointer(start: buffer, count: room))
        }
        var filled = 0
        while filled < bytes.count {
            filled += try advance(UnsafeMutableRawBufferPointer(rebasing: bytes[filled...]))
        }
    }

    private var textOffset: Int64? { gzip?.textOffset ?? zstd?.textOffset }

    @discardableResult
    private func advance(_ bytes: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = try gzip?.read(into: bytes, more: log.more) ?? zstd?.read(into: bytes, more: log.more) ?? 0
        if count == 0 { throw IndexDisbelief.text }
        return count
    }
}
