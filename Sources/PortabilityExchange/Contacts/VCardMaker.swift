public import PortabilityModel

/// Turns persons, organisations and customers into vCards 4.0 (RFC 6350), with their contact points and addresses, in
/// one file `contacts.vcf`.
///
/// A contact point or an address belongs to the person whose `user_id` it has, else to the organisation whose
/// `customer_number` it has. One that has neither belongs to the person, if there is just one: an archive is about one.
/// If its kind is postal, visiting, billing or invoicing, it belongs to the organisation instead, if there is just one.
/// One that belongs to no card, and one that was removed, is told in a note. What a card has
/// no property for (business ids, dates of registration) is told in one note for each field.
public struct VCardMaker: ExchangeMaker {
    /// Contact points and addresses stand before the cards that they go into.
    public var entities: [String] { ["contact_point", "address", "organisation", "person", "customer"] }

    /// Bytes of contact points, addresses and names of organisations that are held until their cards come.
    private let limit: Int
    private var held = 0
    private var points: [String: [Line]] = [:]
    private var organisations: [String: String] = [:]
    private var dataset: ExchangeDataset?
    private var record: Int64 = 0
    private var isOpen = false
    private var dropped: [String: (first: Int64, count: Int64)] = [:]
    private var pending: [(key: String, dataset: String, record: Int64)] = []
    private var persons = 0
    private var companies = 0
    /// The first card of a kind, as long as nobody knows whether it is the only one.
    private var firstPerson: Held?
    private var firstOrganisation: Held?
    /// Kinds of addresses that stand on a person's card, which has no word for them, by dataset.
    private var droppedKinds: [String: (first: Int64, count: Int64)] = [:]

    private struct Held {
        var card: VCardWriter
        var dataset: String
        var record: Int64
    }

    /// One property of a card that is still to come.
    private enum Line {
        case text(String, String)
        case raw(String, String)
        case address([String?], AddressUse, dataset: String, record: Int64)
    }

    private enum AddressUse {
        case home, work, business, unknown
    }

    /// Stands for the user or customer of what names nobody.
    private static let nobody = ""
    private static let nobodyInBusiness = "b:"

    static let fileName = "contacts.vcf"

    public init(limit: Int = 16 << 20) { self.limit = limit }

    public mutating func begin(_ dataset: ExchangeDataset, into output: any ExchangeOutput) throws {
        self.dataset = dataset
        record = 0
        dropped = [:]
        if dataset.layout.entity.name == "person" { try endOrganisations(output) }
        if dataset.layout.entity.name == "customer" {
            try endOrganisations(output)
            try endPersons(output)
        }
    }

    public mutating func take(_ batch: RecordBatch, into output: any ExchangeOutput) throws {
        guard let dataset else { return }
        for head in batch.records {
            record += 1
            var fields = FlatRecord(head, batch, dataset.layout)
            switch dataset.layout.entity.name {
            case "contact_point": takePoint(&fields, output)
            case "address": takeAddress(&fields, output)
            case "organisation": try writeOrganisation(&fields, output)
            case "person": try writePerson(&fields, output)
            default: try writeCustomer(&fields, output)
            }
            for name in fields.unused {
                dropped[name, default: (record, 0)].count += 1
            }
        }
    }

    public mutating func end(into output: any ExchangeOutput) throws {
        guard let dataset else { return }
        for (name, places) in dropped.sorted(by: { $0.key < $1.key }) {
            output.note(
                ExchangeNote(
                    .dropped, dataset: dataset.id, record: places.first, file: Self.fileName, term: name,
                    message: Self.noProperty(places.count), records: places.count))
        }
        self.dataset = nil
    }

    private static func noProperty(_ count: Int64) -> String {
        "a vCard has no property for the field; first seen here; records that have it: \(count)"
    }

    public mutating func finish(into output: any ExchangeOutput) throws {
        try endOrganisations(output)
        try endPersons(output)
        if isOpen { try output.end() }
        for (dataset, places) in droppedKinds.sorted(by: { $0.key < $1.key }) {
            output.note(
                ExchangeNote(
                    .dropped, dataset: dataset, record: places.first, file: Self.fileName, term: "kind",
                    message: Self.noProperty(places.count), records: places.count))
        }
        for point in pending where points[point.key] != nil {
            output.note(
                ExchangeNote(
                    .dropped, dataset: point.dataset, record: point.record, term: "TEL, EMAIL or ADR",
                    message: "the record belongs to no person and no organisation of the archive"))
        }
    }

