public import PortabilityModel
import PortabilityText

/// What one dataset's scope needs to know beside its declarations; shared by the datasets of an export.
public struct ScopeContext: Sendable {
    public var right: Right
    public var freeText: FreeTextProfile
    public var labels: Labels
    public var own: OwnValues
    public var review: ReviewBook
    public var digest: DigestFactory
    /// The days, both included, from which records are wanted (`YYYY-MM-DD`).
    public var period: (from: String?, to: String?)
    /// Where the decisions on fields are kept for the next export.
    public var decisions: DecisionStore

    /// - Parameters:
    ///   - digest: SHA-256, to which decisions of reviewers bind.
    ///   - decisions: that of the configuration; a new one if there is none.
    public init(
        right: Right, freeText: FreeTextProfile = FreeTextProfile(), labels: Labels = Labels(),
        own: OwnValues = OwnValues(), review: ReviewBook = ReviewBook(), digest: @escaping DigestFactory,
        period: (from: String?, to: String?) = (nil, nil), decisions: DecisionStore = DecisionStore()
    ) {
        self.right = right
        self.freeText = freeText
        self.labels = labels
        self.own = own
        self.review = review
        self.digest = digest
        self.period = period
        self.decisions = decisions
    }
}

/// What scope did to the records of a dataset: the middle one of the ledger's three counts.
public struct ScopeLedger: Sendable {
    /// What was found in the free text of a field, and what became of it.
    public struct TextFinding: Hashable, Sendable {
        public var field: String
        public var kind: String
        public var action: FieldAction
        public var ground: Ground?

        public init(field: String, kind: String, action: FieldAction, ground: Ground?) {
            self.field = field
            self.kind = kind
            self.action = action
            self.ground = ground
        }
    }

    /// Values that each rule changed, in the order of ``FieldDecisions/rules``.
    public var fields: [(rule: FieldDecisions.Rule, count: Int64)] = []
    /// Records left out one by one.
    public var withheld: [Ground: Int64] = [:]
    public var text: [TextFinding: Int64] = [:]

    public init() {}
}

/// Applies the decisions to the batches of one dataset. Used by one task.
///
/// A batch costs one walk over its tape if anything is to be decided, and nothing if not. The tape is changed in place:
/// new values are appended to the batch's bytes, and a record that loses something ends earlier than it did.
public struct RecordScope: Sendable {
    public let decisions: FieldDecisions
    public private(set) var ledger = ScopeLedger()

    private let layout: EntityLayout
    private let dataset: DatasetDeclaration
    private let context: ScopeContext
    private let detectors: TextDetectors
    private let identityCodes = TextDetectors(kinds: [.identityCode])
    private let classPath: [Int]
    private let classValues: [(value: [UInt8], table: Int)]
    private let otherwise: Int?
    private let dateField: Int?
    private let period: (from: [UInt8]?, to: [UInt8]?)
    private let keepsAll: Bool
    private let documents: DocumentGate?
    /// Whether the subject entered the data.
    private let isEntered: Bool

    // Reused from batch to batch.
    private var hits: [Detection] = []
    private var fresh: [UInt8] = []
    private var recordNames: NameSet?
    private var isChanged = false
    private var othersAreRenamed = false

    /// - Throws: `configuration` if a rule cannot be applied, or needs a key that there is none of.
    public init(
        layout: EntityLayout, dataset: DatasetDeclaration, context: ScopeContext, duplicates: Set<String> = [],
        documents: DocumentGate? = nil
    ) throws {
        isEntered = dataset.origin == Origin(kind: .provided, by: .subject)
        self.layout = layout
        self.dataset = dataset
        self.context = context
        decisions = try context.decisions.decisions(
            layout: layout, dataset: dataset, right: context.right,
            scansText: context.freeText.scans(context.right), duplicates: duplicates)
        // Without references there is nothing that a changed record could take with it.
        self.documents = decisions.refers ? documents : nil
        if let rule = decisions.rules.first(where: { $0.action == .label }), !context.labels.canLabel {
            throw PortabilityError(
                .configuration, "the rule `label` needs the organisation's secret, and there is none",
                remedy: "Name a file with at least 32 random bytes: `secret_file:`",
                at: .init(dataset: dataset.id, field: rule.path))
        }
        let staff = dataset.keepsStaffNames ? [] : [context.labels.names]
        detectors = TextDetectors(names: staff)
        ledger.fields = decisions.rules.map { ($0, 0) }
        classPath = try dataset.classes.map { try layout.path(to: $0.field, dataset: dataset.id) } ?? []
        let classNames = dataset.classes?.names ?? []
        classValues = (dataset.classes?.values ?? []).map {
            (Array($0.value.utf8), classNames.firstIndex(of: $0.name) ?? 0)
        }
        otherwise = dataset.classes?.otherwise.flatMap(classNames.firstIndex)
        dateField = try dataset.recordDate.map { try layout.path(to: $0, dataset: dataset.id)[0] }
        period = (context.period.from.map { Array($0.utf8) }, context.period.to.map { Array($0.utf8) })
        let hasPeriod = dateField != nil && (period.from != nil || period.to != nil)
        keepsAll = decisions.keepsAll && !hasPeriod
    }

