public import PortabilityModel

extension ZipReader {
    /// What differs from the one way in which ``ZipWriter`` would have written the same entries: header fields, order,
    /// bytes between, and the seal. Empty if every bit of the file is as it was written.
    ///
    /// The content can be intact where this is not empty, as after unpacking and packing again.
    ///
    /// - Parameters:
    ///   - zip64: from where on the writer used ZIP64.
    ///   - digest: makes a SHA-256.
    public func containerFindings(
        zip64: ZipLimits = ZipLimits(), digest: DigestFactory
    ) -> [VerificationFinding] {
        layoutFindings(zip64: zip64) + [sealFinding(digest: digest)].compactMap(\.self)
    }

    /// Compares the seal with the bytes before it, which are read from beginning to end. Apart from
    /// ``layoutFindings(zip64:)``, so that the two can be had side by side.
    ///
    /// - Parameter digest: makes a SHA-256.
    /// - Returns: nil if the seal is there and right.
    public func sealFinding(digest: DigestFactory) -> VerificationFinding? {
        let sealed = file.size - Int64(ZipSeal.digitCount)
        let start = file.size - Int64(ZipSeal.size)
        do throws(ArchiveFile.Unreadable) {
            guard start >= 0 else { return missingSeal }
            let seal = try file.bytes(ZipSeal.size, at: start)
            guard ZipSeal.isSeal(seal) else { return missingSeal }
            var digest = digest()
            var watch = budget.watch()
            var offset: Int64 = 0
            let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: Int(min(sealed, 256 << 10)))
            defer { buffer.deallocate() }
            while offset < sealed {
                let part = UnsafeMutableBufferPointer(
                    rebasing: buffer[..<Int(min(Int64(buffer.count), sealed - offset))])
                try file.read(part, at: offset)
                digest.update(UnsafeBufferPointer(part).span)
                offset += Int64(part.count)
                if let overrun = budget.overrun(&watch) { return overrun }
            }
            guard seal[ZipSeal.label.count...].elementsEqual(hexadecimal(digest.value()).utf8) else {
                return VerificationFinding(
                    .seal, "the SHA-256 of the archive is not the one at its end", offset: sealed)
            }
            return nil
        } catch {
            return error.finding
        }
    }

    private var missingSeal: VerificationFinding {
        VerificationFinding(.seal, "the archive does not end with its SHA-256")
    }

    /// As ``containerFindings(zip64:digest:)``, without the seal.
    public func layoutFindings(zip64: ZipLimits = ZipLimits()) -> [VerificationFinding] {
        var collector = FindingCollector(keepingUpTo: limits.findings)
        do {
            try compareContainer(zip64, &collector)
        } catch let unreadable as ArchiveFile.Unreadable {
            return collector.findings + [unreadable.finding]
        } catch {
            // The collector has said why it stopped.
        }
        return collector.findings
    }

    private func compareContainer(_ zip64: ZipLimits, _ collector: inout FindingCollector) throws {
        var position: Int64 = 0
        var reader = ForwardReader(file, from: directory.offset, to: file.size)
        for entry in entries {
            if entry.headerOffset != position {
                try collector.report(
                    entry.finding(.notCanonical, "the entry does not follow the one before it in the directory"))
            }
            if entry.isFolder || EntryName.problem(with: entry.name) != nil {
                try collector.report(entry.finding(.notCanonical, "the entry has a name that is not written"))
            }
            if entry.time != entries[0].time {
                try collector.report(entry.finding(.notCanonical, "the entry has another time than the first"))
            }
            let header = ZipFormat.Entry(
                name: entry.rawName, method: entry.rawMethod, time: entry.time, crc32: entry.crc32, size: entry.size,
                compressedSize: entry.compressedSize, offset: entry.headerOffset)
            let local = ZipFormat.localHeader(header, limits: zip64)
            try compare(local, at: entry.headerOffset, in: "the entry's header", entry, &collector)
            position = entry.headerOffset + Int64(local.count) + entry.compressedSize

            let central = ZipFormat.centralHeader(header, limits: zip64)
            let centralPosition = reader.position
            let found = try reader.take(central.count) ?? []
            if let difference = firstDifference(central, found) {
                try collector.stop(
                    entry.finding(
                        .notCanonical, "the entry's header in the directory is not the canonical one",
                        offset: centralPosition + Int64(difference)))
            }
        }
        let end = ZipFormat.end(
            entries: entries.count, directoryOffset: position, directorySize: reader.position - directory.offset,
            limits: zip64)
        let endPosition = reader.position
        // What comes after is the digits of the seal.
        let found = try reader.take(Int(min(reader.remaining, Int64(end.count)))) ?? []
        if position != directory.offset {
            try collector.report(
                VerificationFinding(.notCanonical, "the directory does not follow the last entry", offset: position))
        } else if let difference = firstDifference(end, found) {
            try collector.report(
                VerificationFinding(
                    .notCanonical, "the end record is not the canonical one",
                    offset: endPosition + Int64(difference)))
        }
    }

    private func compare(
        _ expected: [UInt8], at offset: Int64, in what: String, _ entry: Entry, _ collector: inout FindingCollector
    ) throws {
        let count = Int(min(Int64(expected.count), file.size - offset))
        let found = try file.bytes(count, at: offset)
        if let difference = firstDifference(expected, found) {
            try collector.report(
                entry.finding(
                    .notCanonical, "\(what) is not the canonical one", offset: offset + Int64(difference)))
        }
    }

    private func firstDifference(_ expected: [UInt8], _ found: [UInt8]) -> Int? {
        if expected == found { return nil }
        return zip(expected, found).enumerated().first { $1.0 != $1.1 }?.offset ?? min(expected.count, found.count)
    }
}
