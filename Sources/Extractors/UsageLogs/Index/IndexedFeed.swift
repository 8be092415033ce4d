import PortabilityModel
import SourceFiles

/// Finds lines by the indexes of the logs, and looks through those logs that have none, or one that is not believed.
///
/// Of a log with an index only those blocks are read in which a wanted value stands, or something that everybody must be
/// told. Before a line of the log is handed over all of them are read and checked: what is wrong with one shows in time
/// for the log to be looked through whole.
final class IndexedFeed: LineFeed {
    /// Bytes of found lines that are kept while the blocks of a log are checked; above, the blocks are read twice.
    private static let keptLimit = 8 << 20
    /// Bytes of found lines that are handed over at once.
    private static let handful = 1 << 18

    /// A log whose index is believed so far.
    private final class Indexed {
        let log: OpenFile
        let index: IndexFile
        let blocks: [UInt32]

        init(log: OpenFile, index: IndexFile, blocks: [UInt32]) {
            self.log = log
            self.index = index
            self.blocks = blocks
        }
    }

    private let files: [FoundFile]
    private let folder: SourceFolder
    private let keys: IndexKeys
    private let ending: [UInt8]
    private let hashes: [UInt32]
    private let question: FeedQuestion
    private let source: String
    private let scan: (ArraySlice<FoundFile>) throws -> any LineFeed
    private var sieve: FeedSieve
    private var marks: [LineMark] = []

    /// The next file.
    private var nextFile = 0
    private var waiting: [FeedStep] = []
    /// A log whose blocks are being read a second time, and the next of them.
    private var streaming: (log: Indexed, text: BlockText, place: Int)?
    private var scanning: (feed: any LineFeed, first: Int)?
    /// What was found out of a file while it was decided where a scan ends.
    private var ahead: (file: Int, log: Indexed?, notes: [FeedStep])?

    /// - Parameters:
    ///   - ending: What the name of an index has more than that of its log.
    ///   - values: By match, the values wanted.
    ///   - scan: Looks through some of the files; their ordinals begin with 0.
    init(
        _ files: [FoundFile], in folder: SourceFolder, keys: IndexKeys, ending: [UInt8], values: [[[UInt8]]],
        question: FeedQuestion, source: String, scan: @escaping (ArraySlice<FoundFile>) throws -> any LineFeed
    ) {
        self.files = files
        self.folder = folder
        self.keys = keys
        self.ending = ending
        self.question = question
        self.source = source
        self.scan = scan
        hashes = values.enumerated().flatMap { match, values in
            values.map { value in value.withUnsafeBytes { keys.hash(match, $0) } }
        }
        sieve = FeedSieve(question)
    }

    func next() throws -> FeedStep? {
        while true {
            try Task.checkCancellation()
            if !waiting.isEmpty { return waiting.removeFirst() }
            if streaming != nil {
                try stream()
                continue
            }
            if let (feed, first) = scanning {
                if let step = try feed.next() { return Self.renumbered(step, by: first) }
                feed.close()
                scanning = nil
                continue
            }
            if nextFile == files.count { return nil }
            try begin()
        }
    }

    func close() {
        scanning?.feed.close()
        scanning = nil
        streaming = nil
    }

    /// Begins with the next file, or with those up to the next that has an index.
    private func begin() throws {
        let first = nextFile
        let (log, notes) = try look(at: first)
        waiting += notes
        if let log {
            nextFile += 1
            do {
                try collect(log, file: first)
                return
            } catch let disbelief as IndexDisbelief {
                waiting.append(.note(note(disbelief, file: first)))
                nextFile = first
            }
        }
        var end = first + 1
        while end < files.count {
            let (log, notes) = try look(at: end)
            ahead = (end, log, notes)
            if log != nil { break }
            waiting += notes
            end += 1
        }
        nextFile = end
        scanning = (try scan(files[first..<end]), first)
    }

