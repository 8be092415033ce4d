import PortabilityModel

/// What became of an element.
enum WritingOutcome {
    case written
    /// It stands there, but holds nothing of the record.
    case filler
    /// It does not stand there; the term for want of which, if it is one.
    case absent(String?)
    /// What the record has for it could not be written for want of a term.
    case failed(String)

    var isThere: Bool {
        switch self {
        case .written, .filler: true
        case .absent, .failed: false
        }
    }
}

/// A value that follows from others where the record has none.
struct DerivedValue {
    var text: [UInt8]
    /// What the note says; nil if there is nothing to say.
    var note: String?
}

/// A field of the layout.
struct FieldKey: Hashable {
    var group: Int
    var field: Int
}

/// What a form says beside its table.
struct WritingDialect {
    var root: [UInt8]
    var rootAttributes: [(name: String, value: String)]
    /// The attribute of an amount that names its currency.
    var currencyAttribute: [UInt8]
    var variant: String
    var currency: WritingEntry.Place?
}

/// An element that no table describes.
struct HandlerCall {
    var word: String
    /// The groups that are named behind the word.
    var place: WritingEntry.Place?
    var entry: WritingEntry
    var node: RecordTree.Node
}

/// Writes one record as one document, by a table.
final class InvoiceWriter {
    typealias Handler = (_ call: HandlerCall, _ writer: InvoiceWriter) throws -> WritingOutcome

    let tree: RecordTree
    let dialect: WritingDialect
    var xml = XMLWriting()
    /// Values that follow from the record.
    var derived: [FieldKey: DerivedValue]
    /// Values that follow for the line at hand.
    var lineDerived: [FieldKey: DerivedValue] = [:]
    /// Is told of each element of a list of groups before it is written.
    var willWrite: ((RecordTree.Node, _ group: Int, InvoiceWriter) -> Void)?
    /// Is told where the document may leave memory.
    var flushPoint: ((InvoiceWriter) throws -> Void)?
    /// Terms for want of which there can be no document.
    private(set) var lacking: [String] = []
    /// Derived values that were written, with what is to be noted of them, in order.
    private(set) var derivations: [(term: String, note: String)] = []
    private var seenDerivations: Set<FieldKey> = []
    private let handler: Handler
    private var depth = 0

    init(
        _ tree: RecordTree, dialect: WritingDialect, derived: [FieldKey: DerivedValue], handler: @escaping Handler
    ) {
        self.tree = tree
        self.dialect = dialect
        self.derived = derived
        self.handler = handler
    }

    /// Writes the document; ``lacking`` tells afterwards whether it is one.
    func writeDocument(_ entries: [WritingEntry]) throws {
        xml.declaration()
        xml.begin(dialect.root)
        for (name, value) in dialect.rootAttributes { xml.attribute(Array(name.utf8), Array(value.utf8)) }
        for entry in entries where isMeant(entry) {
            let outcome = try write(entry, in: RecordTree.root)
            if !outcome.isThere, entry.isRequired {
                switch outcome {
                case .absent(let term): lacking.append(term ?? self.term(of: entry))
                case .failed(let term): lacking.append(term)
                case .written, .filler: break
                }
            }
        }
        xml.end(dialect.root)
    }

    /// What the standard calls the field of an entry, else the field's path, else the element.
    func term(of entry: WritingEntry) -> String {
        if let term = entry.term { return term }
        switch entry.source {
        case .values(let places): if let place = places.first { return term(of: place) }
        case .group(let place, _): return term(of: place)
        case .none, .constant, .handler: break
        }
        return String(decoding: entry.name, as: UTF8.self)
    }

    func term(of place: WritingEntry.Place) -> String {
        let group = tree.layout.groups[place.group]
        if place.field >= 0 {
            let field = group.fields[place.field]
            return field.definition.businessTerm ?? (group.path + [field.name]).joined(separator: ".")
        }
        let path = group.path.joined(separator: ".")
        guard group.parent >= 0, let name = group.path.last,
            let field = tree.layout.groups[group.parent].fields.first(where: { $0.name == name })
        else { return path }
        return field.definition.businessTerm ?? path
    }

