import PortabilityModel

/// Reads and checks the structure of a zip archive.
enum ZipDirectory {
    /// Where the directory lies.
    struct Range: Hashable, Sendable {
        /// Offset of the first directory header.
        var offset: Int64
        var size: Int64
        var entries: Int
        /// What must be added to the offsets the archive states, because something was put before it.
        var shift: Int64
    }

    static func read(
        _ file: ArchiveFile, limits: ReadLimits, budget: ReadBudget, collector: inout FindingCollector
    ) throws -> (Range, [ZipReader.Entry]) {
        var time = Time(budget: budget, watch: budget.watch())
        let range = try findEnd(file, limits: limits, collector: &collector)
        var entries = try readEntries(file, range, limits: limits, time: &time, collector: &collector)
        try checkNames(entries, time: &time, collector: &collector)
        try checkLocalHeaders(file, range, &entries, limits: limits, time: &time, collector: &collector)
        return (range, entries)
    }

    private struct Time {
        let budget: ReadBudget
        var watch: ReadBudget.Watch

        mutating func check(_ collector: inout FindingCollector) throws {
            if let overrun = budget.overrun(&watch) { try collector.stop(overrun) }
        }
    }

    // MARK: End records

    private static func findEnd(
        _ file: ArchiveFile, limits: ReadLimits, collector: inout FindingCollector
    ) throws -> Range {
        let tailSize = Int(min(file.size, Int64(ZipFormat.endSize + 0xFFFF + ZipFormat.zip64LocatorSize)))
        let tail = try file.bytes(tailSize, at: file.size - Int64(tailSize))
        let tailOffset = file.size - Int64(tailSize)
        guard let position = try locateEnd(in: tail, at: tailOffset, collector: &collector) else {
            try collector.stop(VerificationFinding(.notAnArchive, "there is no zip end record, or it is cut off"))
        }
        let endOffset = tailOffset + Int64(position)
        var end = EndRecord(tail, at: position)
        var directoryEnd = endOffset
        var recordShift: Int64?
        let locatorPosition = position - ZipFormat.zip64LocatorSize
        if locatorPosition >= 0, tail.integer(at: locatorPosition) == ZipFormat.zip64LocatorSignature {
            let locator = Array(tail[locatorPosition..<position])
            directoryEnd = try readZip64(
                file, locator: locator, locatorOffset: endOffset - Int64(ZipFormat.zip64LocatorSize), end: &end,
                collector: &collector)
            recordShift = directoryEnd - Int64(clamping: locator.integer(at: 8, as: UInt64.self))
        }
        guard end.disk == 0, end.directoryDisk == 0, end.entriesHere == end.entries else {
            try collector.stop(
                VerificationFinding(.multiDisk, "the archive is one of several parts", offset: endOffset))
        }
        guard let size = Int64(exactly: end.directorySize), let offset = Int64(exactly: end.directoryOffset),
            size <= directoryEnd, offset <= directoryEnd - size
        else {
            try collector.stop(
                VerificationFinding(
                    .directory, "the directory does not end where the end record begins", offset: endOffset))
        }
        let shift = directoryEnd - size - offset
        if shift > 0 {
            try collector.report(
                VerificationFinding(.prefixData, "\(shift) bytes before the archive belong to nothing", offset: 0))
        }
        if let recordShift, recordShift != shift {
            try collector.report(
                VerificationFinding(
                    .directory, "the ZIP64 locator leads elsewhere than to the end record before it",
                    offset: endOffset - Int64(ZipFormat.zip64LocatorSize)))
        }
        guard end.entries <= UInt64(limits.entries) else {
            try collector.stop(
                VerificationFinding(.limit, "there are more entries than the limit of \(limits.entries)"))
        }
        guard Int64(end.entries) <= size / Int64(ZipFormat.centralSize) else {
            try collector.stop(
                VerificationFinding(.directory, "the directory is too small for its entries", offset: endOffset))
        }
        return Range(offset: offset + shift, size: size, entries: Int(end.entries), shift: shift)
    }

