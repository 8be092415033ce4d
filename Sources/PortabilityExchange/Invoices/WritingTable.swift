import PortabilityModel

/// How a value is spelled in a form.
enum WritingFormat: Sendable, Equatable {
    /// Text of so many characters; what is longer does not fit, unless it may be cut.
    case text(Range<Int>)
    /// Characters of XML names only (`\\c*`).
    case name(Range<Int>)
    /// Digits and capital letters.
    case code(Range<Int>)
    /// Letters, digits and hyphens.
    case hyphenated(Range<Int>)
    /// Exactly so many digits.
    case digits(Int)
    /// Two or three letters or digits of UN/ECE Recommendation 20.
    case unitCode
    /// One of these words.
    case oneOf([String])
    /// Canonical spelling as it is.
    case plain
    /// Finvoice: CCYYMMDD.
    case date
    /// Finvoice: comma, so many digits before it and so many behind it, none of which may be lost.
    case decimal(whole: Int, fraction: ClosedRange<Int>, canBeWhole: Bool, canBeNegative: Bool)
    /// Finvoice: comma, so many characters in all.
    case quantity(Int)
    /// Finvoice: reference number of the payment.
    case reference
}

/// What an element or attribute of a form is made of.
struct WritingEntry: Sendable {
    /// Where a value lies: groups from the record or from the group at hand down to a field.
    struct Place: Sendable {
        struct Step: Sendable {
            var field: Int
            /// Only groups of which this field has (or has not) one of these values.
            var filter: (field: Int, values: [String], isWanted: Bool)?
        }
        var fromRecord = false
        var steps: [Step] = []
        /// The field of the last group, -1 for the group itself.
        var field = -1
        /// The layout group in which ``field`` lies, or which the place is.
        var group = 0
    }

    enum Source: Sendable {
        case none
        /// The first place that has a value; or, for repeated elements, the values of all.
        case values([Place])
        case group(Place, text: Place?)
        case constant([UInt8])
        case handler(String, Place?)
    }

    var name: [UInt8]
    var isAttribute = false
    var source: Source = .none
    var format: WritingFormat?
    /// How often the element may stand there.
    var count: Int
    /// How many elements of a list are passed over.
    var skipped = 0
    /// Without it, what is around it cannot be.
    var isRequired = false
    /// What its absence is noted as, if not as its field's term.
    var term: String?
    /// Stands there even if it is empty, where what is around it stands.
    var isForced = false
    /// Too long a text is cut.
    var canBeCut = false
    /// All values go into one element, with this between them.
    var joint: [UInt8]?
    /// An amount of money, which names its currency.
    var isAmount = false
    /// The currency of an amount that is not in the invoice's.
    var currency: Place?
    /// Without a currency of its own it is not written.
    var hasOwnCurrency = false
    /// The variant of the document that has it; nil for all.
    var variant: String?
    var children: [WritingEntry] = []
    /// Index in the layout's groups of what ``children`` are read from.
    var group = 0
}

/// Compiles tables of elements in the order of their schema.
///
/// One line an element, indented by two spaces for each level:
/// ```
/// Name                           only holds what is inside
/// Name   group.field             text from a field; `/` starts at the record
/// Name   field+other             from several fields, each in an element of its own (xN) or joined
/// Name   list[kind=a|b].field    of the first group whose field says so; != for any other, `none` for no value
/// Name   => list text=field      an element for each group; what is inside is read from the group
/// Name   =text                   a constant, which does not count as content
/// Name   !word => group          a handler of the maker; what is inside is read from the group
/// -      !word => group          the same, with no element of its own
/// @name  field                   an attribute of the element above
/// ```
/// Behind it: `required`, `forced`, `cut`, `xN` or `x*`, `skipN`, `joined` (line feeds) or `comma`, `?variant`,
/// `currency=place` (before the invoice's) or `ownCurrency=place`, `term=BT-n`, and a format.
struct WritingTable: Sendable {
    let entries: [WritingEntry]
    /// Lines that name something that does not exist; a test holds this empty.
    private(set) var faults: [String] = []