    /// Judges every record of a batch and leaves in it what may go out. O(tokens).
    ///
    /// - Throws: `scopeViolation` if a record's class is none of the declared ones.
    public mutating func apply(to batch: inout RecordBatch) throws {
        if keepsAll { return }
        var kept = 0
        for index in batch.records.indices {
            var record = batch.records[index]
            let table = decisions.tables[try recordClass(of: record, in: batch)]
            if let ground = table.recordGround ?? outside(record, in: batch) {
                ledger.withheld[ground, default: 0] += 1
                if let documents { _ = documents.strike(batch.references(batch.tokens[record.tokens]), ground) }
                continue
            }
            if !table.keepsAll {
                isChanged = false
                othersAreRenamed = false
                recordNames = table.scans ? maskedNames(record, table, in: batch) : nil
                let references = documents == nil ? [] : batch.references(batch.tokens[record.tokens])
                let first = record.tokens.lowerBound
                var end = walk(record, table, &batch)
                if othersAreRenamed { sortOthers(first..<end, &batch) }
                if isChanged, let documents, !references.isEmpty {
                    let struck = documents.strike(references, .notRedactable)
                    if !struck.isEmpty { end = removeReferences(struck, first..<end, &batch) }
                }
                record.tokenCount = UInt32(end - first)
            }
            batch.records[kept] = record
            kept += 1
        }
        batch.records.removeLast(batch.records.count - kept)
    }

    // MARK: records

    private func recordClass(of record: RecordHead, in batch: borrowing RecordBatch) throws -> Int {
        if classPath.isEmpty { return 0 }
        if let token = batch.token(at: classPath, of: record),
            let found = batch.withBytes(
                of: token,
                { value in
                    // A closed set is small: looking through it is cheaper than hashing the value.
                    value.withUnsafeBufferPointer { bytes in
                        classValues.first { $0.value.count == bytes.count && $0.value.elementsEqual(bytes) }?.table
                    }
                })
        {
            return found
        }
        guard let otherwise else {
            throw PortabilityError(
                .scopeViolation, "a record belongs to none of the dataset's classes",
                remedy: "Add its value under `class`, or say `otherwise`",
                at: .init(
                    dataset: dataset.id, field: dataset.classes?.field))
        }
        return otherwise
    }

    private func outside(_ record: RecordHead, in batch: borrowing RecordBatch) -> Ground? {
        guard let dateField, period.from != nil || period.to != nil,
            let token = batch.token(at: [dateField], of: record)
        else { return nil }
        return batch.withBytes(of: token) { value in
            value.withUnsafeBufferPointer { bytes in
                let day = bytes.prefix(10)
                if let from = period.from, day.lexicographicallyPrecedes(from) { return .outsidePeriod }
                if let to = period.to, to.lexicographicallyPrecedes(day) { return .outsidePeriod }
                return nil
            }
        }
    }

    /// The names in a record that its rules hide: they are to be found in its free text too.
    private func maskedNames(
        _ record: RecordHead, _ table: FieldDecisions.Table, in batch: borrowing RecordBatch
    ) -> NameSet? {
        var found: [String] = []
        var open: [Int] = []
        var group = 0
        for index in record.tokens {
            let token = batch.tokens[index]
            switch token.kind {
            case .groupBegin:
                open.append(group)
                group = layout.groups[group].fields[Int(token.field)].group
            case .groupEnd: group = open.popLast() ?? 0
            default:
                guard token.kind.value != nil, token.field != TapeToken.otherField,
                    decisions.names[group][Int(token.field)],
                    case .rule(let rule) = table.steps[group][Int(token.field)],
                    decisions.rules[rule].action >= .mask, found.count < 100
                else { continue }
                found.append(batch.text(token))
            }
        }
        return found.isEmpty ? nil : NameSet(found)
    }

