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
/// JSON object, that is too long or that is not UTF-8. All other lines are well-formed objects of nobody who was asked
/// for, or blank, and reading them would change nothing. What a marked line means is for the ``LineReader`` to decide.
///
/// A sieve is for one thread at a time.
struct LineSieve: ~Copyable {
    private let question: SieveQuestion
    private var tokenizer: JSONTokenizer
    private var name: [UInt8] = []

    init(_ question: SieveQuestion) {
        self.question = question
        tokenizer = JSONTokenizer(depth: question.depthLimit, tokens: question.tokenLimit)
    }

    /// Marks lines of a block.
    ///
    /// - Parameters:
    ///   - block: Whole lines, each with its LF; the last need not have one. Less than 2 GiB.
    ///   - isFirstOfFile: True if the first line may begin with a byte order mark.
    ///   - marks: To which marked lines are added, in order. One longer than the question's `lineLimit` is too long.
    /// - Returns: The number of lines, with the last one if it has no LF but a byte.
    mutating func sift(_ block: UnsafeRawBufferPointer, isFirstOfFile: Bool, into marks: inout [LineMark]) -> Int {
        var line = 0
        var start = 0
        while start < block.count {
            let rest = UnsafeRawBufferPointer(rebasing: block[start...])
            let next = rest.firstIndex(of: 0x0a) ?? rest.count
            var length = next
            if length > 0, rest[length - 1] == 0x0d { length -= 1 }
            if matters(UnsafeRawBufferPointer(rebasing: rest[..<length]), isFirst: isFirstOfFile && line == 0) {
                marks.append(LineMark(start: start, length: length, line: line))
            }
            line += 1
            start += next + 1
        }
        return line
    }

    /// Decides about one line by its tokens.
    private mutating func matters(_ line: UnsafeRawBufferPointer, isFirst: Bool) -> Bool {
        if line.count > question.lineLimit { return true }
        var text = line
        if isFirst, text.starts(with: [0xef, 0xbb, 0xbf]) {
            text = UnsafeRawBufferPointer(rebasing: text.dropFirst(3))
        }
        if text.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) { return false }
        if tokenizer.tokenize(text) != nil || tokenizer[0].kind != .object { return true }
        for index in 1..<tokenizer.count where tokenizer[index].kind == .key {
            let value = tokenizer[index + 1]
            guard let member = question.members[bytes(of: tokenizer[index], text)] else { continue }
            switch value.kind {
            case .object, .array: if member.isUnique { return true }
            case .null: break
            default: if member.values.contains(bytes(of: value, text)) { return true }
            }
        }
        return false
    }

    private mutating func bytes(of token: JSONToken, _ text: UnsafeRawBufferPointer) -> [UInt8] {
        name.removeAll(keepingCapacity: true)
        text.withMemoryRebound(to: UInt8.self) { text in
            _ = tokenizer.appendValue(of: token, in: text.span, into: &name)
        }
        return name
    }
}
