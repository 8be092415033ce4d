import PortabilityCalendar
import PortabilityModel

/// Writes the values of records into the page, in the reader's language.
final class RecordWriter {
    let out: HTMLOutput
    let language: Language
    let limits: PageLimits
    /// In which times are shown; nil shows each with the offset that it has.
    private let zone: TimeZoneRules?
    private let codes = IdentityCodes()
    /// Where, in bytes written, the record at hand must end.
    private var recordEnd = Int.max
    /// Whether something of the record at hand was left out.
    private var isRecordCut = false

    init(out: HTMLOutput, language: Language, limits: PageLimits, zone: TimeZoneRules?) {
        self.out = out
        self.language = language
        self.limits = limits
        self.zone = zone
    }

    /// Writes one record by means of `body`, which calls back here. If it does not fit, what is left out is noted.
    func record(_ body: () throws -> Void) throws {
        recordEnd = limits.record == .max ? .max : out.count + limits.record
        isRecordCut = false
        try body()
    }

    /// Whether there is no room for more of the record.
    var isFull: Bool {
        if out.count < recordEnd { return false }
        isRecordCut = true
        return true
    }

    /// A note, if something of the record was left out.
    var cutNote: Markup {
        isRecordCut ? "<p class=\"cut\">\(DataTexts.recordCut[language])</p>" : ""
    }

    // MARK: Values

    /// Text as it stands, escaped, cut, with identity codes masked; those without a separator in free text only.
    func text(_ bytes: [UInt8], isFree: Bool = true) throws {
        // What is cut off is not looked at: a value may be large.
        let (head, isShort) = prefix(bytes)
        let masked = codes.masked(head, isFree: isFree)
        var isWhole = true
        try out.write { isWhole = ValueText.append(masked.span, limit: self.limits.value, into: &$0) }
        if !isWhole || !isShort { try out.write("<span class=\"cut\">\(DataTexts.cut[language])</span>") }
    }

    func text(_ text: String, isFree: Bool = true) throws { try self.text(Array(text.utf8), isFree: isFree) }

    /// The beginning of a value, a little longer than what is shown, so that a code at the cut is seen whole.
    private func prefix(_ bytes: [UInt8]) -> (head: [UInt8], isWhole: Bool) {
        let most = limits.value * 4 + 64
        if bytes.count <= most { return (bytes, true) }
        var end = most
        while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return (Array(bytes[..<end]), false)
    }

    /// A value of a field.
    func value(_ token: TapeToken, of field: EntityLayout.Field?, in batch: RecordBatch) throws {
        let bytes = Array(batch.bytes[token.range])
        if let definition = field?.definition {
            if definition.sensitivity == .nationalID { return try text(codes.masked(number: bytes)) }
            if !definition.codes.isEmpty {
                let value = batch.text(token)
                if let code = definition.codes.first(where: { $0.value == value }) {
                    return try out.write("\(code.label[language])")
                }
            }
            if definition.name == "country" || definition.name.hasSuffix("_country"), bytes.count == 2 {
                return try text(Countries.name(batch.text(token), language))
            }
        }
        // What the catalogue does not know may be free text.
        let isFree = field.map { $0.definition.sensitivity == .free } ?? true
        switch token.kind.value {
        case .boolean?:
            try out.write("\((bytes == Array("true".utf8) ? DataTexts.yes : DataTexts.no)[language])")
        case .decimal?: try text(language.decimal(batch.text(token)), isFree: isFree)
        case .date?: try out.write("<span class=\"nowrap\">\(language.date(batch.text(token)))</span>")
        case .time?: try text(language.time(batch.text(token)))
        case .timestamp?, .localTimestamp?:
            let time = batch.text(token)
            // The page names the zone once, so that its offset need not stand with every time.
            let local = zone.flatMap { time.converted(to: $0) }.map { String($0.dropLast("+00:00".count)) }
            try text(language.timestamp(local ?? time))
        case .duration?: try text(language.duration(batch.text(token)))
        case .json?:
            try out.write("<code>")
            try text(bytes, isFree: isFree)
            try out.write("</code>")
        case .reference?:
            let path = batch.text(token)
            try out.write(.file(path, label: String(path.split(separator: "/").last ?? "")))
        case .string?, .integer?, nil: try text(bytes, isFree: isFree)
        }
    }

    /// What stands under a field, nested as deep as it is.
    func content(_ content: RecordView.Content, of field: EntityLayout.Field, in batch: RecordBatch) throws {
        switch content {
        case .value(let token): try value(token, of: field, in: batch)
        case .group(let view): try group(view)
        case .values(let tokens):
            if tokens.count == 1 { return try value(tokens[0], of: field, in: batch) }
            try list(tokens) { try self.value($0, of: field, in: batch) }
        case .groups(let views):
            if views.count == 1 { return try group(views[0]) }
            try list(views) { try self.group($0) }
        }
    }

    private func list<Element>(_ elements: [Element], _ body: (Element) throws -> Void) throws {
        try out.write("<ul class=\"nest\">")
        for (index, element) in elements.enumerated() {
            if index == limits.elements || isFull {
                let rest = language.number(Int64(elements.count - index))
                try out.write(
                    "<li class=\"cut\">\(Markup(DataTexts.moreItems, language, ["count": Markup(text: rest)]))</li>")
                break
            }
            try out.write("<li>")
            try body(element)
            try out.write("</li>")
        }
        try out.write("</ul>")
    }

    /// Label and value of every field of a group.
    func group(_ view: RecordView) throws {
        try out.write("<dl class=\"nest\">")
        try fields(of: view)
        try out.write("</dl>")
    }

    /// The fields of a record or group as pieces of a `dl`, but for those in `skipped`.
    func fields(of view: RecordView, skipping skipped: Set<Int> = []) throws {
        try view.forEachField { index, content in
            let field = view.layout.groups[view.group].fields[index]
            if skipped.contains(index) || field.definition.sensitivity == .secret || isFull { return }
            let content = content()
            var long: Markup = ""
            if case .value(let token) = content, token.length > 100 { long = " class=\"long\"" }
            try out.write("<div\(long)><dt>\(field.definition.label[language])</dt><dd>")
            try self.content(content, of: field, in: view.batch)
            try out.write("</dd></div>")
        }
    }

    /// The `other` fields as a `dl`.
    func others(of view: RecordView) throws {
        let others = view.others
        if others.isEmpty { return }
        try out.write("<dl class=\"nest\">")
        for (index, other) in others.enumerated() {
            if index == limits.elements || isFull {
                let rest = language.number(Int64(others.count - index))
                try out.write(
                    """
                    <div><dt class="cut">…</dt><dd class="cut">\
                    \(Markup(DataTexts.moreItems, language, ["count": Markup(text: rest)]))</dd></div>
                    """)
                break
            }
            try out.write("<div><dt>")
            try text(Array(view.batch.bytes[other.name.range]))
            try out.write("</dt><dd>")
            try value(other.value, of: nil, in: view.batch)
            try out.write("</dd></div>")
        }
        try out.write("</dl>")
    }
}
