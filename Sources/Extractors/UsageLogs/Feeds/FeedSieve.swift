import Glibc
import PortabilityModel
import PortabilityText

/// Which lines a feed has to hand over. Made once, read by all threads.
enum FeedQuestion: Sendable {
    /// All of them.
    case everything(lineLimit: Int)
    /// Of lines of JSON what a ``LineSieve`` marks.
    case members(SieveQuestion)
    /// Lines that do not fit the pattern, or in which a field has one of some values.
    case fields(LinePattern, keys: [PatternSplitter.Key], lineLimit: Int)

    /// The lines that matter to any of some subjects.
    ///
    /// - Parameter values: The values wanted, by match of the plan; nil if each line is.
    init(_ plan: Plan, values: [[[UInt8]]]?, limits: SourceLimits) {
        guard let values else {
            self = .everything(lineLimit: limits.lineBytes)
            return
        }
        guard let pattern = plan.pattern else {
            self = .members(SieveQuestion(plan, values: values, limits: limits))
            return
        }
        if let keys = plan.keys(of: values) {
            self = .fields(pattern, keys: keys, lineLimit: limits.lineBytes)
        } else {
            self = .everything(lineLimit: limits.lineBytes)
        }
    }

    /// Bytes a line may have.
    var lineLimit: Int {
        switch self {
        case .everything(let limit), .fields(_, _, let limit): limit
        case .members(let question): question.lineLimit
        }
    }
}

/// Answers a ``FeedQuestion`` for whole lines. For one thread at a time.
struct FeedSieve: ~Copyable {
    private let lineLimit: Int
    private var members: LineSieve?
    private var fields: PatternSplitter?

    init(_ question: FeedQuestion) {
        lineLimit = question.lineLimit
        members = nil
        fields = nil
        switch question {
        case .everything: break
        case .members(let question): members = LineSieve(question)
        case .fields(let pattern, let keys, _): fields = PatternSplitter(pattern, keys: keys)
        }
    }

    /// Marks lines of a block, see ``LineSieve/sift(_:isFirstOfFile:into:)``. Those that are too long are marked.
    mutating func sift(
        _ block: UnsafeRawBufferPointer, isFirstOfFile: Bool, into marks: inout [LineMark]
    ) -> Int {
        if let lines = members?.sift(block, isFirstOfFile: isFirstOfFile, into: &marks) { return lines }
        guard let base = block.baseAddress else { return 0 }
        var line = 0
        var start = 0
        while start < block.count {
            let found = memchr(base + start, 0x0a, block.count - start)
            let end = found.map { UnsafeRawPointer($0) - base } ?? block.count
            var length = end - start
            if length > 0, base.load(fromByteOffset: end - 1, as: UInt8.self) == 0x0d { length -= 1 }
            let bytes = UnsafeBufferPointer(
                start: (base + start).assumingMemoryBound(to: UInt8.self), count: length)
            // The first line may begin with a byte order mark, which is no part of it.
            if line == 0 && isFirstOfFile || length > lineLimit || fields?.mayMatter(bytes) ?? true {
                marks.append(LineMark(start: start, length: length, line: line))
            }
            line += 1
            start = end + 1
        }
        return line
    }
}
