import PortabilityModel
import PortabilityText
import SourceFiles

/// Turns lines into records: tokenizes each, decides whose it is, and puts what belongs to the subject onto tapes.
struct LineReader: ~Copyable {
    private let plan: Plan
    /// The datasets asked for, in the request's order, and the index of each in the plan.
    private let writers: [DatasetWriter]
    /// By match: the subject's values.
    private let subject: [[[UInt8]]]
    /// The identifiers that name one person first, each kind of identifier in the configured order.
    private let uniqueMatches: [Int]
    private let otherMatches: [Int]
    /// By match and by writer: what of the plan is needed for each line, without anything to count references of.
    private let matchProbes: [Int]
    private let deciders: [Decider]

    /// The probes of a dataset, -1 for none.
    private struct Decider {
        var dataset: Int
        var filter: Int
        var recordID: Int
        var tenant: Int
    }

    private var tokenizer: JSONTokenizer
    /// Cuts lines that a pattern describes.
    private var splitter: PatternSplitter
    private var tree: PathTree
    private var keys: RecordKeys
    var findings: LineFindings
    /// Where lines are noted instead of read, if what they hold is to be told.
    private var survey: Survey?
    /// What says whose lines are kept, if they are not to be read but sorted.
    private let store: LineStore?
    /// To whom the last line matters that was sorted: numbers of the store's lists.
    private var owners: [Int] = []

    /// Paths of the line with the tokens of their values.
    private var present: [DatasetTape.Entry] = []
    private var probes: [Int]
    private var open: [(end: Int, node: PathTree.Index, previous: PathTree.Index)] = []
    private var pass: Int64 = 0
    private var name: [UInt8] = []
    private var identifier: [UInt8] = []
    private var recordID: [UInt8] = []
    private var digestID: [UInt8] = []
    private var tenant: [UInt8] = []
    private var repaired: [UInt8] = []

    /// - Parameters:
    ///   - subject: The subject's values, by match.
    ///   - surveys: True if what lines hold is to be told of, whosever they are.
    ///   - store: What lines are sorted for, see ``owners(of:_:file:)``; `subject` then has the values of all.
    init(
        plan: Plan, writers: [DatasetWriter], subject: [[[UInt8]]], context: ExtractionContext,
        digest: @escaping DigestFactory, surveys: Bool = false, store: LineStore? = nil
    ) {
        self.plan = plan
        self.writers = writers
        self.subject = subject
        self.store = store
        uniqueMatches = plan.matches.indices.filter { plan.matches[$0].isUnique }
        otherMatches = plan.matches.indices.filter { !plan.matches[$0].isUnique }
        matchProbes = plan.matches.map(\.probe)
        deciders = writers.map { writer in
            let dataset = plan.datasets[writer.tape.dataset]
            return Decider(
                dataset: writer.tape.dataset, filter: dataset.filter, recordID: dataset.recordID,
                tenant: dataset.tenant)
        }
        keys = RecordKeys(source: context.source, datasets: writers.count, digest: digest)
        // A line may have a million tokens, of sixteen bytes each.
        tokenizer = JSONTokenizer(depth: context.limits.depth, tokens: 1 << 20)
        tree = PathTree(rules: plan.rules, datasets: plan.datasets.count)
        splitter = PatternSplitter(
            plan.pattern ?? LinePattern(), keys: surveys ? nil : plan.keys(of: self.subject))
        findings = LineFindings(source: context.source, isPattern: plan.pattern != nil)
        probes = [Int](repeating: -1, count: plan.probes.count)
        survey = surveys ? Survey(plan: plan) : nil
    }

    /// Reads one line.
    ///
    /// - Returns: true if a dataset's batch is full and has to be taken.
    mutating func read(_ line: FoundLine, _ bytes: UnsafeBufferPointer<UInt8>, file: Int) throws -> Bool {
        if line.isTooLong {
            findings.tooLong(line, file: file)
            return false
        }
        if bytes.isEmpty { return false }
        var raw = bytes
        if line.number == 1, raw.starts(with: [0xef, 0xbb, 0xbf]) {
            raw = UnsafeBufferPointer(rebasing: raw.dropFirst(3))
        }
        if plan.pattern != nil { return try readPattern(line, raw, file: file) }
        guard let fault = tokenizer.tokenize(UnsafeRawBufferPointer(raw)) else {
            if tokenizer[0].kind != .object {
                findings.malformed(.notAnObject, line, offset: 0, file: file)
                return false
            }
            return try take(line, text: raw, raw: raw, file: file)
        }
        if fault.reason == .invalidUTF8 {
            repaired.removeAll(keepingCapacity: true)
            let count = appendRepaired(raw.span, into: &repaired)
            // Moved out, so that the line can be read from it while the reader changes.
            var text: [UInt8] = []
            swap(&text, &repaired)
            defer { swap(&text, &repaired) }
            guard let fault = tokenizer.tokenize(text.span) else {
                if tokenizer[0].kind != .object {
                    findings.malformed(.notAnObject, line, offset: 0, file: file)
                    return false
                }
                return try take(line, text, raw: raw, replacements: count, file: file)
            }
            findings.malformed(.init(fault.reason), line, offset: min(fault.offset, raw.count), file: file)
            return false
        }
        if Self.isBlank(raw) { return false }
        findings.malformed(.init(fault.reason), line, offset: fault.offset, file: file)
        return false
    }