    private func isMeant(_ entry: WritingEntry) -> Bool { entry.variant.map { $0 == dialect.variant } ?? true }

    // MARK: Elements

    func write(_ entry: WritingEntry, in node: RecordTree.Node) throws -> WritingOutcome {
        switch entry.source {
        case .none: return try element(entry, in: node, text: nil)
        case .constant(let text):
            if entry.isAttribute { xml.attribute(entry.name, text) } else { leaf(entry.name, text) }
            return .filler
        case .handler(let word, let place):
            return try handler(HandlerCall(word: word, place: place, entry: entry, node: node), self)
        case .values(let places): return try values(entry, places, in: node)
        case .group(let place, let text): return try groups(entry, place, text: text, in: node)
        }
    }

    func leaf(_ name: [UInt8], _ text: some Collection<UInt8>) {
        xml.begin(name)
        xml.text(text)
        xml.end(name)
    }

    /// An element with what is inside it, taken back if it stays empty or lacks what it must have.
    func element(_ entry: WritingEntry, in node: RecordTree.Node, text: [UInt8]?) throws -> WritingOutcome {
        let (mark, taken) = (xml.mark, tree.mark)
        xml.begin(entry.name)
        if entry.isAmount {
            guard let currency = currency(of: entry, in: node) else {
                xml.rewind(to: mark)
                return .failed("BT-5")
            }
            xml.attribute(dialect.currencyAttribute, currency)
        }
        if entry.format == .date { xml.attribute("Format".utf8, "CCYYMMDD".utf8) }
        var hasContent = text != nil
        var lack: String?
        depth += 1
        for child in entry.children where child.isAttribute && isMeant(child) {
            let outcome = try write(child, in: node)
            if case .written = outcome { hasContent = true }
            if !outcome.isThere, child.isRequired { lack = lack ?? self.lack(outcome, of: child) }
        }
        if let text { xml.text(text) }
        for child in entry.children where !child.isAttribute && isMeant(child) {
            let outcome = try write(child, in: node)
            if case .written = outcome { hasContent = true }
            if !outcome.isThere, child.isRequired { lack = lack ?? self.lack(outcome, of: child) }
        }
        depth -= 1
        if let lack {
            xml.rewind(to: mark)
            tree.giveBack(to: taken, reason: "the form asks for \(lack) beside it")
            return hasContent || entry.isForced ? .failed(lack) : .absent(lack)
        }
        if !hasContent, !entry.isForced {
            xml.rewind(to: mark)
            return .absent(nil)
        }
        xml.end(entry.name)
        return hasContent ? .written : .filler
    }

    private func lack(_ outcome: WritingOutcome, of entry: WritingEntry) -> String {
        switch outcome {
        case .failed(let term): term
        case .absent(let term): term ?? self.term(of: entry)
        case .written, .filler: ""
        }
    }

    private func currency(of entry: WritingEntry, in node: RecordTree.Node) -> [UInt8]? {
        func code(_ place: WritingEntry.Place?, _ node: RecordTree.Node) -> [UInt8]? {
            guard let place, let token = tokens(place, in: node).first else { return nil }
            let text = Array(tree.bytes(token))
            guard text.count == 3, text.allSatisfy({ (0x41...0x5a).contains($0) }) else { return nil }
            tree.take(token)
            return text
        }
        return code(entry.currency, node) ?? (entry.hasOwnCurrency ? nil : code(dialect.currency, RecordTree.root))
    }

