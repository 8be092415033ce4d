import PortabilityText
import SourceFiles

/// Hands over every line of every file.
final class WholeFeed: LineFeed {
    private let folder: SourceFolder
    private let files: [FoundFile]
    private let ratio: Int
    private let limit: Int
    private var ordinal = 0
    private var reading: Reading?

    /// The file that is being read.
    private struct Reading: ~Copyable {
        var file: StreamedFile
        var splitter: LineSplitter
        var bytes: Int64 = 0
        var isAtEnd = false
        var fault: FileFault?

        /// The lines of the next bytes; nil at the end.
        mutating func next(_ ordinal: Int) -> FoundLines? {
            if isAtEnd { return nil }
            do throws(FileFault) {
                let count = try file.fill(&splitter)
                bytes += Int64(count)
                isAtEnd = count == 0
                if isAtEnd { try file.checkUnchanged() }
            } catch {
                fault = error
                isAtEnd = true
            }
            if isAtEnd { splitter.finish() }
            var found = FoundLines(file: ordinal, bytes: [], lines: [])
            while let line = splitter.next() {
                found.lines.append(
                    FoundLine(
                        number: line.number, offset: line.offset, start: found.bytes.count, length: line.length,
                        isTooLong: line.isTooLong))
                found.bytes.append(contentsOf: splitter.bytes(of: line))
            }
            return found
        }
    }

    init(_ files: [FoundFile], in folder: SourceFolder, ratio: Int, limit: Int) {
        self.files = files
        self.folder = folder
        self.ratio = ratio
        self.limit = limit
    }

    func next() throws -> FeedStep? {
        try Task.checkCancellation()
        if reading == nil {
            if ordinal == files.count { return nil }
            do throws(FileFault) {
                reading = Reading(
                    file: try StreamedFile(files[ordinal], in: folder, ratio: ratio),
                    splitter: LineSplitter(limit: limit))
            } catch {
                ordinal += 1
                return .end(FileEnd(file: ordinal - 1, isOpened: false, bytes: 0, fault: error))
            }
        }
        if let found = reading?.next(ordinal) { return .lines(found) }
        let end = FileEnd(file: ordinal, isOpened: true, bytes: reading?.bytes ?? 0, fault: reading?.fault)
        reading = nil
        ordinal += 1
        return .end(end)
    }

    func close() { reading = nil }
}