    init(_ text: String, layout: EntityLayout) {
        var lines: [(depth: Int, words: [String])] = []
        for line in text.split(separator: "\n") {
            let spaces = line.prefix { $0 == " " }.count
            let words = line.split(separator: " ").map(String.init)
            if !words.isEmpty { lines.append((spaces / 2, words)) }
        }
        var faults: [String] = []
        var index = 0
        entries = Self.compile(lines, &index, depth: 0, layout, group: 0, &faults)
        self.faults = faults
    }

    private static func compile(
        _ lines: [(depth: Int, words: [String])], _ index: inout Int, depth: Int, _ layout: EntityLayout, group: Int,
        _ faults: inout [String]
    ) -> [WritingEntry] {
        var out: [WritingEntry] = []
        while index < lines.count, lines[index].depth == depth {
            let words = lines[index].words
            guard var entry = entry(words, layout, group: group) else {
                faults.append(words.joined(separator: " "))
                index += 1
                continue
            }
            index += 1
            entry.children = compile(lines, &index, depth: depth + 1, layout, group: entry.group, &faults)
            out.append(entry)
        }
        if index < lines.count, lines[index].depth > depth {
            faults.append(lines[index].words.joined(separator: " "))
            index = lines.count
        }
        return out
    }

    private static func entry(_ words: [String], _ layout: EntityLayout, group: Int) -> WritingEntry? {
        var words = words[...]
        var name = words.removeFirst()
        var entry = WritingEntry(name: [], count: 1)
        if name.first == "@" {
            entry.isAttribute = true
            name.removeFirst()
        }
        entry.name = Array(name.utf8)
        entry.group = group
        if words.first == "=>" {
            words.removeFirst()
            guard let path = words.popFirst(), let place = place(path, layout, group: group, isGroup: true) else {
                return nil
            }
            entry.group = place.group
            entry.count = .max
            var text: WritingEntry.Place?
            if let word = words.first, word.hasPrefix("text=") {
                words.removeFirst()
                text = self.place(String(word.dropFirst(5)), layout, group: place.group, isGroup: false)
                if text == nil { return nil }
            }
            entry.source = .group(place, text: text)
        } else if let word = words.first, word.hasPrefix("="), word.count > 1 {
            words.removeFirst()
            entry.source = .constant(Array(word.dropFirst().utf8))
        } else if let word = words.first, word.hasPrefix("!") {
            words.removeFirst()
            var found: WritingEntry.Place?
            if words.first == "=>" {
                words.removeFirst()
                guard let path = words.popFirst(), let place = place(path, layout, group: group, isGroup: true) else {
                    return nil
                }
                entry.group = place.group
                found = place
            }
            entry.source = .handler(String(word.dropFirst()), found)
        } else if let word = words.first, !isOption(word) {
            words.removeFirst()
            let places = word.split(separator: "+").map { place(String($0), layout, group: group, isGroup: false) }
            if places.contains(where: { $0 == nil }) { return nil }
            entry.source = .values(places.compactMap { $0 })
        }
        for word in words where !option(word, of: &entry, layout, group: group) { return nil }
        return entry
    }

    private static let flags = ["required", "forced", "cut", "joined", "comma", "money"]

    private static func isOption(_ word: String) -> Bool {
        flags.contains(word) || word.hasPrefix("?") || count(word) != nil
    }

    private static func count(_ word: String) -> Int? {
        guard word.first == "x" else { return nil }
        return word == "x*" ? .max : Int(word.dropFirst())
    }

