import PortabilityModel

/// The rules of EN 16931-1 on categories of VAT (BR-S, BR-Z, BR-E, BR-AE, BR-IC, BR-G, BR-O, BR-IG, BR-IP) that need no
/// sums.
///
/// What the category O forbids to write is withheld, since it says nothing that the category does not; everything else
/// is written as the record has it, and told.
struct UBLTaxRules {
    private let tree: RecordTree
    private let finder: InvoiceFinder
    private let uses: [Use]
    private let groups: [Group]

    /// A line, or an allowance or charge of the document.
    private struct Use {
        var category: String
        var rate: Int?
        var place: Place
    }

    private enum Place: CaseIterable {
        case line, allowance, charge

        /// The terms of its category and of its rate, and the ends of the names of the rules on them.
        var category: String { ["BT-151", "BT-95", "BT-102"][ordinal] }
        var rate: String { ["BT-152", "BT-96", "BT-103"][ordinal] }
        var identifierRule: String { ["02", "03", "04"][ordinal] }
        var rateRule: String { ["05", "06", "07"][ordinal] }
        var onlyRule: String { ["12", "13", "14"][ordinal] }
        private var ordinal: Int {
            switch self {
            case .line: 0
            case .allowance: 1
            case .charge: 2
            }
        }
    }

    /// A group of the breakdown.
    private struct Group {
        var node: RecordTree.Node
        var category: String
    }

    init(_ tree: RecordTree, _ finder: InvoiceFinder) {
        func category(_ name: String, _ node: RecordTree.Node) -> String? {
            finder.token(name, of: node, in: tree).map { tree.text($0) }
        }
        var uses: [Use] = []
        for line in finder.tokens("lines", in: tree) {
            guard let category = category("lines.tax_category", line) else { continue }
            uses.append(
                Use(category: category, rate: finder.token("lines.tax_rate", of: line, in: tree), place: .line))
        }
        for node in finder.tokens("allowances_charges", in: tree) {
            guard let category = category("allowances_charges.tax_category", node) else { continue }
            let isCharge = finder.token("allowances_charges.is_charge", of: node, in: tree).map { tree.text($0) }
            uses.append(
                Use(
                    category: category, rate: finder.token("allowances_charges.tax_rate", of: node, in: tree),
                    place: isCharge == "true" ? .charge : .allowance))
        }
        self.tree = tree
        self.finder = finder
        self.uses = uses
        groups = finder.tokens("tax_breakdown", in: tree).compactMap { node in
            category("tax_breakdown.category", node).map { Group(node: node, category: $0) }
        }
    }

    private func has(_ name: String) -> Bool { !finder.tokens(name, in: tree).isEmpty }

    /// The name of a category in the names of its rules; nil for one that EN 16931 does not have.
    private static func rules(of category: String) -> String? {
        switch category {
        case "S", "Z", "E", "AE", "G", "O": category
        case "K": "IC"
        case "L": "IG"
        case "M": "IP"
        default: nil
        }
    }

    /// Withholds what the category O forbids: rates (BR-O-05 to 07; no rule forbids that of the breakdown), and VAT
    /// numbers (BR-O-02 to 04) unless another category asks for them.
    func withhold() {
        for use in uses where use.category == "O" {
            if let rate = use.rate {
                tree.withhold(
                    rate, reason: "BR-O-\(use.place.rateRule): the VAT category O has no rate (\(use.place.rate))")
            }
        }
        guard let use = uses.first(where: { $0.category == "O" }),
            uses.allSatisfy({ $0.category == "O" }), groups.allSatisfy({ $0.category == "O" })
        else { return }
        let rule = "BR-O-\(use.place.identifierRule): beside the VAT category O there can be no"
        for token in finder.tokens("seller.vat_id", in: tree) { tree.withhold(token, reason: "\(rule) BT-31") }
        for token in finder.tokens("buyer.vat_id", in: tree) { tree.withhold(token, reason: "\(rule) BT-48") }
        // Without its VAT number there can be no representative (BR-56).
        if has("tax_representative.vat_id") {
            for token in finder.tokens("tax_representative", in: tree) {
                tree.withhold(token, reason: "\(rule) BT-63, without which there is no representative (BR-56)")
            }
        }
    }