    /// The end record's position in the tail: the one whose comment ends with the file. One that ends before is taken
    /// too, with a finding. In what follows it no other record may begin, for programs differ in where they look.
    private static func locateEnd(
        in tail: [UInt8], at tailOffset: Int64, collector: inout FindingCollector
    ) throws -> Int? {
        var trailing: Int?
        var exact: [Int] = []
        var position = tail.count - ZipFormat.endSize
        while position >= 0 {
            if tail[position] == 0x50, tail.integer(at: position) == ZipFormat.endSignature {
                let end = position + ZipFormat.endSize + Int(tail.integer(at: position + 20, as: UInt16.self))
                if end == tail.count { exact.append(position) }
                if end < tail.count, trailing == nil { trailing = position }
            }
            position -= 1
        }
        if let position = exact.first {
            if exact.count > 1 {
                try collector.report(
                    VerificationFinding(
                        .directory, "there are several end records, and programs will differ in which they take",
                        offset: tailOffset + Int64(exact[exact.count - 1])))
            } else if let other = firstRecord(in: tail, from: position + ZipFormat.endSize) {
                try collector.report(
                    VerificationFinding(
                        .directory, "the comment holds another end record", offset: tailOffset + Int64(other)))
            }
            return position
        }
        if let trailing {
            let end = trailing + ZipFormat.endSize + Int(tail.integer(at: trailing + 20, as: UInt16.self))
            try collector.report(
                VerificationFinding(
                    .trailingData, "\(tail.count - end) bytes after the archive belong to nothing",
                    offset: tailOffset + Int64(end)))
        }
        return trailing
    }

    /// Where the first signature of a record of the archive's end stands.
    private static func firstRecord(in tail: [UInt8], from start: Int) -> Int? {
        let signatures = [ZipFormat.endSignature, ZipFormat.zip64EndSignature, ZipFormat.zip64LocatorSignature]
        var position = start
        while position + 4 <= tail.count {
            if tail[position] == 0x50, signatures.contains(tail.integer(at: position)) { return position }
            position += 1
        }
        return nil
    }

    private struct EndRecord {
        var disk: UInt32
        var directoryDisk: UInt32
        var entriesHere: UInt64
        var entries: UInt64
        var directorySize: UInt64
        var directoryOffset: UInt64

        init(_ bytes: [UInt8], at position: Int) {
            disk = UInt32(bytes.integer(at: position + 4, as: UInt16.self))
            directoryDisk = UInt32(bytes.integer(at: position + 6, as: UInt16.self))
            entriesHere = UInt64(bytes.integer(at: position + 8, as: UInt16.self))
            entries = UInt64(bytes.integer(at: position + 10, as: UInt16.self))
            directorySize = UInt64(bytes.integer(at: position + 12, as: UInt32.self))
            directoryOffset = UInt64(bytes.integer(at: position + 16, as: UInt32.self))
        }

        init(zip64 bytes: [UInt8]) {
            disk = bytes.integer(at: 16)
            directoryDisk = bytes.integer(at: 20)
            entriesHere = bytes.integer(at: 24)
            entries = bytes.integer(at: 32)
            directorySize = bytes.integer(at: 40)
            directoryOffset = bytes.integer(at: 48)
        }

        /// True if each field of this short record is the long one's, or says "see there".
        func agrees(with long: EndRecord) -> Bool {
            (disk == long.disk || disk == 0xFFFF)
                && (directoryDisk == long.directoryDisk || directoryDisk == 0xFFFF)
                && (entriesHere == long.entriesHere || entriesHere == 0xFFFF)
                && (entries == long.entries || entries == 0xFFFF)
                && (directorySize == long.directorySize || directorySize == 0xFFFF_FFFF)
                && (directoryOffset == long.directoryOffset || directoryOffset == 0xFFFF_FFFF)
        }
    }

