import Glibc
import PortabilityText

@testable import UsageLogExtractor

extension SplitMix {
    mutating func isOne(in count: Int) -> Bool { below(count) == 0 }
    mutating func pick<Element>(_ list: [Element]) -> Element { list[below(list.count)] }
}

/// What the sieve must mark, found the slow way: each line is cut out, tokenized and looked through.
struct SlowSieve {
    var identifiers: [SieveQuestion.Identifier]
    var lineLimit = 1 << 20
    var depthLimit = 32
    var tokenLimit = 1 << 20

    var question: SieveQuestion {
        SieveQuestion(
            identifiers: identifiers, lineLimit: lineLimit, depthLimit: depthLimit, tokenLimit: tokenLimit)
    }

    func marks(_ block: [UInt8], isFirstOfFile: Bool) -> (lines: Int, marks: [LineMark]) {
        var lines = block.split(separator: 0x0a, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        let marks = lines.enumerated().compactMap { number, line in
            let whole = line.last == 0x0d ? line.dropLast() : line
            let mark = LineMark(start: whole.startIndex, length: whole.count, line: number)
            return matters(Array(whole), isFirst: isFirstOfFile && number == 0) ? mark : nil
        }
        return (lines.count, marks)
    }

    func matters(_ line: [UInt8], isFirst: Bool) -> Bool {
        if line.count > lineLimit { return true }
        let text = isFirst && line.starts(with: [0xef, 0xbb, 0xbf]) ? Array(line.dropFirst(3)) : line
        if text.allSatisfy({ [0x20, 0x09, 0x0d].contains($0) }) { return false }
        var tokenizer = JSONTokenizer(depth: depthLimit, tokens: tokenLimit)
        if tokenizer.tokenize(text.span) != nil || tokenizer[0].kind != .object { return true }
        func string(_ index: Int) -> [UInt8] {
            var out: [UInt8] = []
            _ = tokenizer.appendValue(of: tokenizer[index], in: text.span, into: &out)
            return out
        }
        for index in 0..<tokenizer.count where tokenizer[index].kind == .key {
            let name = string(index)
            for identifier in identifiers where ([0x2e] + identifier.path).ends(with: [0x2e] + name) {
                switch tokenizer[index + 1].kind {
                case .object, .array: if identifier.isUnique { return true }
                case .null: continue
                default:
                    let value = string(index + 1)
                    if !value.isEmpty, identifier.values.contains(value) { return true }
                }
            }
        }
        return false
    }
}

extension Array where Element == UInt8 {
    func ends(with end: [UInt8]) -> Bool { count >= end.count && suffix(end.count).elementsEqual(end) }
}

/// Memory between two pages that nobody may touch: text at its very end, or at its very beginning.
final class GuardedText {
    private let memory: UnsafeMutableRawPointer
    private let capacity: Int
    private static let page = 4096

    init(capacity: Int) {
        self.capacity = (capacity + Self.page - 1) / Self.page * Self.page
        memory = mmap(nil, self.capacity + 2 * Self.page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        precondition(memory != MAP_FAILED && mprotect(memory + Self.page, self.capacity, PROT_READ | PROT_WRITE) == 0)
    }

    deinit { munmap(memory, capacity + 2 * Self.page) }

    func place(_ text: [UInt8], atEnd: Bool) -> UnsafeRawBufferPointer {
        precondition(text.count <= capacity)
        let start = memory + Self.page + (atEnd ? capacity - text.count : 0)
        text.withUnsafeBytes { if let base = $0.baseAddress { start.copyMemory(from: base, byteCount: $0.count) } }
        return UnsafeRawBufferPointer(start: start, count: text.count)
    }
}

extension LineSieve {
    /// The marks of a text.
    mutating func sift(_ text: [UInt8], isFirstOfFile: Bool = false) -> (lines: Int, marks: [LineMark]) {
        text.withUnsafeBytes { sift($0, isFirstOfFile: isFirstOfFile) }
    }

    mutating func sift(_ text: UnsafeRawBufferPointer, isFirstOfFile: Bool) -> (lines: Int, marks: [LineMark]) {
        var marks: [LineMark] = []
        let lines = sift(text, isFirstOfFile: isFirstOfFile, into: &marks)
        return (lines, marks)
    }
}

/// The kinds of loop that this machine can run.
let machines = LineSieve.Machine.allCases.filter { $0.rawValue <= LineSieve.Machine.best.rawValue }