    /// To whom a line may matter, by the numbers of the store's lists: those whose values stand where an identifier
    /// does; everybody, if it cannot be read or has a structure where an identifier should be.
    mutating func owners(of line: FoundLine, _ bytes: UnsafeBufferPointer<UInt8>, file: Int) throws -> [Int] {
        owners.removeAll(keepingCapacity: true)
        let before = findings.badLines + findings.longLines
        _ = try read(line, bytes, file: file)
        return findings.badLines + findings.longLines > before ? [0] : owners
    }

    /// Notes to whom the line matters.
    private mutating func sort(_ text: UnsafeBufferPointer<UInt8>, for store: LineStore) {
        for match in matchProbes.indices {
            switch value(ofProbe: matchProbes[match], text) {
            case .none: break
            case .structured: if plan.matches[match].isUnique { owners.append(0) }
            case .scalar: if let owner = store.number(identifier, match: match) { owners.append(owner) }
            }
        }
    }

    private static func isBlank(_ raw: UnsafeBufferPointer<UInt8>) -> Bool {
        raw.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }
    }

    /// Reads a line that a pattern describes.
    private mutating func readPattern(
        _ line: FoundLine, _ raw: UnsafeBufferPointer<UInt8>, file: Int
    ) throws -> Bool {
        switch splitter.split(raw, into: &tokenizer) {
        case .split: break
        case .unwanted: return false
        case .misfit(let fault):
            if !Self.isBlank(raw) { findings.malformed(fault.reason, line, offset: fault.offset, file: file) }
            return false
        }
        var text: [UInt8] = []
        swap(&text, &splitter.text)
        defer { swap(&text, &splitter.text) }
        return try take(line, text, raw: raw, replacements: splitter.repaired, file: file)
    }

    /// Reads a line whose text is not as it stands in the file; `replacements` counts what was no UTF-8.
    private mutating func take(
        _ line: FoundLine, _ text: [UInt8], raw: UnsafeBufferPointer<UInt8>, replacements: Int, file: Int
    ) throws -> Bool {
        try text.withUnsafeBufferPointer { text in
            if replacements == 0 { return try take(line, text: text, raw: raw, file: file) }
            let before = writers.reduce(0) { $0 + $1.tape.count }
            let isFull = try take(line, text: text, raw: raw, file: file)
            if writers.reduce(0, { $0 + $1.tape.count }) > before { findings.invalidText += Int64(replacements) }
            return isFull
        }
    }

    /// Reads a line of which the tokens are made; they stand for `text`, which is `raw` or was made of it.
    private mutating func take(
        _ line: FoundLine, text: UnsafeBufferPointer<UInt8>, raw: UnsafeBufferPointer<UInt8>, file: Int
    ) throws -> Bool {
        tree.trim()
        if !walk(text) {
            // Equal names in one object: the last counts (as in most readers; RFC 8259, 4, leaves it open).
            tokenizer.markSuperseded(in: text.span, of: 0)
            _ = walk(text)
        }
        if survey != nil {
            note(text)
            return false
        }
        if let store {
            sort(text, for: store)
            return false
        }
        guard let match = owner(text) else { return false }
        if !plan.datasets.indices.contains(where: { isTaken(by: $0, text) }) { findings.untaken += 1 }
        var isFull = false
        var isIdentified = false
        for (index, decider) in deciders.enumerated() {
            if decider.filter >= 0, !isTaken(by: decider.dataset, text) { continue }
            if decider.recordID < 0 || !Self.scalar(probes[decider.recordID], tokenizer, text, &recordID) {
                if !isIdentified { digestID = keys.computed(raw.span) }
                isIdentified = true
                recordID = digestID
            } else {
                recordID = keys.own(recordID, dataset: index)
                findings.repeatedKeys = keys.repeated
            }
            if decider.tenant >= 0, !Self.scalar(probes[decider.tenant], tokenizer, text, &tenant) {
                tenant.removeAll(keepingCapacity: true)
            }
            let subjectKind = plan.datasets[decider.dataset].subjectKinds[match]
            let isReady = try writers[index].tape.write(
                present, of: tree, &tokenizer, text: text.span,
                head: DatasetTape.Head(
                    id: recordID, subject: identifier, subjectKind: subjectKind,
                    tenant: decider.tenant < 0 ? nil : tenant, file: file, position: UInt64(line.offset)))
            if isReady { isFull = true }
        }
        return isFull
    }

    /// True if a dataset's `where` takes the line.
    private mutating func isTaken(by dataset: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let filter = plan.datasets[dataset].filter
        return filter < 0
            || Self.scalar(probes[filter], tokenizer, text, &name)
                && plan.datasets[dataset].filterValues.contains(name)
    }

    /// Notes in the survey what the line holds.
    private mutating func note(_ text: UnsafeBufferPointer<UInt8>) {
        var hasIdentifier = false
        for probe in matchProbes where value(ofProbe: probe, text) == .scalar { hasIdentifier = true }
        let taken = plan.datasets.indices.map { isTaken(by: $0, text) }
        survey?.note(present, of: tree, hasIdentifier: hasIdentifier, taken: taken)
    }

    /// What the survey found.
    func coverage(unreadFiles: Int64, tolerated: Int64) -> [CoverageItem] {
        survey?.items(findings, unreadFiles: unreadFiles, tolerated: tolerated) ?? []
    }

    /// Notes which paths the line has, in ``present`` and ``probes``; false if one comes twice.
    private mutating func walk(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        pass += 1
        present.removeAll(keepingCapacity: true)
        open.removeAll(keepingCapacity: true)
        for index in probes.indices { probes[index] = -1 }
        let span = text.span
        var name: [UInt8] = []
        var end = Int(tokenizer[0].next)
        var node: PathTree.Index = 0
        var previous: PathTree.Index = -1
        var index = 1
        while true {
            while index == end {
                guard let outer = open.popLast() else { return true }
                (end, node, previous) = outer
            }
            let key = tokenizer[index]
            let value = tokenizer[index + 1]
            if key.isSuperseded {
                index = Int(value.next)
                continue
            }
            let found: PathTree.Index
            if key.isEscaped {
                name.removeAll(keepingCapacity: true)
                _ = tokenizer.appendValue(of: key, in: span, into: &name)
                found = tree.find(name.span, below: node, after: previous)
            } else {
                found = tree.find(span.extracting(key.range), below: node, after: previous)
            }
            previous = found
            if !tree.mark(found, line: pass) { return false }
            let known = tree.nodes[Int(found)]
            if known.probe >= 0 { probes[Int(known.probe)] = index + 1 }
            if value.kind == .object, Int(value.next) > index + 2, tree.isDescended(found) {
                if known.isTaken { present.append(DatasetTape.Entry(node: found, token: index + 1, isOpened: true)) }
                open.append((end, node, previous))
                (end, node, previous) = (Int(value.next), found, -1)
                index += 2
            } else {
                present.append(DatasetTape.Entry(node: found, token: index + 1, isOpened: false))
                index = Int(value.next)
            }
        }
    }

    /// The match by which the line is the subject's, with the value in ``identifier``; nil if it is not.
    private mutating func owner(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        var namesSomeone = false
        for match in uniqueMatches {
            switch value(ofProbe: matchProbes[match], text) {
            case .none: continue
            case .structured:
                findings.structuredIdentifiers += 1
                return nil
            case .scalar:
                if subject[match].contains(identifier) { return match }
                if !subject[match].isEmpty { return nil }
                namesSomeone = true
            }
        }
        if namesSomeone { return nil }
        for match in otherMatches where value(ofProbe: matchProbes[match], text) == .scalar {
            if subject[match].contains(identifier) { return match }
        }
        return nil
    }

    private enum Found { case none, scalar, structured }

    /// Puts the value at a probe into ``identifier``.
    private mutating func value(ofProbe probe: Int, _ text: UnsafeBufferPointer<UInt8>) -> Found {
        if Self.scalar(probes[probe], tokenizer, text, &identifier) { return .scalar }
        let token = probes[probe]
        if token < 0 { return .none }
        let kind = tokenizer[token].kind
        return kind == .object || kind == .array ? .structured : .none
    }

    /// Puts the text of a string, number or boolean into `out`; false if there is none, or it is empty.
    private static func scalar(
        _ index: Int, _ tokenizer: borrowing JSONTokenizer, _ text: UnsafeBufferPointer<UInt8>, _ out: inout [UInt8]
    ) -> Bool {
        if index < 0 { return false }
        let token = tokenizer[index]
        if token.kind == .object || token.kind == .array || token.kind == .null || token.length == 0 { return false }
        out.removeAll(keepingCapacity: true)
        _ = tokenizer.appendValue(of: token, in: text.span, into: &out)
        return true
    }
}
