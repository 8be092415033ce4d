import PortabilityModel

/// Finds fields of an invoice by name; what a layout does not have is absent from every record.
struct InvoiceFinder: Sendable {
    let layout: EntityLayout
    private let places: [String: WritingEntry.Place]

    /// - Parameter names: paths of values or groups, as ``WritingTable`` spells them.
    init(_ layout: EntityLayout, _ names: [String]) {
        self.layout = layout
        var places: [String: WritingEntry.Place] = [:]
        for name in names {
            places[name] =
                WritingTable.place(name, layout, group: 0, isGroup: false)
                ?? WritingTable.place(name, layout, group: 0, isGroup: true)
        }
        self.places = places
    }

    func place(_ name: String) -> WritingEntry.Place? { places[name] }

    func key(_ name: String) -> FieldKey? {
        places[name].flatMap { $0.field < 0 ? nil : FieldKey(group: $0.group, field: $0.field) }
    }

    /// The tokens of a field, in all groups of a list that it lies in.
    func tokens(_ name: String, in tree: RecordTree) -> [Int] {
        guard let place = places[name] else { return [] }
        var nodes = [RecordTree.root]
        for step in place.steps { nodes = nodes.flatMap { tree.elements(step.field, in: $0) } }
        return place.field < 0 ? nodes : nodes.flatMap { tree.elements(place.field, in: $0) }
    }

    func text(_ name: String, in tree: RecordTree) -> String? { tokens(name, in: tree).first.map { tree.text($0) } }

    /// A field of a group that is one of ``tokens(_:in:)``.
    func token(_ name: String, of group: RecordTree.Node, in tree: RecordTree) -> Int? {
        places[name].flatMap { $0.field < 0 ? nil : tree.find($0.field, in: group) }
    }

    /// The values of a field that say what another field says, which has a place in the form.
    func implied(_ name: String, by other: String, in tree: RecordTree) -> [Int] {
        guard let stated = tokens(other, in: tree).first else { return [] }
        return tokens(name, in: tree).filter { tree.bytes($0) == tree.bytes(stated) }
    }
}

/// What the data dictionary and code lists of EN 16931-1 say that no schema does.
enum InvoiceTerms {
    /// Kinds of document as UNTDID 1001 codes them; nil where it has no code of the same meaning.
    static func typeCode(_ documentType: String) -> String? {
        switch documentType {
        case "invoice": "380"
        case "credit-note": "381"
        case "debit-note": "383"
        case "corrected-invoice": "384"
        case "prepayment-invoice": "386"
        case "self-billed-invoice": "389"
        case "partial-invoice": "326"
        case "proforma-invoice": "325"
        default: nil
        }
    }

    /// Codes of UNTDID 1001 that UBL writes as a CreditNote (validation artefacts of EN 16931, BR-CL-01).
    static let creditNotes: Set<String> = [
        "81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532",
    ]

    /// True for what is spelled like an IBAN (ISO 13616): two letters, two digits, at most 30 letters and digits.
    static func isIBAN(_ account: some Collection<UInt8>) -> Bool {
        let text = account.filter { $0 != 0x20 }
        return (15...34).contains(text.count) && text.prefix(2).allSatisfy(isLetter)
            && text.dropFirst(2).prefix(2).allSatisfy(isDigit)
            && text.dropFirst(4).allSatisfy { isDigit($0) || isLetter($0) }
    }

    /// True for an OVT code, whose scheme is 0216 of ISO/IEC 6523: 0037, the business ID, and up to five characters.
    static func isOVT(_ address: some Collection<UInt8>) -> Bool {
        let text = Array(address)
        return (12...17).contains(text.count) && text.starts(with: "0037".utf8) && text.prefix(12).allSatisfy(isDigit)
            && text.dropFirst(12).allSatisfy { isDigit($0) || isLetter($0) }
    }

    /// True for a Finnish reference number: 4 to 20 digits whose last is right by the weights 7, 3 and 1.
    static func isFinnishReference(_ reference: some Collection<UInt8>) -> Bool {
        let digits = Array(reference)
        guard (4...20).contains(digits.count), digits.allSatisfy(isDigit) else { return false }
        var sum = 0
        for (place, digit) in digits.dropLast().reversed().enumerated() {
            sum += Int(digit - 0x30) * [7, 3, 1][place % 3]
        }
        return (10 - sum % 10) % 10 == Int(digits[digits.count - 1] - 0x30)
    }
}