    /// Reads the ZIP64 end record. Returns its offset, where the directory must end.
    private static func readZip64(
        _ file: ArchiveFile, locator: [UInt8], locatorOffset: Int64, end: inout EndRecord,
        collector: inout FindingCollector
    ) throws -> Int64 {
        guard locator.integer(at: 4, as: UInt32.self) == 0, locator.integer(at: 16, as: UInt32.self) <= 1 else {
            try collector.stop(
                VerificationFinding(.multiDisk, "the archive is one of several parts", offset: locatorOffset))
        }
        let stated = locator.integer(at: 8, as: UInt64.self)
        guard var offset = Int64(exactly: stated), offset <= locatorOffset - Int64(ZipFormat.zip64EndSize) else {
            try collector.stop(
                VerificationFinding(
                    .directory, "the ZIP64 locator leads out of the archive", offset: locatorOffset))
        }
        var record = try file.bytes(ZipFormat.zip64EndSize, at: offset)
        if record.integer(at: 0) != ZipFormat.zip64EndSignature {
            // With something put before the archive the stated offset is wrong; the record itself comes just before.
            offset = locatorOffset - Int64(ZipFormat.zip64EndSize)
            record = try file.bytes(ZipFormat.zip64EndSize, at: offset)
        }
        guard record.integer(at: 0) == ZipFormat.zip64EndSignature else {
            try collector.stop(
                VerificationFinding(.directory, "the ZIP64 end record is not where it should be", offset: offset))
        }
        let recordSize = record.integer(at: 4, as: UInt64.self)
        guard recordSize >= UInt64(ZipFormat.zip64EndSize - 12), recordSize == UInt64(locatorOffset - offset - 12)
        else {
            try collector.stop(
                VerificationFinding(.directory, "the ZIP64 end record has a wrong size", offset: offset))
        }
        // Version 2 of the record, for directories that are packed or encrypted, has more (APPNOTE.TXT 7.3.4).
        guard recordSize == UInt64(ZipFormat.zip64EndSize - 12) else {
            let isSecond = record.integer(at: 14, as: UInt16.self) >= 62
            try collector.stop(
                VerificationFinding(
                    isSecond ? .encrypted : .directory,
                    isSecond
                        ? "the directory is packed or encrypted (ZIP64 end record of version 2)"
                        : "the ZIP64 end record has fields that are not known",
                    offset: offset))
        }
        let long = EndRecord(zip64: record)
        if !end.agrees(with: long) {
            try collector.report(
                VerificationFinding(.directory, "the two end records contradict each other", offset: offset))
        }
        end = long
        return offset
    }

    // MARK: Directory

    private static func readEntries(
        _ file: ArchiveFile, _ range: Range, limits: ReadLimits, time: inout Time, collector: inout FindingCollector
    ) throws -> [ZipReader.Entry] {
        var reader = ForwardReader(file, from: range.offset, to: range.offset + range.size)
        var entries: [ZipReader.Entry] = []
        entries.reserveCapacity(range.entries)
        for ordinal in 1...max(1, range.entries) where ordinal <= range.entries {
            let position = reader.position
            guard let header = try reader.take(ZipFormat.centralSize) else {
                try collector.stop(
                    VerificationFinding(
                        .directory, "the directory ends within its entries", ordinal: ordinal, offset: position))
            }
            guard header.integer(at: 0) == ZipFormat.centralSignature else {
                try collector.stop(
                    VerificationFinding(
                        .directory, "there is no directory header where one should be", ordinal: ordinal,
                        offset: position))
            }
            let nameSize = Int(header.integer(at: 28, as: UInt16.self))
            let extraSize = Int(header.integer(at: 30, as: UInt16.self))
            let commentSize = Int(header.integer(at: 32, as: UInt16.self))
            guard let name = try reader.take(nameSize), let extra = try reader.take(extraSize),
                try reader.take(commentSize) != nil
            else {
                try collector.stop(
                    VerificationFinding(
                        .directory, "a directory header leads out of the directory", ordinal: ordinal,
                        offset: position))
            }
            let entry = try readEntry(
                header, name: name, extra: extra, ordinal: ordinal, at: position, range, limits: limits,
                collector: &collector)
            entries.append(entry)
            try time.check(&collector)
        }
        if reader.remaining > 0 {
            try collector.report(
                VerificationFinding(
                    .directory, "the directory has \(reader.remaining) bytes more than its entries",
                    offset: reader.position))
        }
        return entries
    }