    /// Takes the references to files that are left out out of a record; where the record ends then.
    private func removeReferences(_ struck: Set<[UInt8]>, _ range: Range<Int>, _ batch: inout RecordBatch) -> Int {
        var open: [Int] = []
        var write = range.lowerBound
        for index in range {
            let token = batch.tokens[index]
            switch token.kind {
            case .groupBegin, .listBegin: open.append(write)
            case .groupEnd, .listEnd:
                guard let begin = open.popLast(), batch.close(begin, at: &write) else { continue }
            default:
                if token.kind.value == .reference, struck.contains(Array(batch.bytes[token.range])) { continue }
            }
            batch.tokens[write] = token
            write += 1
        }
        return write
    }

    // MARK: the tape

    /// Walks over a record's tokens and writes those that stay, and those that stand for others, in their place; where
    /// the record ends then.
    private mutating func walk(_ record: RecordHead, _ table: FieldDecisions.Table, _ batch: inout RecordBatch) -> Int {
        // Where a begin stands now, and which group encloses what follows it.
        var open: [(begin: Int, group: Int)] = []
        var group = 0
        var index = record.tokens.lowerBound
        // Never ahead of what is read.
        var write = index
        var other: TapeToken?
        let end = record.tokens.upperBound
        while index < end {
            var token = batch.tokens[index]
            var isNew = false
            switch token.kind {
            case .groupEnd, .listEnd:
                guard let last = open.popLast() else { break }
                group = last.group
                if !batch.close(last.begin, at: &write) {
                    index += 1
                    continue
                }
            case .otherName:
                other = token
                index += 1
                continue
            case .groupBegin, .listBegin:
                // A group inside a list has been judged with its list.
                let isElement =
                    token.kind == .groupBegin && open.last.map { batch.tokens[$0.begin].kind == .listBegin } ?? false
                if !isElement, case .rule(let rule) = table.steps[group][Int(token.field)],
                    decisions.rules[rule].action == .withhold
                {
                    ledger.fields[rule].count += token.kind == .listBegin ? elements(of: index, in: batch) : 1
                    isChanged = true
                    index += Int(token.length) + 2
                    continue
                }
                open.append((write, group))
                if token.kind == .groupBegin { group = layout.groups[group].fields[Int(token.field)].group }
            default:
                if let name = other {
                    other = nil
                    if let pair = judgeOther(name, token, record, table, &batch) {
                        batch.tokens[write] = pair.name
                        batch.tokens[write + 1] = pair.value
                        write += 2
                    }
                    index += 1
                    continue
                }
                let step = table.steps[group][Int(token.field)]
                if step != .keep {
                    guard let judged = judge(token, step, record, group: group, &batch) else {
                        index += 1
                        continue
                    }
                    token = judged
                    isNew = true
                }
            }
            if isNew || write != index { batch.tokens[write] = token }
            write += 1
            index += 1
        }
        return write
    }

    /// How many elements a list has.
    private func elements(of list: Int, in batch: borrowing RecordBatch) -> Int64 {
        var count: Int64 = 0
        var index = list + 1
        let end = list + 1 + Int(batch.tokens[list].length)
        while index < end {
            count += 1
            let token = batch.tokens[index]
            index += token.kind == .groupBegin ? Int(token.length) + 2 : 1
        }
        return count
    }

    private mutating func judgeOther(
        _ name: TapeToken, _ value: TapeToken, _ record: RecordHead, _ table: FieldDecisions.Table,
        _ batch: inout RecordBatch
    ) -> (name: TapeToken, value: TapeToken)? {
        var (name, value) = (name, value)
        switch table.other {
        case .keep, .identification: break
        case .rule(let rule):
            ledger.fields[rule].count += 1
            isChanged = true
            return nil
        case .scan:
            // A name can be a value too: of a member whose key is somebody's address.
            let scannedName = scan(name, record, field: "other", &batch)
            guard let scannedName else { return nil }
            if scannedName.offset != name.offset { othersAreRenamed = true }
            name = scannedName
            let kind = value.kind.value
            if kind == .string || kind == .json || kind == .integer {
                let field = "other.\(batch.text(name))"
                guard var scanned = scan(value, record, field: field, &batch) else { return nil }
                // A masked number is no number any more.
                if kind == .integer, scanned.offset != value.offset { scanned.kind = TokenKind(.string) }
                value = scanned
            }
        }
        return (name, value)
    }

