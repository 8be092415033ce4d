import PortabilityModel

@testable import PortabilityArchive

/// A zip put together field by field, so that each can lie on its own.
struct CraftedZip {
    /// One entry: its own header, its bytes, what follows them, and its header in the directory.
    struct Entry {
        var local: Header
        var central: Header
        var data: [UInt8]
        /// After the data.
        var descriptor: [UInt8] = []
        var madeBy: UInt16 = 3 << 8 | 20
        var disk: UInt16 = 0
        var attributes: UInt32 = 0o100644 << 16
        /// Where the directory says that the entry is; nil for where it is.
        var offset: UInt32?
        var comment: [UInt8] = []
        /// Bytes before it that belong to nothing.
        var gap: [UInt8] = []

        init(_ name: String, _ data: [UInt8]) {
            local = Header(name: Array(name.utf8), data: data)
            central = local
            self.data = data
        }

        /// Both headers.
        mutating func both(_ change: (inout Header) -> Void) {
            change(&local)
            change(&central)
        }
    }

    /// What both headers have.
    struct Header {
        var version: UInt16 = 20
        var flags: UInt16 = 0
        var method: UInt16 = 0
        var crc32: UInt32
        var compressedSize: UInt32
        var size: UInt32
        var name: [UInt8]
        var extra: [UInt8] = []

        init(name: [UInt8], data: [UInt8]) {
            self.name = name
            crc32 = data.withUnsafeBufferPointer { CRC32.of($0) }
            compressedSize = UInt32(data.count)
            size = UInt32(data.count)
        }

        var bytes: [UInt8] {
            var bytes: [UInt8] = []
            bytes.put(version)
            bytes.put(flags)
            bytes.put(method)
            bytes.put(0 as UInt16)
            bytes.put(0x21 as UInt16)
            bytes.put(crc32)
            bytes.put(compressedSize)
            bytes.put(size)
            bytes.put(UInt16(name.count))
            bytes.put(UInt16(extra.count))
            return bytes
        }

        /// As the entry's own.
        var whole: [UInt8] {
            var bytes: [UInt8] = []
            bytes.put(ZipFormat.localSignature)
            return bytes + self.bytes + name + extra
        }
    }

    /// The records after the directory; nil for what is true.
    struct End {
        var disk: UInt16 = 0
        var directoryDisk: UInt16 = 0
        var entriesHere: UInt16?
        var entries: UInt16?
        var directorySize: UInt32?
        var directoryOffset: UInt32?
        var zip64: Zip64?
        var comment: [UInt8] = []
        var commentSize: UInt16?
    }

    struct Zip64 {
        var signature = ZipFormat.zip64EndSignature
        var size: UInt64 = 44
        var version: UInt16 = 45
        var disk: UInt32 = 0
        var directoryDisk: UInt32 = 0
        var entries: UInt64?
        var directorySize: UInt64?
        var directoryOffset: UInt64?
        var more: [UInt8] = []
        var locatorDisk: UInt32 = 0
        var locatorOffset: UInt64?
        var disks: UInt32 = 1
        /// Between the record and its locator.
        var gap: [UInt8] = []
    }

    var prefix: [UInt8] = []
    var entries = [Entry("a.txt", Array("content of a".utf8)), Entry("data/b.txt", Array("and of b".utf8))]
    /// What stands before the directory in place of the entries; nil for the entries.
    var body: [UInt8]?
    /// Before the directory.
    var gap: [UInt8] = []
    /// At the end of the directory.
    var directoryTail: [UInt8] = []
    var end = End()
    var trailing: [UInt8] = []

    /// True if the offsets count from the beginning of the prefix.
    var countsPrefix = false

    var bytes: [UInt8] {
        var bytes = prefix
        let base = countsPrefix ? 0 : prefix.count
        var directory: [UInt8] = []
        for entry in entries {
            if body == nil { bytes += entry.gap }
            let offset = entry.offset ?? UInt32(bytes.count - base)
            if body == nil { bytes += entry.local.whole + entry.data + entry.descriptor }
            directory.put(ZipFormat.centralSignature)
            directory.put(entry.madeBy)
            directory += entry.central.bytes
            directory.put(UInt16(entry.comment.count))
            directory.put(entry.disk)
            directory.put(0 as UInt16)
            directory.put(entry.attributes)
            directory.put(offset)
            directory += entry.central.name + entry.central.extra + entry.comment
        }
        bytes += (body ?? []) + gap
        directory += directoryTail
        let offset = bytes.count - base
        bytes += directory
        if let zip64 = end.zip64 {
            let record = UInt64(bytes.count - base)
            bytes.put(zip64.signature)
            bytes.put(zip64.size)
            bytes.put(3 << 8 | 45 as UInt16)
            bytes.put(zip64.version)
            bytes.put(zip64.disk)
            bytes.put(zip64.directoryDisk)
            bytes.put(zip64.entries ?? UInt64(entries.count))
            bytes.put(zip64.entries ?? UInt64(entries.count))
            bytes.put(zip64.directorySize ?? UInt64(directory.count))
            bytes.put(zip64.directoryOffset ?? UInt64(offset))
            bytes += zip64.more + zip64.gap
            bytes.put(ZipFormat.zip64LocatorSignature)
            bytes.put(zip64.locatorDisk)
            bytes.put(zip64.locatorOffset ?? record)
            bytes.put(zip64.disks)
        }
        bytes.put(ZipFormat.endSignature)
        bytes.put(end.disk)
        bytes.put(end.directoryDisk)
        bytes.put(end.entriesHere ?? UInt16(entries.count))
        bytes.put(end.entries ?? UInt16(entries.count))
        bytes.put(end.directorySize ?? UInt32(directory.count))
        bytes.put(end.directoryOffset ?? UInt32(offset))
        bytes.put(end.commentSize ?? UInt16(end.comment.count))
        return bytes + end.comment + trailing
    }

    /// A ZIP64 extra field.
    static func zip64(_ values: UInt64..., disk: UInt32? = nil) -> [UInt8] {
        var content: [UInt8] = []
        for value in values { content.put(value) }
        if let disk { content.put(disk) }
        return extra(ZipFormat.zip64Extra, content)
    }

    static func extra(_ id: UInt16, _ content: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.put(id)
        bytes.put(UInt16(content.count))
        return bytes + content
    }

    /// An Info-ZIP Unicode path field.
    static func unicodePath(_ name: String, of header: String) -> [UInt8] {
        var content: [UInt8] = [1]
        content.put(Array(header.utf8).withUnsafeBufferPointer { CRC32.of($0) })
        return extra(0x7075, content + Array(name.utf8))
    }

    /// A data descriptor.
    static func descriptor(_ header: Header, isSigned: Bool, isLong: Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        if isSigned { bytes.put(ZipFormat.descriptorSignature) }
        bytes.put(header.crc32)
        if isLong {
            bytes.put(UInt64(header.compressedSize))
            bytes.put(UInt64(header.size))
        } else {
            bytes.put(header.compressedSize)
            bytes.put(header.size)
        }
        return bytes
    }
}
