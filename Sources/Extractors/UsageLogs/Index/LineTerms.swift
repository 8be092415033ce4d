import PortabilityModel
import PortabilityText

/// Finds out by what a line could be asked for: the hashes of all its identifiers, or that it matters to everybody.
///
/// Reads as ``LineReader`` does, but for one thing: of equal names in an object each counts, not the last alone, so that
/// nothing has to be known of the rest of the line. A hash too many leads to a line that is then not the subject's.
struct LineTerms: ~Copyable {
    private let keys: IndexKeys
    private let paths: [[UInt8]]
    private let lineLimit: Int
    private let isPattern: Bool
    private var tokenizer: JSONTokenizer
    private var splitter: PatternSplitter
    private var value: [UInt8] = []
    private var repaired: [UInt8] = []
    /// Of the last line.
    private(set) var hashes: [UInt32] = []

    init(plan: Plan, keys: IndexKeys, limits: SourceLimits) {
        self.keys = keys
        paths = plan.matches.map { plan.probes[$0.probe] }
        lineLimit = limits.lineBytes
        isPattern = plan.pattern != nil
        tokenizer = JSONTokenizer(depth: limits.depth, tokens: 1 << 20)
        splitter = PatternSplitter(plan.pattern ?? LinePattern(), keys: nil)
    }

    /// Reads a line, without its end, into ``hashes``.
    mutating func read(_ bytes: UnsafeBufferPointer<UInt8>, isFirst: Bool) {
        hashes.removeAll(keepingCapacity: true)
        if bytes.isEmpty { return }
        var raw = bytes
        if isFirst, raw.starts(with: [0xef, 0xbb, 0xbf]) {
            raw = UnsafeBufferPointer(rebasing: raw.dropFirst(3))
        }
        if isPattern {
            switch splitter.split(raw, into: &tokenizer) {
            case .split:
                // Moved out, so that the text can be read while the rest changes.
                var text: [UInt8] = []
                swap(&text, &splitter.text)
                defer { swap(&text, &splitter.text) }
                collect(text)
            case .unwanted: break
            case .misfit: addFault(raw)
            }
            return
        }
        guard let fault = tokenizer.tokenize(UnsafeRawBufferPointer(raw)) else {
            collect(raw)
            return
        }
        if fault.reason == .invalidUTF8 {
            var text: [UInt8] = []
            swap(&text, &repaired)
            defer { swap(&text, &repaired) }
            text.removeAll(keepingCapacity: true)
            _ = appendRepaired(raw.span, into: &text)
            if tokenizer.tokenize(text.span) == nil {
                collect(text)
            } else {
                hashes.append(keys.everybody)
            }
            return
        }
        addFault(raw)
    }

    private mutating func addFault(_ raw: UnsafeBufferPointer<UInt8>) {
        if raw.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) { return }
        hashes.append(keys.everybody)
    }

    private mutating func collect(_ text: [UInt8]) {
        text.withUnsafeBufferPointer { collect($0) }
    }

    private mutating func collect(_ text: UnsafeBufferPointer<UInt8>) {
        if tokenizer[0].kind != .object {
            hashes.append(keys.everybody)
            return
        }
        for match in paths.indices {
            let path = paths[match]
            path.withUnsafeBufferPointer { look(for: match, $0, inObject: 0, text) }
        }
    }

    /// Adds what stands at the rest of a path in an object. Calls itself once for each name of the path at the most.
    private mutating func look(
        for match: Int, _ path: UnsafeBufferPointer<UInt8>, inObject object: Int, _ text: UnsafeBufferPointer<UInt8>
    ) {
        let end = Int(tokenizer[object].next)
        var index = object + 1
        while index < end {
            let key = tokenizer[index]
            let member = tokenizer[index + 1]
            defer { index = Int(member.next) }
            let rest: Int?
            if key.isEscaped {
                value.removeAll(keepingCapacity: true)
                _ = tokenizer.appendValue(of: key, in: text.span, into: &value)
                rest = value.withUnsafeBufferPointer { Self.rest(of: path, after: $0) }
            } else if Int(key.length) > path.count {
                continue
            } else {
                rest = Self.rest(of: path, after: UnsafeBufferPointer(rebasing: text[key.range]))
            }
            guard let rest else { continue }
            if rest < path.count {
                if member.kind == .object {
                    look(for: match, UnsafeBufferPointer(rebasing: path[rest...]), inObject: index + 1, text)
                }
                continue
            }
            switch member.kind {
            case .object, .array: hashes.append(keys.everybody)
            case .null, .key: break
            case .string, .number, .true, .false:
                if member.length == 0 { continue }
                if member.isEscaped {
                    value.removeAll(keepingCapacity: true)
                    _ = tokenizer.appendValue(of: member, in: text.span, into: &value)
                    hashes.append(value.withUnsafeBytes { keys.hash(match, $0) })
                } else {
                    hashes.append(
                        keys.hash(match, UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: text[member.range]))))
                }
            }
        }
    }

    /// Where a path goes on after a name, which may have dots itself: its end if the name is all of it, nil if the path
    /// does not begin with the name.
    @inline(__always)
    private static func rest(
        of path: UnsafeBufferPointer<UInt8>, after name: UnsafeBufferPointer<UInt8>
    ) -> Int? {
        let count = name.count
        guard count <= path.count, let left = path.baseAddress else { return nil }
        if count < path.count, path[count] != UInt8(ascii: ".") { return nil }
        if let right = name.baseAddress, !isEqual(left, right, count) { return nil }
        return count == path.count ? count : count + 1
    }
}