    /// Brings the fields without a catalogue entry back into the order of their names, and keeps names apart that are
    /// alike now.
    private func sortOthers(_ range: Range<Int>, _ batch: inout RecordBatch) {
        var begin = range.upperBound
        while begin - 2 >= range.lowerBound, batch.tokens[begin - 2].kind == .otherName { begin -= 2 }
        var pairs: [(name: [UInt8], token: TapeToken, value: TapeToken)] = []
        for index in stride(from: begin, to: range.upperBound, by: 2) {
            let token = batch.tokens[index]
            pairs.append((Array(batch.bytes[token.range]), token, batch.tokens[index + 1]))
        }
        var seen: [[UInt8]: Int] = [:]
        for index in pairs.indices {
            let name = pairs[index].name
            seen[name, default: 0] += 1
            guard let count = seen[name], count > 1 else { continue }
            pairs[index].name = name + Array(" \(count)".utf8)
            pairs[index].token = batch.replacing(pairs[index].token, with: pairs[index].name)
        }
        pairs.sort { $0.name.lexicographicallyPrecedes($1.name) }
        for (index, pair) in pairs.enumerated() {
            batch.tokens[begin + 2 * index] = pair.token
            batch.tokens[begin + 2 * index + 1] = pair.value
        }
    }

    private mutating func judge(
        _ token: TapeToken, _ step: FieldDecisions.Step, _ record: RecordHead, group: Int, _ batch: inout RecordBatch
    ) -> TapeToken? {
        switch step {
        case .keep: return token
        case .scan: return scan(token, record, field: path(group, Int(token.field)), &batch)
        case .rule(let rule): return change(token, by: rule, group: group, &batch)
        case .identification(let code, let otherwise):
            hits.removeAll(keepingCapacity: true)
            batch.withBytes(of: token) { identityCodes.scan($0, into: &hits) }
            if !hits.isEmpty { return change(token, by: code, group: group, &batch) }
            return otherwise < 0 ? token : change(token, by: otherwise, group: group, &batch)
        }
    }

    private mutating func change(_ token: TapeToken, by rule: Int, group: Int, _ batch: inout RecordBatch) -> TapeToken?
    {
        ledger.fields[rule].count += 1
        isChanged = true
        fresh.removeAll(keepingCapacity: true)
        switch decisions.rules[rule].action {
        case .keep: return token
        case .withhold: return nil
        case .label: batch.withBytes(of: token) { context.labels.append(for: $0, into: &fresh) }
        case .mask:
            let kind = decisions.masks[group][Int(token.field)]
            batch.withBytes(of: token) { value in
                if let kind { Masks.append(kind, value, into: &fresh) } else { Masks.appendText(value, into: &fresh) }
            }
        }
        return fresh.isEmpty ? nil : batch.replacing(token, with: fresh)
    }

    // MARK: free text

    /// Looks a text through; nil if it is left out.
    private mutating func scan(
        _ token: TapeToken, _ record: RecordHead, field: String, _ batch: inout RecordBatch
    ) -> TapeToken? {
        hits.removeAll(keepingCapacity: true)
        batch.withBytes(of: token) { text in
            detectors.scan(text, into: &hits)
            if let recordNames { Self.add(TextDetectors(kinds: [.name], names: [recordNames]), text, to: &hits) }
        }
        if hits.isEmpty { return token }
        // An own value is no hit, but the own identity code stands verbatim in one place only.
        let own = context.own
        hits.removeAll { hit in
            hit.kind != .identityCode
                && batch.withBytes(of: token) { own.contains($0.extracting(hit.range), as: hit.kind) }
        }
        if hits.isEmpty { return token }
        let settled = hits.map { action(of: $0, token, batch) }
        guard settled.contains(.review) else {
            return rewrite(token, field, settled, &batch)
        }
        var digest = context.digest()
        batch.withBytes(of: token) { digest.update($0) }
        let key = ReviewItem.Key(
            dataset: dataset.id, recordID: batch.text(record.id), field: field, digest: hexadecimal(digest.value()))
        let found = hits
        let text = batch.text(token)
        let decided = context.review.decide(key) {
            ReviewItem(key: key, hits: found, excerpt: ReviewBook.excerpt(text))
        }
        switch decided?.decision {
        case .keep: return rewrite(token, field, settled.map { $0 == .review ? .keep : $0 }, &batch)
        case .withhold:
            ledger.text[.init(field: field, kind: "review", action: .withhold, ground: .reviewed), default: 0] += 1
            isChanged = true
            return nil
        // A reviewer saw all that was found. Until it is decided nothing is written for good.
        case .mask, .replace, nil: return rewrite(token, field, settled.map { _ in .mask }, &batch)
        }
    }