    private func groups(
        _ entry: WritingEntry, _ place: WritingEntry.Place, text: WritingEntry.Place?, in node: RecordTree.Node
    ) throws -> WritingOutcome {
        var written = 0
        var result = WritingOutcome.absent(nil)
        for group in tokens(place, in: node).dropFirst(entry.skipped) {
            if written == entry.count {
                continue
            }
            willWrite?(group, place.group, self)
            var own: [UInt8]?
            var token: Int?
            if let text {
                guard let found = tokens(text, in: group).first, let spelled = spell(entry, found, room: 1) else {
                    continue
                }
                (own, token) = (spelled[0], found)
            }
            let taken = tree.mark
            if let token { tree.take(token) }
            takeFilters(place, group)
            let outcome = try element(entry, in: group, text: own)
            if case .written = outcome {
                written += 1
                result = .written
            } else {
                tree.giveBack(to: taken, reason: "the form asks for more beside it")
                if written == 0, case .failed = outcome { result = outcome }
                if written == 0, case .absent(.some) = outcome { result = outcome }
            }
            if depth == 0 { try flushPoint?(self) }
        }
        return result
    }

    /// The value of a filter is carried by the element that the table has for it.
    private func takeFilters(_ place: WritingEntry.Place, _ group: RecordTree.Node) {
        guard let filter = place.steps.last?.filter, filter.isWanted,
            let token = tree.find(filter.field, in: group)
        else { return }
        tree.take(token)
    }

    private func values(
        _ entry: WritingEntry, _ places: [WritingEntry.Place], in node: RecordTree.Node
    ) throws -> WritingOutcome {
        var found: [(token: Int, place: WritingEntry.Place)] = []
        for place in places {
            for token in tokens(place, in: node) where !tree.isWithheld(token) { found.append((token, place)) }
            if entry.count == 1, entry.joint == nil, !found.isEmpty { break }
        }
        if found.isEmpty { return try derive(entry, places, in: node) }
        if let joint = entry.joint { return try joined(entry, found.map(\.token), joint: joint, in: node) }
        var room = entry.count
        for (token, place) in found where room > 0 {
            guard let pieces = spell(entry, token, room: room) else { continue }
            let taken = tree.mark
            tree.take(token)
            takeFilter(of: token, place, in: node)
            for piece in pieces {
                if entry.isAttribute {
                    xml.attribute(entry.name, piece)
                    continue
                }
                let outcome = try element(entry, in: node, text: piece)
                if case .written = outcome { continue }
                tree.giveBack(to: taken, reason: "the form asks for more beside it")
                return .failed(lack(outcome, of: entry))
            }
            room -= pieces.count
        }
        return room < entry.count ? .written : .absent(term(of: entry))
    }

    private func takeFilter(of token: Int, _ place: WritingEntry.Place, in node: RecordTree.Node) {
        guard place.steps.last?.filter != nil else { return }
        var outer = place
        outer.field = -1
        for group in tokens(outer, in: node) where tree.find(place.field, in: group) == token {
            takeFilters(place, group)
        }
    }

    private func joined(
        _ entry: WritingEntry, _ tokens: [Int], joint: [UInt8], in node: RecordTree.Node
    ) throws -> WritingOutcome {
        var text: [UInt8] = []
        var used: [Int] = []
        for token in tokens {
            var whole = entry
            whole.format = nil
            guard let piece = spell(whole, token, room: 1)?.first else { continue }
            text += (text.isEmpty ? [] : joint) + piece
            used.append(token)
        }
        if case .text(let range)? = entry.format, characters(text[...]) >= range.upperBound {
            guard entry.canBeCut else {
                for token in used { tree.refuse(token, reason: Self.tooLong) }
                return .absent(term(of: entry))
            }
            text = Array(text[..<end(of: range.upperBound - 1, in: text[...])])
            for token in used { tree.change(token, Self.cut) }
        }
        if text.isEmpty { return .absent(term(of: entry)) }
        for token in used { tree.take(token) }
        return try element(entry, in: node, text: text)
    }

    private func derive(
        _ entry: WritingEntry, _ places: [WritingEntry.Place], in node: RecordTree.Node
    ) throws -> WritingOutcome {
        for place in places {
            let key = FieldKey(group: place.group, field: place.field)
            guard let value = lineDerived[key] ?? derived[key] else { continue }
            let repaired = XMLWriting.repaired(value.text[...]) ?? value.text
            guard let text = spelled(repaired[...], entry.format) else { continue }
            if let note = value.note, seenDerivations.insert(key).inserted {
                derivations.append((term(of: place), note))
            }
            if entry.isAttribute {
                xml.attribute(entry.name, text)
            } else {
                let outcome = try element(entry, in: node, text: text)
                if !outcome.isThere { return outcome }
            }
            return .filler
        }
        return .absent(nil)
    }