    // MARK: what goes into a card that is still to come

    private mutating func takePoint(_ fields: inout FlatRecord, _ output: any ExchangeOutput) {
        let kind = fields.take("kind")
        let key = owner(&fields, kind)
        if fields.take("removed_at") != nil {
            note(.dropped, "TEL or EMAIL", "the contact point was removed; cards hold those in use", output)
            return
        }
        let preference = fields.take("is_primary") == "true" ? ";PREF=1" : ""
        let type = Self.type(kind)
        var lines: [Line] = []
        if let email = fields.take("email") { lines.append(.text("EMAIL\(type)\(preference)", email)) }
        if let number = fields.take("telephone") { lines.append(.text("TEL\(type)\(preference)", number)) }
        if let other = fields.take("other_address") {
            if Self.isURI(other) {
                lines.append(.raw("IMPP\(preference)", other))
            } else {
                note(.dropped, "IMPP", "the other address is no URI", output)
            }
        }
        hold(lines, for: key, output)
    }

    private mutating func takeAddress(_ fields: inout FlatRecord, _ output: any ExchangeOutput) {
        let kind = fields.take("kind")
        let key = owner(&fields, kind)
        let use = Self.use(kind)
        if use == .unknown, kind != nil { dropped["kind", default: (record, 0)].count += 1 }
        // Street and further lines are one component, as RFC 6350 (6.3.1) asks for; its second component is not to be
        // used.
        let street = ["recipient", "care_of", "street", "street_extra"].compactMap { name -> String? in
            guard let value = fields.take(name) else { return nil }
            return name == "care_of" ? "c/o \(value)" : value
        }
        hold(
            [
                .address(
                    [
                        fields.take("post_office_box"), nil, street.isEmpty ? nil : street.joined(separator: "\n"),
                        fields.take("town"), fields.take("region"), fields.take("postal_code"),
                        fields.take("country"),
                    ], use, dataset: dataset?.id ?? "", record: record)
            ], for: key, output)
    }

    private func owner(_ fields: inout FlatRecord, _ kind: String?) -> String {
        let user = fields.take("user_id")
        let customer = fields.take("customer_number")
        return user.map { "u:\($0)" } ?? customer.map { "c:\($0)" }
            ?? (Self.isBusiness(kind) ? Self.nobodyInBusiness : Self.nobody)
    }

    private mutating func hold(_ lines: [Line], for key: String, _ output: any ExchangeOutput) {
        guard !lines.isEmpty else { return }
        held += 256
        for line in lines {
            switch line {
            case .text(_, let value), .raw(_, let value): held += value.utf8.count
            case .address(let values, _, _, _): held += values.reduce(0) { $0 + ($1?.utf8.count ?? 0) }
            }
        }
        guard held <= limit else {
            note(
                .dropped, "TEL, EMAIL or ADR",
                "more contact points and addresses than \(limit) bytes are not joined to cards", output)
            return
        }
        points[key, default: []] += lines
        pending.append((key, dataset?.id ?? "", record))
    }

    // MARK: cards