    private static func readEntry(
        _ header: [UInt8], name rawName: [UInt8], extra: [UInt8], ordinal: Int, at position: Int64, _ range: Range,
        limits: ReadLimits, collector: inout FindingCollector
    ) throws -> ZipReader.Entry {
        func finding(_ kind: VerificationFinding.Kind, _ message: String) -> VerificationFinding {
            VerificationFinding(
                kind, message, path: EntryName.printable(rawName), ordinal: ordinal, offset: position)
        }
        let flags: UInt16 = header.integer(at: 8)
        let method: UInt16 = header.integer(at: 10)
        var sizes = Sizes(
            size: UInt64(header.integer(at: 24, as: UInt32.self)),
            compressedSize: UInt64(header.integer(at: 20, as: UInt32.self)),
            offset: UInt64(header.integer(at: 42, as: UInt32.self)),
            disk: UInt32(header.integer(at: 34, as: UInt16.self)))
        let fields = ExtraFields(extra)
        if let problem = fields.apply(to: &sizes) { try collector.report(finding(.extraField, problem)) }
        if sizes.disk != 0 {
            try collector.report(finding(.multiDisk, "the entry lies in another part of the archive"))
        }
        if fields.unicodePaths.contains(where: { $0 != rawName }) {
            try collector.report(finding(.headersDisagree, "the entry has two different names"))
        }
        if flags & 0b10_0000_0100_0001 != 0 {
            try collector.report(finding(.encrypted, "the entry is encrypted"))
        }
        if flags & 0b10_0000 != 0 {
            try collector.report(finding(.method, "the entry is a patch for another file"))
        }
        if ZipMethod(rawValue: method) == nil {
            try collector.report(finding(.method, "the entry is packed with method \(method), which is not allowed"))
        }
        let isFolder = rawName.last == UInt8(ascii: "/")
        let plainName = isFolder ? Array(rawName.dropLast()) : rawName
        if let problem = EntryName.problem(withForeign: plainName, lengthLimit: limits.nameLength) {
            let kind: VerificationFinding.Kind = plainName.count > limits.nameLength ? .limit : .dangerousName
            try collector.report(finding(kind, "the entry has a dangerous name: \(problem)"))
        }
        let depth = plainName.count { $0 == UInt8(ascii: "/") }
        if depth > limits.depth, plainName.count <= limits.nameLength {
            try collector.report(finding(.limit, "the entry lies in more folders than the limit of \(limits.depth)"))
        }
        var name = EntryName.printable(plainName)
        if plainName.allSatisfy({ $0 < 0x80 }) {
            name = String(decoding: plainName, as: UTF8.self)
        } else if flags & 0x800 != 0, let decoded = String(validating: plainName, as: UTF8.self) {
            name = decoded
        } else {
            try collector.report(finding(.nameEncoding, "the name of the entry is not UTF-8, or does not say so"))
        }
        // The upper half holds a Unix mode whatever system the entry claims to come from, for programs differ in
        // whether they ask.
        let attributes = header.integer(at: 38, as: UInt32.self)
        let kindOfFile = attributes >> 28
        // The lower half has DOS attributes: those of a folder and of a volume's label make no file.
        let isOtherInDOS = attributes & (isFolder ? 0x08 : 0x18) != 0
        if kindOfFile != 0 && kindOfFile != (isFolder ? 0o04 : 0o10) || isOtherInDOS || fields.hasLink {
            try collector.report(finding(.notAFile, "the entry is a symbolic link or another special file"))
        }
        var size: Int64 = 0
        var compressedSize: Int64 = 0
        var offset: Int64 = 0
        if let exactSize = Int64(exactly: sizes.size), let exactPacked = Int64(exactly: sizes.compressedSize),
            let exactOffset = Int64(exactly: sizes.offset), exactPacked <= range.offset,
            exactOffset <= range.offset - range.shift
        {
            size = exactSize
            compressedSize = exactPacked
            offset = exactOffset + range.shift
        } else {
            try collector.stop(finding(.directory, "the entry leads out of the archive"))
        }
        if isFolder, size != 0 || compressedSize > 2 {
            try collector.report(finding(.size, "the entry is a folder and has content"))
        }
        if method == 0, size != compressedSize {
            try collector.report(finding(.size, "the entry is stored, but its two sizes differ"))
        }
        if limits.isTooLarge(size) {
            try collector.report(finding(.limit, "the entry is larger than the limit of \(limits.entrySize) bytes"))
        }
        if limits.isTooDense(size, packed: compressedSize) {
            try collector.report(
                finding(.limit, "the entry unpacks to more than \(limits.ratio) times its packed size"))
        }
        return ZipReader.Entry(
            ordinal: ordinal, name: name, isFolder: isFolder, method: ZipMethod(rawValue: method),
            crc32: header.integer(at: 16), size: size, compressedSize: compressedSize,
            time: ZipTime(time: header.integer(at: 12), date: header.integer(at: 14)), headerOffset: offset,
            dataOffset: nil, rawName: rawName, flags: flags, rawMethod: method)
    }

