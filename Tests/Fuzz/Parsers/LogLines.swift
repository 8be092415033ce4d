import PortabilityText

@testable import UsageLogExtractor

private let names: [[UInt8]] = [Array("user.id".utf8), Array("a".utf8), Array("näme".utf8)]
private let wanted: [[UInt8]] = [Array("1042".utf8), Array("ä".utf8), Array("true".utf8), Array("x/y".utf8)]
private let question = SieveQuestion(
    identifiers: names.enumerated().map { .init(path: $1, values: wanted, isUnique: $0 != 1) }, lineLimit: 4096,
    depthLimit: 8, tokenLimit: 300)

/// The sieve marks the lines that the tokenizer would, on every kind of machine, and the same again when it knows them.
@Sendable func siftLines(_ input: [UInt8]) {
    let isFirstOfFile = input.count % 2 == 0
    let expected = slowMarks(input, isFirstOfFile: isFirstOfFile)
    for machine in LineSieve.Machine.allCases where machine.rawValue <= LineSieve.Machine.best.rawValue {
        var sieve = LineSieve(question, machine: machine)
        for _ in 0..<2 {
            var marks: [LineMark] = []
            let lines = input.withUnsafeBytes { sieve.sift($0, isFirstOfFile: isFirstOfFile, into: &marks) }
            guard lines == expected.lines else { finding("the sieve counts lines otherwise") }
            guard marks == expected.marks else { finding("the sieve and the tokenizer do not agree about a line") }
        }
    }
}

private func slowMarks(_ block: [UInt8], isFirstOfFile: Bool) -> (lines: Int, marks: [LineMark]) {
    var lines = block.split(separator: 0x0a, omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    var tokenizer = JSONTokenizer(depth: 8, tokens: 300)
    let marks = lines.enumerated().compactMap { number, line in
        let line = line.last == 0x0d ? line.dropLast() : line
        let mark = LineMark(start: line.startIndex, length: line.count, line: number)
        if line.count > 4096 { return mark }
        let hasMark = isFirstOfFile && number == 0 && line.starts(with: [0xef, 0xbb, 0xbf])
        let text = Array(hasMark ? line.dropFirst(3) : line)
        if text.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) { return nil }
        if tokenizer.tokenize(text.span) != nil || tokenizer[0].kind != .object { return mark }
        return isWanted(text, tokenizer) ? mark : nil
    }
    return (lines.count, marks)
}

private func isWanted(_ text: [UInt8], _ tokenizer: borrowing JSONTokenizer) -> Bool {
    func string(_ index: Int) -> [UInt8] {
        var out: [UInt8] = []
        _ = tokenizer.appendValue(of: tokenizer[index], in: text.span, into: &out)
        return out
    }
    for index in 0..<tokenizer.count where tokenizer[index].kind == .key {
        let name = string(index)
        let kind = tokenizer[index + 1].kind
        // The first has two names, and each of them, and both, may be a member's.
        for (which, ends) in [[names[0], Array("id".utf8)], [names[1]], [names[2]]].enumerated()
        where ends.contains(name) {
            if kind == .object || kind == .array {
                if which != 1 { return true }
            } else if kind != .null, wanted.contains(string(index + 1)) {
                return true
            }
        }
    }
    return false
}