    private mutating func writePerson(_ fields: inout FlatRecord, _ output: any ExchangeOutput) throws {
        var card = VCardWriter()
        card.begin()
        let (given, family) = (fields.take("given_name"), fields.take("family_name"))
        let parts = [given, family].compactMap { $0 }
        let name = fields.take("full_name") ?? (parts.isEmpty ? nil : parts.joined(separator: " "))
        writeName(name, kind: "individual", fields.id, &card, output)
        if given != nil || family != nil { card.components("N", [family, given, nil, nil, nil]) }
        if let nickname = fields.take("nickname") { card.text("NICKNAME", nickname) }
        if let date = fields.take("birth_date") {
            let digits = date.utf8.filter { $0 != UInt8(ascii: "-") }
            if digits.count == 8, date.utf8.count == 10 {
                card.raw("BDAY", String(decoding: digits, as: UTF8.self))
            } else {
                card.text("BDAY;VALUE=text", date)
            }
        }
        writeLanguage(&fields, &card, output)
        if let title = fields.take("job_title") { card.text("TITLE", title) }
        if let role = fields.take("role") { card.text("ROLE", role) }
        let (user, customer) = (fields.take("user_id"), fields.take("customer_number"))
        if let organisation = customer.flatMap({ organisations[$0] }) { card.components("ORG", [organisation]) }
        // What belongs to the account and to no one in particular is the organisation's, if there is one.
        let isAlone = customer.map { organisations[$0] == nil } ?? true
        writePoints(of: user.map { "u:\($0)" }, &card)
        if isAlone { writePoints(of: customer.map { "c:\($0)" }, &card) }
        persons += 1
        let own = Held(card: card, dataset: dataset?.id ?? "", record: record)
        if persons == 1 {
            firstPerson = own
            return
        }
        if let first = firstPerson.take() { try write(first, output) }
        try write(own, output)
    }

    /// All persons are known: an only one has what names nobody.
    private mutating func endPersons(_ output: any ExchangeOutput) throws {
        guard var held = firstPerson.take() else { return }
        writePoints(of: Self.nobody, &held.card)
        writePoints(of: Self.nobodyInBusiness, &held.card)
        try write(held, output)
    }

    /// All organisations are known: an only one has what is an organisation's and names nobody.
    private mutating func endOrganisations(_ output: any ExchangeOutput) throws {
        guard var held = firstOrganisation.take() else { return }
        writePoints(of: Self.nobodyInBusiness, isOrganisation: true, &held.card)
        try write(held, output)
    }

    private mutating func writeOrganisation(_ fields: inout FlatRecord, _ output: any ExchangeOutput) throws {
        var card = VCardWriter()
        card.begin()
        let name = fields.take("name")
        writeName(name, kind: "org", fields.id, &card, output)
        if let name { card.components("ORG", [name]) }
        if let name = fields.take("trade_name") { card.text("NICKNAME", name) }
        if let website = fields.take("website") {
            if Self.isURI(website) {
                card.raw("URL", website)
            } else {
                card.text("URL;VALUE=text", website)
            }
        }
        writeLanguage(&fields, &card, output)
        if let number = fields.take("customer_number") {
            if let name, held + name.utf8.count <= limit {
                held += name.utf8.count
                organisations[number] = name
            }
            writePoints(of: "c:\(number)", isOrganisation: true, &card)
        }
        companies += 1
        let own = Held(card: card, dataset: dataset?.id ?? "", record: record)
        if companies == 1 {
            firstOrganisation = own
            return
        }
        if let first = firstOrganisation.take() { try write(first, output) }
        try write(own, output)
    }

    private mutating func writeCustomer(_ fields: inout FlatRecord, _ output: any ExchangeOutput) throws {
        var card = VCardWriter()
        card.begin()
        let name = fields.take("name")
        let contact = fields.take("contact_name")
        let isCompany = fields.has("business_id") || contact != nil
        writeName(name ?? contact, kind: isCompany ? "org" : "individual", fields.id, &card, output)
        if isCompany, let name { card.components("ORG", [name]) }
        if name != nil, let contact { card.text("RELATED;TYPE=contact;VALUE=text", contact) }
        if let email = fields.take("email") { card.text("EMAIL", email) }
        if let number = fields.take("telephone") { card.text("TEL", number) }
        let address = ["street", "town", "postal_code", "country"].map { fields.take($0) }
        if address.contains(where: { $0 != nil }) {
            card.components("ADR", [nil, nil, address[0], address[1], nil, address[2], address[3]])
        }
        writeLanguage(&fields, &card, output)
        if let note = fields.take("note") { card.text("NOTE", note) }
        try write(Held(card: card, dataset: dataset?.id ?? "", record: record), output)
    }

