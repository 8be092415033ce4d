import Glibc
import PortabilityModel
import Synchronization

/// Some files of a bag that something else wants to read while they are verified, such as the tables of a dataset.
public struct BagReading: Sendable {
    /// The files' names.
    public let names: [String]
    /// Is handed the files in the order of ``names``, on a thread of its own, and tells what is wrong with them.
    ///
    /// What it reads is not yet known to be right. What it does not read is verified all the same.
    public let consume: @Sendable ([FilePipe]) throws -> [VerificationFinding]

    public init(names: [String], consume: @escaping @Sendable ([FilePipe]) throws -> [VerificationFinding]) {
        self.names = names
        self.consume = consume
    }
}

/// What reading one file showed.
struct FileResult: Sendable {
    var findings: [VerificationFinding] = []
    var sha256: [UInt8]?
}

/// The bytes of a file, on their way from the thread that reads them to the one that wants them.
public final class FilePipe: Sendable {
    // Pieces of at most 256 KiB; so much of a file is held at most.
    private let queue = BoundedQueue<[UInt8]>(capacity: 8)

    /// The next piece; nil at the end.
    ///
    /// - Throws: ``UnreadableFile`` if there are no more, which has been told then; `cancelled`.
    public func next() throws -> [UInt8]? { try queue.next() }

    func push(_ piece: Span<UInt8>) {
        if queue.isWanted { queue.push(piece.withUnsafeBufferPointer { Array($0) }) }
    }

    func finish(_ error: (any Error)?) { queue.finish(error) }

    /// Nobody wants the rest.
    func abandon() { queue.abandon() }
}

/// A queue between two threads, one of which waits while it is full and the other while it is empty.
package final class BoundedQueue<Element: Sendable>: @unchecked Sendable {
    // Unchecked: all variables are read and written under the lock.
    private let monitor = Monitor()
    private let capacity: Int
    private var elements: [Element] = []
    private var isFinished = false
    private var isAbandoned = false
    private var failure: (any Error)?

    package init(capacity: Int) { self.capacity = capacity }

    /// The next element; nil at the end.
    ///
    /// - Throws: the error that it was finished with.
    package func next() throws -> Element? {
        try monitor.withLock {
            while elements.isEmpty, !isFinished { monitor.wait() }
            if elements.isEmpty {
                if let failure { throw failure }
                return nil
            }
            if elements.count == capacity { monitor.wake() }
            return elements.removeFirst()
        }
    }

    /// False once nobody takes anything any more.
    var isWanted: Bool { monitor.withLock { !isAbandoned } }

    /// Puts an element in; does nothing once nobody wants it.
    package func push(_ element: Element) {
        monitor.withLock {
            while elements.count >= capacity, !isAbandoned { monitor.wait() }
            if isAbandoned { return }
            elements.append(element)
            if elements.count == 1 { monitor.wake() }
        }
    }

    /// No more elements come.
    package func finish(_ error: (any Error)? = nil) {
        monitor.withLock {
            isFinished = true
            failure = error
            monitor.wake()
        }
    }

    /// Nobody takes what is there and what may come.
    package func abandon() {
        monitor.withLock {
            isAbandoned = true
            elements = []
            monitor.wake()
        }
    }
}

extension BagVerifier {
    /// Reads all files, several at a time, and compares their digests with the manifests.
    ///
    /// Does nothing if the depth is less than ``Depth/full``. The largest files come first, and a large one is unpacked on
    /// one thread and digested on another.
    ///
    /// - Parameters:
    ///   - readings: who reads along; no file may be in two.
    ///   - workers: how many files are read at a time.
    ///   - isCancelled: asked several times a second on the calling thread.
    /// - Throws: `cancelled`; what a reading throws.
    public mutating func readFiles(
        _ readings: [BagReading] = [], workers: Int, isCancelled: () -> Bool = { false }
    ) throws {
        guard depth == .full else { return }
        let run = ReadingRun(verifier: self, readings: readings)
        let threads = WorkThreads(count: max(1, workers), otherwise: { run.work() }, { run.work() })
        threads.wait {
            if isCancelled() { run.stop() }
        }
        let state = try run.results()
        take(state.results, container: state.containerFindings)
        for findings in state.readingFindings { self.findings.add(findings) }
    }
}

/// One pass over all files.
private final class ReadingRun: Sendable {
    /// From this size on, unpacking and digesting are done side by side.
    private static let largeFile: Int64 = 4 << 20

    private struct Stopped: Error {}

    private enum Job {
        case file(Int)
        /// The number of a reading, and its files.
        case reading(Int, [Int])
        /// The container's own bytes.
        case container(DigestFactory)
    }

    struct State {
        var next = 0
        var results: [FileResult?]
        var readingFindings: [[VerificationFinding]]
        var containerFindings: [VerificationFinding] = []
        var failure: (any Error)?
    }

    private let verifier: BagVerifier
    private let readings: [BagReading]
    private let jobs: [Job]
    private let isStopped = Atomic(false)
    private let state: Mutex<State>

    init(verifier: BagVerifier, readings: [BagReading]) {
        self.verifier = verifier
        self.readings = readings
        let files = verifier.contents.files
        var taken: Set<Int> = []
        var sized: [(size: Int64, job: Job)] = []
        for (number, reading) in readings.enumerated() {
            let members = reading.names.compactMap { verifier.number(of: $0) }
            guard members.count == reading.names.count, members.allSatisfy({ files[$0].isReadable }) else { continue }
            taken.formUnion(members)
            // Who reads along takes longer than who only digests.
            sized.append((members.reduce(0) { $0 &+ files[$1].size } &* 4, .reading(number, members)))
        }
        for (number, file) in files.enumerated() where file.isReadable && !taken.contains(number) {
            sized.append((file.size, .file(number)))
        }
        sized.sort { $0.size > $1.size }
        // Last, when the files' bytes are at hand still and the other threads are busy with the largest.
        let container = verifier.containerDigest.map { [Job.container($0)] } ?? []
        jobs = sized.map(\.job) + container
        state = Mutex(
            State(
                results: Array(repeating: nil, count: files.count),
                readingFindings: Array(repeating: [], count: readings.count)))
    }