    private static func checkNames(
        _ entries: [ZipReader.Entry], time: inout Time, collector: inout FindingCollector
    ) throws {
        var names = EntryNames()
        for entry in entries {
            try time.check(&collector)
            guard let clash = names.insert(entry.name, isFolder: entry.isFolder) else { continue }
            let message =
                switch clash {
                case .duplicate: "another entry has the same name"
                case .equalButForCaseOrForm:
                    "another entry's name, or that of a folder, differs only in case or Unicode form"
                case .fileAndFolder: "the name is a file's and a folder's"
                }
            try collector.report(entry.finding(.clashingNames, message))
        }
    }

    // MARK: Entries' own headers

    private static func checkLocalHeaders(
        _ file: ArchiveFile, _ range: Range, _ entries: inout [ZipReader.Entry], limits: ReadLimits,
        time: inout Time, collector: inout FindingCollector
    ) throws {
        let total = entries.reduce(Int64(0)) { sum, entry in
            let (next, overflow) = sum.addingReportingOverflow(entry.size)
            return overflow ? .max : next
        }
        var isWithinTotal = true
        if total > limits.totalSize {
            isWithinTotal = false
            try collector.report(
                VerificationFinding(
                    .limit, "the entries together are larger than the limit of \(limits.totalSize) bytes"))
        } else if limits.isTooDense(total, packed: file.size) {
            isWithinTotal = false
            let isToldAlready = entries.contains { limits.isTooDense($0.size, packed: $0.compressedSize) }
            if !isToldAlready {
                try collector.report(
                    VerificationFinding(
                        .limit, "the entries together unpack to more than \(limits.ratio) times the archive's size"))
            }
        }
        let order = entries.indices.sorted { entries[$0].headerOffset < entries[$1].headerOffset }
        var end = range.shift
        for (position, index) in order.enumerated() {
            try time.check(&collector)
            let entry = entries[index]
            let next = position + 1 < order.count ? entries[order[position + 1]].headerOffset : range.offset
            let isOverlapping = entry.headerOffset < end
            if entry.headerOffset > end {
                try collector.report(
                    entry.finding(
                        position == 0 ? .prefixData : .gap,
                        "\(entry.headerOffset - end) bytes before the entry belong to nothing", offset: end))
            } else if isOverlapping {
                try collector.report(entry.finding(.overlap, "the entry shares bytes with the one before it"))
            }
            end = max(end, entry.headerOffset)
            guard let local = try readLocalHeader(file, entry, range, collector: &collector) else { continue }
            let dataEnd = local.dataOffset + entry.compressedSize
            guard dataEnd <= range.offset else {
                try collector.report(entry.finding(.overlap, "the entry reaches into the directory"))
                continue
            }
            // What cannot be read or would take without end to read has its finding, and stays closed.
            let isOpen =
                isWithinTotal && !isOverlapping && entry.method != nil && entry.flags & 0b10_0000_0110_0001 == 0
                && !limits.isTooLarge(entry.size)
                && !limits.isTooDense(entry.size, packed: entry.compressedSize)
            if isOpen {
                entries[index].dataOffset = local.dataOffset
            }
            end = max(end, dataEnd)
            if entry.flags & 8 != 0 {
                let size = try descriptorSize(file, entry, at: dataEnd, upTo: next)
                if let size {
                    end = max(end, dataEnd + size)
                } else {
                    try collector.report(
                        entry.finding(
                            .headersDisagree, "the data descriptor after the entry is not the directory's",
                            offset: dataEnd))
                }
            }
        }
        if end < range.offset {
            try collector.report(
                VerificationFinding(
                    entries.isEmpty ? .prefixData : .gap,
                    "\(range.offset - end) bytes before the directory belong to nothing", offset: end))
        }
    }

    private struct LocalHeader {
        var dataOffset: Int64
    }