    /// Finds out if a file has an index that is believed, and where in the file it leads.
    private func look(at file: Int) throws -> (Indexed?, [FeedStep]) {
        if let known = ahead, known.file == file {
            ahead = nil
            return (known.log, known.notes)
        }
        try Task.checkCancellation()
        do throws(IndexDisbelief) {
            let sidecar: OpenFile
            do throws(FileFault) {
                guard let found = try folder.sidecar(of: files[file], ending: ending) else {
                    return (nil, [])
                }
                sidecar = found
            } catch {
                throw .unreadable(error)
            }
            let log: OpenFile
            do throws(FileFault) {
                log = try OpenFile(files[file], in: folder)
            } catch {
                // The scan tells of it.
                return (nil, [])
            }
            let index = try IndexFile(sidecar, of: files[file], log, keys: keys)
            guard let blocks = try index.blocks(of: hashes) else { return (nil, []) }
            return (Indexed(log: log, index: index, blocks: blocks), [])
        } catch {
            return (nil, [.note(note(error, file: file))])
        }
    }

    private func note(_ disbelief: IndexDisbelief, file: Int) -> Finding {
        Finding(
            .nonconforming, disbelief.message + "; the log was read whole",
            at: PortabilityError.Place(source: source, fileOrdinal: file + 1), losesRecords: false)
    }

    /// Reads and checks all blocks of a log, and hands the lines over if they are not too many to be kept.
    ///
    /// - Throws: ``IndexDisbelief``; `CancellationError`.
    private func collect(_ log: Indexed, file: Int) throws {
        let text = BlockText(log.log, log.index, keys: keys, lineLimit: question.lineLimit)
        var kept = FoundLines(file: file, bytes: [], lines: [])
        var isKept = true
        for number in log.blocks {
            try Task.checkCancellation()
            try read(number, of: log, text, into: &kept)
            if kept.bytes.count > Self.keptLimit || !isKept {
                isKept = false
                kept.bytes.removeAll(keepingCapacity: true)
                kept.lines.removeAll(keepingCapacity: true)
            }
        }
        if !isKept {
            streaming = (log, text, 0)
            return
        }
        if !kept.lines.isEmpty { waiting.append(.lines(kept)) }
        waiting.append(.end(end(of: log, file: file)))
    }

    /// Hands over the lines of some more blocks.
    private func stream() throws {
        guard let (log, text, start) = streaming else { return }
        let file = nextFile - 1
        var found = FoundLines(file: file, bytes: [], lines: [])
        var place = start
        do {
            while place < log.blocks.count, found.bytes.count < Self.handful {
                try read(log.blocks[place], of: log, text, into: &found)
                place += 1
            }
        } catch is IndexDisbelief {
            // It was right a moment ago.
            streaming = nil
            waiting.append(.end(FileEnd(file: file, isOpened: true, bytes: log.log.size, fault: .changed)))
            return
        }
        streaming = (log, text, place)
        if !found.lines.isEmpty { waiting.append(.lines(found)) }
        if place == log.blocks.count {
            streaming = nil
            waiting.append(.end(end(of: log, file: file)))
        }
    }

    /// Adds the lines of a block that may matter.
    private func read(_ number: UInt32, of log: Indexed, _ text: BlockText, into found: inout FoundLines) throws {
        let block = try log.index.block(number)
        if block.isTooLong {
            found.lines.append(
                FoundLine(
                    number: block.line, offset: block.offset, start: found.bytes.count, length: 0, isTooLong: true))
            return
        }
        let bytes = try text.read(block)
        marks.removeAll(keepingCapacity: true)
        _ = sieve.sift(bytes, isFirstOfFile: number == 0, into: &marks)
        for mark in marks {
            found.lines.append(
                FoundLine(
                    number: block.line + Int64(mark.line), offset: block.offset + Int64(mark.start),
                    start: found.bytes.count, length: mark.length, isTooLong: false))
            found.bytes.append(
                contentsOf: UnsafeRawBufferPointer(rebasing: bytes[mark.start..<mark.start + mark.length]))
        }
    }

    private func end(of log: Indexed, file: Int) -> FileEnd {
        var fault: FileFault?
        do throws(FileFault) { try log.log.checkUnchanged() } catch { fault = error }
        // As many as if they had been looked through one by one.
        return FileEnd(file: file, isOpened: true, bytes: log.index.header.textBytes, fault: fault)
    }

    /// A step of a scan that began with another file than the first.
    private static func renumbered(_ step: FeedStep, by first: Int) -> FeedStep {
        switch step {
        case .lines(var found):
            found.file += first
            return .lines(found)
        case .end(var end):
            end.file += first
            return .end(end)
        case .note: return step
        }
    }
}