    /// Terms that a category asks for.
    func missing() -> [(term: String, message: String)] {
        var out: [(term: String, message: String)] = []
        func miss(_ term: String, _ rule: String, _ category: String) {
            out.append((term, "\(rule): the VAT category \(category) asks for it"))
        }
        let used = Set(uses.map(\.category))
        let told = Set(groups.map(\.category))
        let hasSeller = has("seller.vat_id") || has("tax_representative.vat_id")
        if used.contains("AE"), !has("buyer.vat_id"), !has("buyer.legal_id") { miss("BT-48", "BR-AE-02", "AE") }
        if used.contains("K"), !has("buyer.vat_id") { miss("BT-48", "BR-IC-02", "K") }
        if used.contains("K"), !hasSeller { miss("BT-31", "BR-IC-02", "K") }
        if used.contains("G"), !hasSeller { miss("BT-31", "BR-G-02", "G") }
        if told.contains("K") {
            if !["delivery.date", "period.start_date", "period.end_date"].contains(where: has) {
                miss("BT-72", "BR-IC-11", "K")
            }
            if !has("deliver_to.address.country") { miss("BT-80", "BR-IC-12", "K") }
        }
        return out
    }

    /// What contradicts the category.
    func inconsistent() -> [(term: String, message: String)] {
        var out: [(term: String, message: String)] = []
        let told = groups.map(\.category)
        for use in uses {
            guard let rules = Self.rules(of: use.category) else { continue }
            let number = use.rate.flatMap { ExactDecimal(tree.bytes($0)) }
            switch use.category {
            case "Z", "E", "AE", "K", "G":
                if number?.isZero == false {
                    let rule = "BR-\(rules)-\(use.place.rateRule)"
                    out.append((use.place.rate, "\(rule): the rate of the VAT category \(use.category) is 0"))
                }
            case "S":
                if number?.isZero == true {
                    out.append((use.place.rate, "BR-S-\(use.place.rateRule): the rate of the VAT category S is not 0"))
                }
            default: break
            }
            if !told.isEmpty, !told.contains(use.category) {
                out.append(
                    (
                        use.place.category,
                        "BR-\(rules)-01: the breakdown of VAT has no group of the category \(use.category)"
                    ))
            }
            if use.category != "O", told.contains("O") {
                out.append(
                    (use.place.category, "BR-O-\(use.place.onlyRule): beside the VAT category O there is no other"))
            }
        }
        for group in groups { out += faults(of: group) }
        for category in ["Z", "E", "AE", "K", "G", "O"] where told.count(where: { $0 == category }) > 1 {
            let rules = Self.rules(of: category) ?? category
            out.append(("BG-23", "BR-\(rules)-01: there is more than one group of the VAT category \(category)"))
        }
        if told.contains("O"), told.contains(where: { $0 != "O" }) {
            out.append(("BG-23", "BR-O-11: beside the VAT category O there is no other"))
        }
        return out
    }

    private func faults(of group: Group) -> [(term: String, message: String)] {
        guard let rules = Self.rules(of: group.category) else { return [] }
        var out: [(term: String, message: String)] = []
        switch group.category {
        case "S", "L", "M": break
        default:
            let amount = finder.token("tax_breakdown.tax_amount", of: group.node, in: tree)
            if amount.flatMap({ ExactDecimal(tree.bytes($0)) })?.isZero == false {
                out.append(("BT-117", "BR-\(rules)-09: the tax of the VAT category \(group.category) is 0"))
            }
        }
        switch group.category {
        case "S", "Z", "L", "M":
            for (name, term) in [("exemption_reason", "BT-120"), ("exemption_code", "BT-121")]
            where finder.token("tax_breakdown.\(name)", of: group.node, in: tree) != nil {
                out.append((term, "BR-\(rules)-10: the VAT category \(group.category) is no exemption"))
            }
        default: break
        }
        return out
    }
}