    /// What the profile says of a hit. Another's identity code, and the subject's own, are never kept for a person; what
    /// the subject entered and still controls is not masked (WP242), whoever it is about.
    private func action(of hit: Detection, _ token: TapeToken, _ batch: borrowing RecordBatch) -> FreeTextProfile.Action
    {
        if hit.kind == .identityCode, context.right == .access || context.right == .portability { return .mask }
        // A member of staff becomes a role; there is nothing to look at.
        if hit.kind == .name, recordNames == nil || hit.set == 0 && !dataset.keepsStaffNames { return .mask }
        let action = context.freeText[context.right, hit.kind]
        return action == .mask && isEntered ? .keep : action
    }

    private mutating func rewrite(
        _ token: TapeToken, _ field: String, _ actions: [FreeTextProfile.Action], _ batch: inout RecordBatch
    ) -> TapeToken? {
        fresh.removeAll(keepingCapacity: true)
        var end = 0
        let own = context.own
        for (hit, action) in zip(hits, actions) {
            let isStaff = hit.kind == .name && hit.set == 0 && !dataset.keepsStaffNames
            let isOwnCode =
                hit.kind == .identityCode
                && batch.withBytes(of: token) { own.contains($0.extracting(hit.range), as: .identityCode) }
            let ground: Ground? =
                action == .keep
                ? nil
                : isStaff ? .staff : isOwnCode ? .duplicate : hit.kind == .identityCode ? .identityCode : .others
            let done: FieldAction = action == .keep ? .keep : isStaff ? .label : .mask
            ledger.text[.init(field: field, kind: hit.kind.name, action: done, ground: ground), default: 0] += 1
            if action == .keep { continue }
            batch.withBytes(of: token) { text in
                text.extracting(end..<hit.range.lowerBound).withUnsafeBufferPointer { fresh.append(contentsOf: $0) }
                if isStaff {
                    context.labels.append(entry: hit.entry, into: &fresh)
                } else {
                    Masks.append(hit.kind, text.extracting(hit.range), into: &fresh)
                }
            }
            end = hit.range.upperBound
        }
        if end == 0 { return token }
        isChanged = true
        batch.withBytes(of: token) { text in
            text.extracting(end..<text.count).withUnsafeBufferPointer { fresh.append(contentsOf: $0) }
        }
        // A masked number is no number any more: what is then no JSON is left out whole.
        if token.kind.value == .json {
            var tokenizer = JSONTokenizer(depth: 64)
            if tokenizer.tokenize(fresh.span) != nil {
                ledger.text[.init(field: field, kind: "json", action: .withhold, ground: .others), default: 0] += 1
                return nil
            }
        }
        return batch.replacing(token, with: fresh)
    }

    /// Adds what further detectors find and earlier ones did not.
    private static func add(_ detectors: TextDetectors, _ text: Span<UInt8>, to hits: inout [Detection]) {
        var more: [Detection] = []
        detectors.scan(text, into: &more)
        for var hit in more where !hits.contains(where: { $0.range.overlaps(hit.range) }) {
            // Set 0 is the staff's.
            hit.set = 1
            hits.append(hit)
        }
        hits.sort { $0.range.lowerBound < $1.range.lowerBound }
    }

    private func path(_ group: Int, _ field: Int) -> String {
        let group = layout.groups[group]
        return (group.path + [group.fields[field].name]).joined(separator: ".")
    }
}