    /// The children of an entry without an element of its own.
    func content(of entry: WritingEntry, in node: RecordTree.Node) throws -> WritingOutcome {
        var result = WritingOutcome.absent(nil)
        for child in entry.children where isMeant(child) {
            if case .written = try write(child, in: node) { result = .written }
        }
        return result
    }

    // MARK: Finding

    /// The values, or the groups, that a place names.
    func tokens(_ place: WritingEntry.Place, in node: RecordTree.Node) -> [Int] {
        var nodes = [place.fromRecord ? RecordTree.root : node]
        for step in place.steps {
            nodes = nodes.flatMap { tree.elements(step.field, in: $0) }
            if let filter = step.filter {
                nodes = nodes.filter { group in
                    let value = tree.find(filter.field, in: group).map { tree.text($0) }
                    return filter.values.contains(value ?? "none") == filter.isWanted
                }
            }
        }
        return place.field < 0 ? nodes : nodes.flatMap { tree.elements(place.field, in: $0) }
    }

    // MARK: Spelling

    private static let tooLong = "it is longer than the form takes"
    private static let cut = "it is longer than the form takes and was cut"
    private static let misfit = "it is not spelled as the form asks"

    /// The pieces in which a value goes into elements; nil if it does not fit, which is remembered.
    func spell(_ entry: WritingEntry, _ token: Int, room: Int) -> [[UInt8]]? {
        var value = tree.bytes(token)
        if let repaired = XMLWriting.repaired(value) {
            value = repaired[...]
            tree.change(token, "characters that XML cannot hold were replaced by U+FFFD")
        }
        guard case .text(let range)? = entry.format else {
            guard let text = spelled(value, entry.format) else {
                tree.refuse(token, reason: Self.misfit)
                return nil
            }
            return [text]
        }
        let count = characters(value)
        if !isLongEnough(value, range) {
            tree.refuse(token, reason: "it is shorter than the form takes")
            return nil
        }
        if count < range.upperBound { return [Array(value)] }
        if room == 1, !entry.canBeCut {
            tree.refuse(token, reason: Self.tooLong)
            return nil
        }
        var pieces: [[UInt8]] = []
        while !value.isEmpty, pieces.count < room {
            let piece = self.piece(of: value, range)
            pieces.append(Array(piece))
            value = value[piece.endIndex...].drop { $0 == 0x20 }
        }
        if !value.isEmpty {
            guard entry.canBeCut else {
                tree.refuse(token, reason: Self.tooLong)
                return nil
            }
            tree.change(token, Self.cut)
        }
        return pieces
    }

    /// True if enough is left of a text where the schema counts no needless spaces (`xs:token`).
    private func isLongEnough(_ text: ArraySlice<UInt8>, _ range: Range<Int>) -> Bool {
        var count = 0
        var isBehindSpace = true
        for byte in text where byte & 0xc0 != 0x80 {
            let isSpace = byte == 0x20 || (0x09...0x0d).contains(byte)
            if !isSpace { count += isBehindSpace && count > 0 ? 2 : 1 }
            isBehindSpace = isSpace
            if count >= range.lowerBound { return true }
        }
        return false
    }

    private func characters(_ text: ArraySlice<UInt8>) -> Int { text.reduce(0) { $1 & 0xc0 == 0x80 ? $0 : $0 + 1 } }