    func stop() { isStopped.store(true, ordering: .relaxed) }

    func results() throws -> State {
        if let failure = state.withLock({ $0.failure }) { throw failure }
        if isStopped.load(ordering: .relaxed) {
            throw PortabilityError(.cancelled, "the verification was cancelled")
        }
        return state.withLock { $0 }
    }

    func work() {
        while !isStopped.load(ordering: .relaxed) {
            let job = state.withLock { state in
                defer { state.next += 1 }
                return state.next < jobs.count ? jobs[state.next] : nil
            }
            guard let job else { return }
            do {
                switch job {
                case .file(let number): try digest(number)
                case .reading(let number, let files): try run(number, files)
                case .container(let digest):
                    let found = verifier.contents.containerFindings(digest: digest)
                    state.withLock { $0.containerFindings = found }
                }
            } catch is Stopped {
                return
            } catch {
                state.withLock { if $0.failure == nil { $0.failure = error } }
                stop()
            }
        }
    }

    private func digest(_ number: Int) throws {
        let file = verifier.contents.files[number]
        var digests = FileDigests(verifier, number)
        guard file.size >= Self.largeFile, verifier.contents is ZipContents else {
            try read(number, { digests.update($0) }, atEnd: { digests.compare(file) })
            return
        }
        let pipe = FilePipe()
        let reader = feeder(number, into: pipe, digesting: false)
        defer {
            pipe.abandon()
            reader.wait()
        }
        do {
            while let piece = try pipe.next() { digests.update(piece.span) }
        } catch is UnreadableFile {
            return
        }
        let compared = digests.compare(file)
        state.withLock { state in
            state.results[number, default: FileResult()].findings += compared.findings
            state.results[number, default: FileResult()].sha256 = compared.sha256
        }
    }

    /// Runs what reads along, and a thread for each of its files.
    private func run(_ number: Int, _ files: [Int]) throws {
        let pipes = files.map { _ in FilePipe() }
        let threads = zip(files, pipes).map { file, pipe in
            feeder(file, into: pipe, digesting: true)
        }
        defer {
            for pipe in pipes { pipe.abandon() }
            for thread in threads { thread.wait() }
        }
        let found = try readings[number].consume(pipes)
        state.withLock { $0.readingFindings[number] = found }
    }

    private func feeder(_ number: Int, into pipe: FilePipe, digesting: Bool) -> WorkThreads {
        WorkThreads(
            count: 1,
            otherwise: { pipe.finish(PortabilityError(.limit, "the system gives no more threads")) },
            { self.feed(number, into: pipe, digesting: digesting) })
    }

    /// Reads a file into a pipe; what is wrong with it goes to the results.
    private func feed(_ number: Int, into pipe: FilePipe, digesting: Bool) {
        let file = verifier.contents.files[number]
        var digests = FileDigests(verifier, number)
        do {
            let unreadable = try read(
                number,
                { piece in
                    if digesting { digests.update(piece) }
                    pipe.push(piece)
                },
                atEnd: { digesting ? digests.compare(file) : FileResult() })
            pipe.finish(unreadable)
        } catch {
            pipe.finish(error)
        }
    }

    /// Reads a file and keeps what was found; returns why it could not be read.
    @discardableResult
    private func read(
        _ number: Int, _ body: (Span<UInt8>) throws -> Void, atEnd: () -> FileResult
    ) throws -> UnreadableFile? {
        do {
            try verifier.contents.read(verifier.contents.files[number]) { piece in
                if isStopped.load(ordering: .relaxed) { throw Stopped() }
                try body(piece)
            }
            let result = atEnd()
            state.withLock { $0.results[number] = result }
            return nil
        } catch let unreadable as UnreadableFile {
            state.withLock { $0.results[number] = FileResult(findings: [unreadable.finding]) }
            return unreadable
        }
    }
}

/// The digests of one file in the making.
private struct FileDigests {
    private let algorithms: [DigestAlgorithm]
    private let expected: [BagVerifier.Expected]
    private var digests: [any StreamingDigest]

    init(_ verifier: BagVerifier, _ number: Int) {
        algorithms = verifier.wanted(number)
        expected = verifier.expected[number]
        digests = algorithms.map { $0.make() }
    }

    mutating func update(_ piece: Span<UInt8>) {
        for index in digests.indices { digests[index].update(piece) }
    }

    func compare(_ file: BagFile) -> FileResult {
        var result = FileResult()
        let values = digests.map { $0.value() }
        for one in expected {
            guard let index = algorithms.firstIndex(where: { $0.name == one.algorithm.name }) else { continue }
            if values[index] != one.digest {
                result.findings.append(
                    file.finding(.digest, "the file's \(one.algorithm.name) is not the one in \(one.manifest)"))
            }
        }
        result.sha256 = algorithms.firstIndex { $0.name == "sha256" }.map { values[$0] }
        return result
    }
}

extension [FileResult?] {
    fileprivate subscript(index: Int, default other: @autoclosure () -> FileResult) -> FileResult {
        get { self[index] ?? other() }
        set { self[index] = newValue }
    }
}