/// By which mask a field is hidden.
enum MaskKind {
    static func of(_ field: Field) -> DetectedKind? {
        if field.sensitivity == .nationalID { return .identityCode }
        if has("iban", in: field.name) || field.sensitivity == .financial { return .iban }
        if has("card", in: field.name) { return .card }
        if has("email", in: field.name) { return .email }
        if has("phone", in: field.name) { return .telephone }
        return nil
    }

    /// Names are ASCII: bytes are compared, not characters, for which the standard library would look up each.
    private static func has(_ word: StaticString, in name: String) -> Bool {
        var name = name
        return name.withUTF8 { bytes in
            let wanted = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
            guard bytes.count >= wanted.count else { return false }
            return (0...bytes.count - wanted.count).contains { start in
                bytes[start..<start + wanted.count].elementsEqual(wanted)
            }
        }
    }
}

extension ReviewBook {
    /// Characters of a value that a review list shows.
    public static let longestExcerpt = 2000

    /// The beginning of a text, with what cannot be shown replaced: it is there to be read, decisions bind to the
    /// digest.
    static func excerpt(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(longestExcerpt) {
            switch scalar.properties.generalCategory {
            case .control where scalar != "\n" && scalar != "\t": out.append("\u{FFFD}")
            case .unassigned, .privateUse, .surrogate: out.append("\u{FFFD}")
            default: out.append(scalar)
            }
        }
        if text.unicodeScalars.count > longestExcerpt { out.append("…") }
        return String(out)
    }
}

extension RecordBatch {
    /// Calls with the bytes of a token's value.
    func withBytes<Result>(of token: TapeToken, _ body: (Span<UInt8>) -> Result) -> Result {
        body(bytes.span.extracting(token.range))
    }

    /// A token with another value, whose bytes are appended to the batch.
    mutating func replacing(_ token: TapeToken, with value: [UInt8]) -> TapeToken {
        var token = token
        token.offset = UInt32(bytes.count)
        token.length = UInt32(value.count)
        token.flags = 0
        bytes += value
        return token
    }

    /// Ends a group or list that begins at a place, where the tape is being written; false, and the begin is given up, if
    /// nothing is left in it.
    mutating func close(_ begin: Int, at write: inout Int) -> Bool {
        let inside = write - begin - 1
        if inside == 0 {
            write = begin
            return false
        }
        if tokens[begin].length != UInt32(inside) { tokens[begin].length = UInt32(inside) }
        return true
    }

    /// The paths of files that a record refers to.
    func references(_ tokens: ArraySlice<TapeToken>) -> Set<[UInt8]> {
        Set(tokens.lazy.filter { $0.kind.value == .reference }.map { Array(bytes[$0.range]) })
    }

    /// The value at a path of field indices through groups; nil if it is absent. O(tokens of the record).
    func token(at path: [Int], of record: RecordHead) -> TapeToken? {
        var range = record.tokens
        for (depth, wanted) in path.enumerated() {
            var index = range.lowerBound
            var found: Int?
            while index < range.upperBound {
                let token = tokens[index]
                if Int(token.field) == wanted {
                    found = index
                    break
                }
                if Int(token.field) > wanted { return nil }
                let isBegin = token.kind == .groupBegin || token.kind == .listBegin
                index += isBegin ? Int(token.length) + 2 : 1
            }
            guard let found else { return nil }
            let token = tokens[found]
            if depth == path.count - 1 { return token.kind.value == nil ? nil : token }
            guard token.kind == .groupBegin else { return nil }
            range = found + 1..<found + 1 + Int(token.length)
        }
        return nil
    }
}

extension EntityLayout {
    /// Field indices along a dotted path.
    ///
    /// - Throws: `configuration` if there is no such field, or it is not a single value.
    func path(to name: String, dataset: String) throws -> [Int] {
        var group = 0
        var path: [Int] = []
        let parts = name.split(separator: ".").map(String.init)
        for (depth, part) in parts.enumerated() {
            guard let index = groups[group].index(of: part), !groups[group].fields[index].isList else { break }
            path.append(index)
            let field = groups[group].fields[index]
            if depth == parts.count - 1, field.kind != nil { return path }
            guard field.group >= 0 else { break }
            group = field.group
        }
        throw PortabilityError(
            .configuration, "there is no such single value among the fields of `\(entity.name)`",
            remedy: "Name a field by its path, without lists", at: .init(dataset: dataset, field: name))
    }
}
