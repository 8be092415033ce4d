extension ZipWriter {
    /// The number of bytes of an archive of these entries, which are not read.
    public static func size(of entries: some Sequence<SpooledEntry>, limits: ZipLimits = ZipLimits()) -> Int64 {
        var position: Int64 = 0
        var directory: Int64 = 0
        var count = 0
        for entry in entries {
            let header = ZipFormat.Entry(
                name: Array(entry.name.utf8), method: entry.method.rawValue, time: .epoch, crc32: entry.crc32,
                size: entry.size, compressedSize: entry.compressedSize, offset: position)
            position += Int64(ZipFormat.localHeader(header, limits: limits).count) + entry.compressedSize
            directory += Int64(ZipFormat.centralHeader(header, limits: limits).count)
            count += 1
        }
        let end = ZipFormat.end(entries: count, directoryOffset: position, directorySize: directory, limits: limits)
        return position + directory + Int64(end.count + ZipSeal.digitCount)
    }
}