    private static func readLocalHeader(
        _ file: ArchiveFile, _ entry: ZipReader.Entry, _ range: Range, collector: inout FindingCollector
    ) throws -> LocalHeader? {
        let offset = entry.headerOffset
        guard offset + Int64(ZipFormat.localSize) <= range.offset else {
            try collector.report(entry.finding(.directory, "the entry's header lies in the directory"))
            return nil
        }
        // Where names and fields are as long as the directory's, one look gets all of it.
        let likely = Int64(ZipFormat.localSize + entry.rawName.count + 64)
        let header = try file.bytes(Int(min(likely, range.offset - offset)), at: offset)
        guard header.integer(at: 0) == ZipFormat.localSignature else {
            try collector.report(entry.finding(.directory, "there is no header where the entry should be"))
            return nil
        }
        let nameSize = Int(header.integer(at: 26, as: UInt16.self))
        let extraSize = Int(header.integer(at: 28, as: UInt16.self))
        let dataOffset = offset + Int64(ZipFormat.localSize + nameSize + extraSize)
        guard dataOffset <= range.offset else {
            try collector.report(entry.finding(.directory, "the entry's header reaches into the directory"))
            return nil
        }
        let variableEnd = ZipFormat.localSize + nameSize + extraSize
        let variable =
            variableEnd <= header.count
            ? Array(header[ZipFormat.localSize..<variableEnd])
            : try file.bytes(nameSize + extraSize, at: offset + Int64(ZipFormat.localSize))
        func disagree(_ what: String) -> VerificationFinding {
            entry.finding(.headersDisagree, "the entry's own header has another \(what) than the directory")
        }
        if Array(variable[..<nameSize]) != entry.rawName { try collector.report(disagree("name")) }
        if header.integer(at: 6) != entry.flags { try collector.report(disagree("set of flags")) }
        if header.integer(at: 8) != entry.rawMethod { try collector.report(disagree("method")) }
        var sizes = Sizes(
            size: UInt64(header.integer(at: 22, as: UInt32.self)),
            compressedSize: UInt64(header.integer(at: 18, as: UInt32.self)), offset: 0, disk: 0)
        let extra = ExtraFields(Array(variable[nameSize...]))
        if let problem = extra.apply(to: &sizes) { try collector.report(entry.finding(.extraField, problem)) }
        if extra.unicodePaths.contains(where: { $0 != entry.rawName }) {
            try collector.report(disagree("Unicode name"))
        }
        if extra.hasLink {
            try collector.report(entry.finding(.notAFile, "the entry's own header says that it is a link"))
        }
        let crc32: UInt32 = header.integer(at: 14)
        // With a data descriptor the header may leave these open, but must not state others.
        let mayBeOpen = entry.flags & 8 != 0
        if crc32 != entry.crc32, !(mayBeOpen && crc32 == 0) { try collector.report(disagree("CRC-32")) }
        if sizes.size != UInt64(entry.size), !(mayBeOpen && sizes.size == 0) {
            try collector.report(disagree("size"))
        }
        if sizes.compressedSize != UInt64(entry.compressedSize), !(mayBeOpen && sizes.compressedSize == 0) {
            try collector.report(disagree("packed size"))
        }
        return LocalHeader(dataOffset: dataOffset)
    }

    /// The size of the data descriptor at `offset`: with or without signature, with sizes of 4 or 8 bytes; nil if none
    /// of the four is there and says what the directory says.
    private static func descriptorSize(
        _ file: ArchiveFile, _ entry: ZipReader.Entry, at offset: Int64, upTo end: Int64
    ) throws -> Int64? {
        for isSigned in [true, false] {
            for isLong in [false, true] {
                if !isLong, max(entry.size, entry.compressedSize) > 0xFFFF_FFFF { continue }
                var expected: [UInt8] = []
                if isSigned { expected.put(ZipFormat.descriptorSignature) }
                expected.put(entry.crc32)
                if isLong {
                    expected.put(UInt64(entry.compressedSize))
                    expected.put(UInt64(entry.size))
                } else {
                    expected.put(UInt32(truncatingIfNeeded: entry.compressedSize))
                    expected.put(UInt32(truncatingIfNeeded: entry.size))
                }
                let size = Int64(expected.count)
                if offset + size == end, try file.bytes(expected.count, at: offset) == expected { return size }
            }
        }
        return nil
    }
}