    /// Every card has a name to show; where the data have none it is empty, and a note says so.
    private func writeName(
        _ name: String?, kind: String, _ id: String, _ card: inout VCardWriter, _ output: any ExchangeOutput
    ) {
        card.raw("KIND", kind)
        card.text("UID;VALUE=text", "\(dataset?.id ?? "")/\(id)")
        card.text("FN", name ?? "")
        if name == nil { note(.missing, "FN", "the record has no name", output) }
    }

    private func writeLanguage(_ fields: inout FlatRecord, _ card: inout VCardWriter, _ output: any ExchangeOutput) {
        guard let language = fields.take("language") else { return }
        let isTag = language.utf8.allSatisfy { byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                || byte == UInt8(ascii: "-")
        }
        if isTag {
            card.raw("LANG", language)
        } else {
            note(.dropped, "LANG", "the language is no language tag", output)
        }
    }

    private mutating func writePoints(of key: String?, isOrganisation: Bool = false, _ card: inout VCardWriter) {
        guard let key, let lines = points.removeValue(forKey: key) else { return }
        for line in lines {
            switch line {
            case .text(let property, let value): card.text(property, value)
            case .raw(let property, let value): card.raw(property, value)
            case .address(let values, let use, let dataset, let record):
                switch use {
                case .home: card.components("ADR;TYPE=home", values)
                case .work: card.components("ADR;TYPE=work", values)
                case .business where isOrganisation: card.components("ADR;TYPE=work", values)
                case .business:
                    card.components("ADR", values)
                    droppedKinds[dataset, default: (record, 0)].count += 1
                case .unknown: card.components("ADR", values)
                }
            }
        }
    }

    private mutating func write(_ held: Held, _ output: any ExchangeOutput) throws {
        var card = held.card
        card.end()
        if card.hasReplaced {
            output.note(
                ExchangeNote(
                    .dropped, dataset: held.dataset, record: held.record, file: Self.fileName, term: "text",
                    message: "characters that no vCard can hold were replaced by U+FFFD"))
        }
        if !isOpen {
            try output.begin(Self.fileName, mediaType: "text/vcard")
            isOpen = true
        }
        try output.append(card.bytes)
    }

    private func note(
        _ kind: ExchangeNote.Kind, _ term: String, _ message: String, _ output: any ExchangeOutput
    ) {
        output.note(
            ExchangeNote(
                kind, dataset: dataset?.id ?? "", record: record, file: Self.fileName, term: term, message: message))
    }

    /// The TYPE parameter for kinds in the source's own words, where it is clear.
    private static func type(_ kind: String?) -> String {
        switch kind?.lowercased() {
        case "mobile", "cell", "matkapuhelin", "mobil", "mobiltelefon": ";TYPE=cell"
        case "work", "työ", "työpuhelin", "arbete", "arbetstelefon": ";TYPE=work"
        case "home", "koti", "kotipuhelin", "hem", "hemtelefon": ";TYPE=home"
        case "fax", "faksi": ";TYPE=fax"
        default: ""
        }
    }

    /// What an address is for, in the source's own words.
    private static func use(_ kind: String?) -> AddressUse {
        switch kind?.lowercased() {
        case "home", "home address", "koti", "kotiosoite", "hem", "hemadress": .home
        case "work", "work address", "työ", "työosoite", "arbete", "arbetsadress": .work
        default: isBusiness(kind) ? .business : .unknown
        }
    }

    /// True for kinds of what is rather an organisation's: postal, visiting, billing and invoicing, in English, Finnish
    /// and Swedish.
    private static func isBusiness(_ kind: String?) -> Bool {
        guard let kind = kind?.lowercased() else { return false }
        let beginnings = [
            "postal", "posti", "postadress", "visit", "käynti", "besök", "billing", "invoic", "laskutus", "faktur",
        ]
        return kind == "post" || beginnings.contains { kind.hasPrefix($0) }
    }

    /// True for a scheme, a colon and nothing that a URI cannot have (RFC 3986).
    private static func isURI(_ text: String) -> Bool {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), colon > text.startIndex,
            let first = text.utf8.first, UInt8(ascii: "a")...UInt8(ascii: "z") ~= first | 0x20
        else { return false }
        return text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"<>\\^`{|}".utf8.contains($0) }
            && text.utf8.index(after: colon) < text.endIndex
    }
}