    /// Where so many characters end.
    private func end(of count: Int, in text: ArraySlice<UInt8>) -> Int {
        var left = count
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] & 0xc0 != 0x80 {
                if left == 0 { return index }
                left -= 1
            }
            index += 1
        }
        return index
    }

    /// The beginning of a text that is too long, up to a space if there is one in its second half.
    private func piece(of text: ArraySlice<UInt8>, _ range: Range<Int>) -> ArraySlice<UInt8> {
        let most = range.upperBound - 1
        let count = characters(text)
        if count <= most { return text }
        // What is left must not be too short for an element of its own.
        let limit = end(of: count - most < range.lowerBound ? most - range.lowerBound : most, in: text)
        let half = text.startIndex + (limit - text.startIndex) / 2
        if let space = text[half..<limit].lastIndex(of: 0x20), text.endIndex - space > range.lowerBound + 1 {
            return text[..<space]
        }
        return text[..<limit]
    }

    /// A value in a format's spelling; nil if it has none.
    func spelled(_ value: ArraySlice<UInt8>, _ format: WritingFormat?) -> [UInt8]? {
        switch format {
        case nil, .plain?: return Array(value)
        case .text(let range)?:
            return range.contains(characters(value)) && isLongEnough(value, range) ? Array(value) : nil
        case .name(let range)?:
            guard range.contains(value.count), value.allSatisfy(isNameCharacter) else { return nil }
            return Array(value)
        case .code(let range)?:
            return range.contains(value.count) && value.allSatisfy(isCodeCharacter) ? Array(value) : nil
        case .hyphenated(let range)?:
            let isRight = value.allSatisfy { isDigit($0) || isLetter($0) || $0 == 0x2d }
            return range.contains(value.count) && isRight ? Array(value) : nil
        case .unitCode?: return (2...3).contains(value.count) && value.allSatisfy(isCodeCharacter) ? Array(value) : nil
        case .digits(let count)?: return value.count == count && value.allSatisfy(isDigit) ? Array(value) : nil
        case .oneOf(let words)?: return words.contains { $0.utf8.elementsEqual(value) } ? Array(value) : nil
        case .date?:
            let digits = value.filter { $0 != 0x2d }
            return value.count == 10 && digits.count == 8 && digits.allSatisfy(isDigit) ? digits : nil
        case .decimal(let whole, let fraction, let canBeWhole, let canBeNegative)?:
            return decimal(
                value, whole: whole, fraction: fraction, canBeWhole: canBeWhole, canBeNegative: canBeNegative)
        case .quantity(let limit)?:
            let text = value.map { $0 == 0x2e ? 0x2c : $0 }
            return text.count <= limit ? text : nil
        case .reference?:
            if value.starts(with: "RF".utf8) {
                let rest = value.dropFirst(2)
                guard (3...23).contains(rest.count), rest.prefix(2).allSatisfy(isDigit),
                    rest.allSatisfy({ isDigit($0) || isLetter($0) })
                else { return nil }
                return Array(value)
            }
            return (2...20).contains(value.count) && value.allSatisfy(isDigit) ? Array(value) : nil
        }
    }

    private func decimal(
        _ value: ArraySlice<UInt8>, whole: Int, fraction: ClosedRange<Int>, canBeWhole: Bool, canBeNegative: Bool
    ) -> [UInt8]? {
        let isNegative = value.first == 0x2d
        let parts = value.dropFirst(isNegative ? 1 : 0).split(separator: 0x2e, omittingEmptySubsequences: false)
        guard !isNegative || canBeNegative, (1...2).contains(parts.count), (1...whole).contains(parts[0].count) else {
            return nil
        }
        var digits = parts.count == 2 ? Array(parts[1]) : []
        while digits.count > fraction.upperBound, digits.last == 0x30 { digits.removeLast() }
        guard digits.count <= fraction.upperBound else { return nil }
        if !digits.isEmpty || !canBeWhole {
            while digits.count < fraction.lowerBound { digits.append(0x30) }
        }
        return (isNegative ? [0x2d] : []) + parts[0] + (digits.isEmpty ? [] : [0x2c] + digits)
    }
}

func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5a).contains(byte & 0xdf) }
func isCodeCharacter(_ byte: UInt8) -> Bool { isDigit(byte) || (0x41...0x5a).contains(byte) }
/// ASCII of `\c`, XML Schema's name characters.
func isNameCharacter(_ byte: UInt8) -> Bool {
    isDigit(byte) || isLetter(byte) || byte == 0x2d || byte == 0x2e || byte == 0x3a || byte == 0x5f
}