/// The fields that ZIP64 can widen.
private struct Sizes {
    var size: UInt64
    var compressedSize: UInt64
    var offset: UInt64
    var disk: UInt32
}

/// The extra fields of a header (APPNOTE.TXT 4.5).
private struct ExtraFields {
    private var zip64: [UInt8]?
    private var problem: String?
    /// The names in Info-ZIP Unicode path fields, which some programs take instead of the header's.
    private(set) var unicodePaths: [[UInt8]] = []
    /// True if a Unix field makes the entry a link or another special file.
    private(set) var hasLink = false

    private static let leadsOut = "the entry has an extra field that leads out of its header"
    private static let unicodePath: UInt16 = 0x7075
    private static let asiUnix: UInt16 = 0x756E
    private static let pkwareUnix: UInt16 = 0x000D

    init(_ bytes: [UInt8]) {
        var position = 0
        while position < bytes.count {
            guard position + 4 <= bytes.count else {
                problem = Self.leadsOut
                return
            }
            let id: UInt16 = bytes.integer(at: position)
            let size = Int(bytes.integer(at: position + 2, as: UInt16.self))
            guard position + 4 + size <= bytes.count else {
                problem = Self.leadsOut
                return
            }
            let content = Array(bytes[position + 4..<position + 4 + size])
            switch id {
            case ZipFormat.zip64Extra:
                if zip64 != nil { problem = "the entry has two ZIP64 fields" }
                zip64 = content
            case Self.unicodePath:
                // A version, the CRC-32 of the header's name, then the name.
                if content.count > 5 {
                    unicodePaths.append(Array(content[5...]))
                } else {
                    problem = "the entry has a Unicode path field that is too short"
                }
            case Self.asiUnix:
                // After its CRC-32 the mode.
                let kind = content.count >= 6 ? content.integer(at: 4, as: UInt16.self) >> 12 : 0
                if kind != 0, kind != 0o10, kind != 0o04 { hasLink = true }
            case Self.pkwareUnix:
                // Two times, user and group, then what a link or a device leads to.
                if content.count > 12 { hasLink = true }
            default: break
            }
            position += 4 + size
        }
    }

    /// Puts the ZIP64 values where the header says that they are. Returns what is wrong, nil if nothing.
    func apply(to sizes: inout Sizes) -> String? {
        if let problem { return problem }
        // Without a ZIP64 field, the largest value is just that.
        guard let zip64 else { return nil }
        let stated = sizes
        var position = 0
        func next<Value: FixedWidthInteger & UnsignedInteger>(_ type: Value.Type) -> Value? {
            guard position + Value.bitWidth / 8 <= zip64.count else { return nil }
            defer { position += Value.bitWidth / 8 }
            return zip64.integer(at: position)
        }
        let problem = "the entry's ZIP64 field lacks a value that the header leaves to it"
        if stated.size == 0xFFFF_FFFF {
            guard let value = next(UInt64.self) else { return problem }
            sizes.size = value
        }
        if stated.compressedSize == 0xFFFF_FFFF {
            guard let value = next(UInt64.self) else { return problem }
            sizes.compressedSize = value
        }
        if stated.offset == 0xFFFF_FFFF {
            guard let value = next(UInt64.self) else { return problem }
            sizes.offset = value
        }
        if stated.disk == 0xFFFF {
            guard let value = next(UInt32.self) else { return problem }
            sizes.disk = value
        }
        return position == zip64.count || isFull(zip64, as: sizes) ? nil : "the entry's ZIP64 field has values too many"
    }

    /// True for a field that has all values in their order, whether the header leaves them to it or not, and says what
    /// is known of them already. Many programs write it so; where the two ways to read it differ, it is refused.
    private func isFull(_ zip64: [UInt8], as sizes: Sizes) -> Bool {
        guard [16, 24, 28].contains(zip64.count) else { return false }
        return zip64.integer(at: 0) == sizes.size && zip64.integer(at: 8) == sizes.compressedSize
            && (zip64.count < 24 || zip64.integer(at: 16) == sizes.offset)
            && (zip64.count < 28 || zip64.integer(at: 24) == sizes.disk)
    }
}
