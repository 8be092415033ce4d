import CTextScan
import PortabilityText

/// A line that may matter.
struct LineMark: Sendable, Hashable {
    /// Where it begins in the block.
    var start: Int
    /// Bytes, without the line's end: without the LF, and without a CR before it.
    var length: Int
    /// How many lines of the block come before it.
    var line: Int
}

/// Finds the lines of JSON in which something may matter to somebody, much faster than they could be read.
///
/// A line is marked if a member of one of the question's names, at any depth, has a wanted value; if an object or array
/// stands where a unique identifier should; and if ``LineReader`` would count it among its findings: a line that is no
/// JSON object, that is too long or that is not UTF-8. All other lines are blank, or well-formed objects of nobody who
/// was asked for, and reading them would change nothing. What a marked line means is for the ``LineReader`` to decide.
///
/// Most lines are told to be well-formed by their shape, all that stands outside of their strings, with which other
/// lines were before; see `text_scan.h`. A line of a new shape is tokenized, and one in which a name or a member that is
/// looked for is written with escapes.
///
/// A sieve is for one thread at a time. It takes about 1.5 MB, whatever the lines.
struct LineSieve: ~Copyable {
    /// The kinds of loop there are, for machines that have more and more instructions.
    enum Machine: UInt32, CaseIterable {
        case any, avx2, avx512

        static var best: Machine { Machine(rawValue: text_machine_best().rawValue) ?? .any }
    }

    private let question: SieveQuestion
    private var tokenizer: JSONTokenizer
    private let sieve: OpaquePointer
    private var marks: [text_line]
    private var text: [UInt8] = []
    /// How many lines could be decided about by their tokens only: what the sieve saves shows in how few they are.
    private(set) var tokenizedLines = 0

    /// - Parameter machine: Not more than ``Machine/best``.
    init(_ question: SieveQuestion, machine: Machine = .best) {
        precondition(machine.rawValue <= Machine.best.rawValue, "the machine has no such instructions")
        guard let sieve = text_sieve_make(question.tables.question, text_machine(machine.rawValue)) else {
            preconditionFailure("out of memory")
        }
        self.sieve = sieve
        self.question = question
        tokenizer = JSONTokenizer(depth: question.depthLimit, tokens: question.tokenLimit)
        marks = [text_line](repeating: text_line(start: 0, count: 0, number: 0), count: 256)
    }

    deinit { text_sieve_free(sieve) }

    /// Marks lines of a block.
    ///
    /// - Parameters:
    ///   - block: Whole lines, each with its LF; the last need not have one.
    ///   - isFirstOfFile: True if the first line may begin with a byte order mark.
    ///   - found: To which marked lines are added, in order. One longer than the question's `lineLimit` is too long.
    /// - Returns: The number of lines, with the last one if it has no LF but a byte.
    mutating func sift(
        _ block: UnsafeRawBufferPointer, isFirstOfFile: Bool, into found: inout [LineMark]
    ) -> Int {
        var next = text_line(start: 0, count: 0, number: 0)
        guard let base = block.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return 0 }
        while true {
            var marked = 0
            let stop = text_sieve_run(sieve, base, block.count, &next, &marks, &marked, marks.count)
            for mark in marks[..<marked] { found.append(LineMark(mark)) }
            if stop == text_stop_end { return next.number }
            if stop == text_stop_full { continue }
            let line = UnsafeRawBufferPointer(rebasing: block[next.start..<next.start + next.count])
            if matters(line, isFirst: isFirstOfFile && next.number == 0) { found.append(LineMark(next)) }
            next.start = Self.end(of: next, in: block)
            next.number += 1
        }
    }

    /// Where the line after one begins.
    private static func end(of line: text_line, in block: UnsafeRawBufferPointer) -> Int {
        var end = line.start + line.count
        if end < block.count, block[end] == 0x0d { end += 1 }
        return min(end + 1, block.count)
    }

    /// Decides about one line by its tokens.
    private mutating func matters(_ line: UnsafeRawBufferPointer, isFirst: Bool) -> Bool {
        var line = line
        if isFirst, line.starts(with: [0xef, 0xbb, 0xbf]) {
            line = UnsafeRawBufferPointer(rebasing: line.dropFirst(3))
        }
        tokenizedLines += 1
        if tokenizer.tokenize(line) != nil { return !line.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d } }
        if tokenizer[0].kind != .object { return true }
        text_sieve_learn(sieve)
        return line.withMemoryRebound(to: UInt8.self) { hasWanted($0.span) }
    }

    /// True if a member of the tokenized line has a value that is wanted, or a structure where none may be.
    private mutating func hasWanted(_ line: Span<UInt8>) -> Bool {
        let question = question
        for index in 1..<tokenizer.count where tokenizer[index].kind == .key {
            guard let member = withText(of: index, in: line, { question.member($0) }) else { continue }
            switch tokenizer[index + 1].kind {
            case .object, .array: if question.members[member].isUnique { return true }
            case .null: break
            default:
                if withText(of: index + 1, in: line, { question.tables.wants($0, member: member) }) { return true }
            }
        }
        return false
    }

    /// The text of a key or scalar, without escapes.
    private mutating func withText<Result>(
        of index: Int, in line: Span<UInt8>, _ body: (Span<UInt8>) -> Result
    ) -> Result {
        let token = tokenizer[index]
        if !token.isEscaped { return body(line.extracting(token.range)) }
        text.removeAll(keepingCapacity: true)
        _ = tokenizer.appendValue(of: token, in: line, into: &text)
        return body(text.span)
    }
}

extension LineMark {
    fileprivate init(_ line: text_line) { self.init(start: line.start, length: line.count, line: line.number) }
}