    private static func option(
        _ word: String, of entry: inout WritingEntry, _ layout: EntityLayout, group: Int
    ) -> Bool {
        if let count = count(word) {
            entry.count = count
        } else if word.hasPrefix("skip"), let skipped = Int(word.dropFirst(4)) {
            entry.skipped = skipped
        } else if word.hasPrefix("term=") {
            entry.term = String(word.dropFirst(5))
        } else if word.hasPrefix("?") {
            entry.variant = String(word.dropFirst())
        } else if word.hasPrefix("currency=") {
            entry.currency = place(String(word.dropFirst(9)), layout, group: group, isGroup: false)
            return entry.currency != nil
        } else if word.hasPrefix("ownCurrency=") {
            entry.currency = place(String(word.dropFirst(12)), layout, group: group, isGroup: false)
            entry.hasOwnCurrency = true
            return entry.currency != nil
        } else if let format = format(word) {
            entry.format = format
            if word == "amount" || word == "unitPrice" || word == "epiAmount" { entry.isAmount = true }
        } else {
            switch word {
            case "required": entry.isRequired = true
            case "forced": entry.isForced = true
            case "cut": entry.canBeCut = true
            case "joined": entry.joint = [0x0a]
            case "comma": entry.joint = [0x2c, 0x20]
            case "money": entry.isAmount = true
            default: return false
            }
        }
        return true
    }

    private static func format(_ word: String) -> WritingFormat? {
        func range(_ digits: Substring, least: Int) -> Range<Int>? {
            let parts = digits.split(separator: "-").map { Int($0) }
            switch parts.count {
            case 1: return parts[0].map { least..<$0 + 1 }
            case 2: return parts[0].flatMap { low in parts[1].map { low..<$0 + 1 } }
            default: return nil
            }
        }
        switch word {
        case "plain": return .plain
        case "date": return .date
        case "amount", "unitPrice":
            return .decimal(whole: 15, fraction: 2...5, canBeWhole: true, canBeNegative: true)
        case "epiAmount": return .decimal(whole: 15, fraction: 2...2, canBeWhole: false, canBeNegative: true)
        case "percent": return .decimal(whole: 3, fraction: 1...3, canBeWhole: true, canBeNegative: false)
        case "rate": return .decimal(whole: 15, fraction: 1...6, canBeWhole: true, canBeNegative: false)
        case "unitCode": return .unitCode
        case "reference": return .reference
        default: break
        }
        if word.hasPrefix("in:") { return .oneOf(word.dropFirst(3).split(separator: "|").map(String.init)) }
        guard let first = word.first else { return nil }
        let rest = word.dropFirst()
        switch first {
        case "s": return range(rest, least: 1).map { .text($0) }
        case "n": return range(rest, least: 1).map { .name($0) }
        case "c": return range(rest, least: 1).map { .code($0) }
        case "h": return range(rest, least: 1).map { .hyphenated($0) }
        case "d": return Int(rest).map { .digits($0) }
        case "q": return Int(rest).map { .quantity($0) }
        default: return nil
        }
    }

    static func place(
        _ path: String, _ layout: EntityLayout, group: Int, isGroup: Bool
    ) -> WritingEntry.Place? {
        var place = WritingEntry.Place()
        var path = path[...]
        if path.first == "/" {
            place.fromRecord = true
            path = path.dropFirst()
        }
        place.group = place.fromRecord ? 0 : group
        if path == "." { return place }
        let parts = path.split(separator: ".")
        for (position, part) in parts.enumerated() {
            let pieces = part.split(separator: "[")
            guard let first = pieces.first, let field = layout.groups[place.group].index(of: String(first)) else {
                return nil
            }
            let definition = layout.groups[place.group].fields[field]
            if position == parts.count - 1, !isGroup {
                guard definition.kind != nil, pieces.count == 1 else { return nil }
                place.field = field
                return place
            }
            guard definition.kind == nil else { return nil }
            var step = WritingEntry.Place.Step(field: field)
            place.group = definition.group
            if pieces.count > 1 {
                let isWanted = !pieces[1].contains("!=")
                let sides = pieces[1].dropLast().split(separator: "=").map { $0.filter { $0 != "!" } }
                guard sides.count == 2, let field = layout.groups[place.group].index(of: sides[0]) else { return nil }
                step.filter = (field, sides[1].split(separator: "|").map(String.init), isWanted)
            }
            place.steps.append(step)
        }
        return isGroup ? place : nil
    }
}
