import PortabilityModel
import SourceFiles

/// Looks through files, on several threads at once.
final class FileFeed: LineFeed {
    private let threads: FeedThreads
    private var joiner: PartJoiner
    private var deliveries: [FeedDelivery] = []
    /// What is next of ``deliveries``.
    private var delivery = 0
    private var part = 0
    /// The file whose parts come, or came last.
    private var ordinal = -1
    /// True if the end of that file was told: what comes of it after a fault is dropped.
    private var isEnded = true
    private var waiting: FeedStep?

    /// - Parameter threads: How many; nil for one on each processor.
    /// - Throws: `unavailable` if the system gives none.
    init(
        _ files: [FoundFile], in folder: SourceFolder, _ question: FeedQuestion, ratio: Int, threads: Int?
    ) throws(PortabilityError) {
        self.threads = FeedThreads(files, in: folder, question, ratio: ratio)
        joiner = PartJoiner(question)
        try self.threads.start(threads)
    }

    func next() throws -> FeedStep? {
        if let step = waiting {
            waiting = nil
            return step
        }
        while true {
            if delivery == deliveries.count {
                guard let fetched = try threads.fetch() else { return nil }
                deliveries = fetched
                delivery = 0
                part = 0
            }
            if let step = step() { return step }
        }
    }

    /// What comes of the next part; nil if nothing does.
    private func step() -> FeedStep? {
        let current = deliveries[delivery]
        if current.ordinal != ordinal {
            ordinal = current.ordinal
            isEnded = false
            joiner.begin(file: ordinal)
        }
        guard let file = current.file else {
            delivery += 1
            isEnded = true
            return .end(FileEnd(file: ordinal, isOpened: false, bytes: 0, fault: current.fault))
        }
        if isEnded || part == current.parts.count {
            delivery += 1
            part = 0
            return nil
        }
        var next = TextPart()
        swap(&next, &deliveries[delivery].parts[part])
        part += 1
        let (isLast, fault) = (next.isLast, next.fault)
        var found = joiner.join(next)
        if isLast {
            isEnded = true
            let last = joiner.finish()
            let start = found.bytes.count
            found.bytes += last.bytes
            for var line in last.lines {
                line.start += start
                found.lines.append(line)
            }
            let end = FeedStep.end(
                FileEnd(file: ordinal, isOpened: true, bytes: joiner.bytes, fault: fault ?? Self.change(of: file)))
            if found.lines.isEmpty { return end }
            waiting = end
        }
        return found.lines.isEmpty ? nil : .lines(found)
    }

    private static func change(of file: OpenFile) -> FileFault? {
        do throws(FileFault) {
            try file.checkUnchanged()
            return nil
        } catch {
            return error
        }
    }

    func close() { threads.stop() }
}
