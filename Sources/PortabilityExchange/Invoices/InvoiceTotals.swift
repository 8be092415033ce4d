import PortabilityModel

/// Recomputes the figures of an invoice as EN 16931-1 §6.4.3 defines them, exactly, and compares.
///
/// The record's own figures are what the rules that follow are fed with, as in the standard's validation artefacts, so
/// that one wrong figure is told once. A figure that the record does not have, and that follows from others, is handed
/// out as derived.
struct InvoiceTotals {
    private(set) var derived: [FieldKey: DerivedValue] = [:]
    /// By node of the line.
    private(set) var lineAmounts: [RecordTree.Node: [UInt8]] = [:]
    /// Terms that do not follow, in the standard's order of rules, with what is to be noted of them.
    private(set) var inconsistent: [(term: String, message: String)] = []

    private static let computed = "the record does not have it, so what it is the total of was added up"

    /// Where the figures of a layout lie; what a layout does not have is not looked at.
    struct Places: Sendable {
        fileprivate var lines, parent, net, quantity, price, base, lineAllowances, lineIsCharge, lineAmount: Int?
        fileprivate var priceNet, lineCategory, lineRate, lineGross, lineTax: Int?
        fileprivate var allowances, isCharge, amount, category, rate: Int?
        fileprivate var totals: Int?
        fileprivate var totalFields: [String: FieldKey] = [:]
        fileprivate var breakdown, taxable, tax, taxCategory, taxRate: Int?

        init(_ layout: EntityLayout) {
            func index(_ name: String, in group: Int?) -> Int? { group.flatMap { layout.groups[$0].index(of: name) } }
            func group(_ field: Int?, in group: Int?) -> Int? {
                guard let field, let group else { return nil }
                let inner = layout.groups[group].fields[field].group
                return inner < 0 ? nil : inner
            }
            lines = index("lines", in: 0)
            let line = group(lines, in: 0)
            parent = index("parent_line", in: line)
            net = index("net_amount", in: line)
            lineGross = index("gross_amount", in: line)
            lineTax = index("tax_amount", in: line)
            quantity = index("quantity", in: line)
            lineCategory = index("tax_category", in: line)
            lineRate = index("tax_rate", in: line)
            price = index("price", in: line)
            priceNet = index("net", in: group(price, in: line))
            base = index("base_quantity", in: group(price, in: line))
            lineAllowances = index("allowances_charges", in: line)
            lineIsCharge = index("is_charge", in: group(lineAllowances, in: line))
            lineAmount = index("amount", in: group(lineAllowances, in: line))
            allowances = index("allowances_charges", in: 0)
            let allowance = group(allowances, in: 0)
            isCharge = index("is_charge", in: allowance)
            amount = index("amount", in: allowance)
            category = index("tax_category", in: allowance)
            rate = index("tax_rate", in: allowance)
            totals = index("totals", in: 0)
            if let inner = group(totals, in: 0) {
                for (index, field) in layout.groups[inner].fields.enumerated() {
                    totalFields[field.name] = FieldKey(group: inner, field: index)
                }
            }
            breakdown = index("tax_breakdown", in: 0)
            let tax = group(breakdown, in: 0)
            taxable = index("taxable_amount", in: tax)
            self.tax = index("tax_amount", in: tax)
            taxCategory = index("category", in: tax)
            taxRate = index("rate", in: tax)
        }
    }

    private let tree: RecordTree
    private let places: Places

    private struct Rate: Hashable {
        var category: String
        /// Only of categories that can have several.
        var rate: [UInt8]
    }

    init(_ tree: RecordTree, places: Places) {
        self.tree = tree
        self.places = places
        let (lineSum, lineBases) = checkLines()
        let (allowanceSum, chargeSum, bases) = sumAllowances(lineBases)
        checkTotals(lineSum, allowanceSum, chargeSum, bases)
    }

    private func number(_ field: Int?, in node: RecordTree.Node?) -> ExactDecimal? {
        guard let field, let node, let token = tree.find(field, in: node) else { return nil }
        return ExactDecimal(tree.bytes(token))
    }

    private func has(_ field: Int?, in node: RecordTree.Node?) -> Bool {
        guard let field, let node else { return false }
        return tree.find(field, in: node) != nil
    }

    /// Of the categories of UNTDID 5305, only S, L and M have rates; the others are one each.
    private func key(_ categoryField: Int?, _ rateField: Int?, in node: RecordTree.Node) -> Rate? {
        guard let categoryField, let token = tree.find(categoryField, in: node) else {
            // Finvoice may tell the rate alone.
            guard let rate = number(rateField, in: node) else { return nil }
            return Rate(category: "", rate: rate.rounded(to: 4).spelled(places: 4))
        }
        let category = tree.text(token)
        guard ["S", "L", "M"].contains(category) else { return Rate(category: category, rate: []) }
        guard let rate = number(rateField, in: node) else { return nil }
        return Rate(category: category, rate: rate.rounded(to: 4).spelled(places: 4))
    }

    private func total(of known: ExactDecimal?, _ amount: ExactDecimal) -> ExactDecimal {
        known.map { $0 + amount } ?? amount
    }

    private mutating func tell(_ term: String, _ message: String) { inconsistent.append((term, message)) }

    // MARK: Lines

    /// BT-131; the sum is nil if a line has no amount and none follows.
    private mutating func checkLines() -> (sum: ExactDecimal?, bases: [Rate: ExactDecimal]?) {
        guard let lines = places.lines else { return (nil, nil) }
        var sum: ExactDecimal? = .zero
        var bases: [Rate: ExactDecimal]? = [:]
        var wrong = 0
        for line in tree.elements(lines, in: RecordTree.root) {
            var amount = number(places.net, in: line)
            let isUnreadable = amount == nil && has(places.net, in: line)
            if let own = amount {
                if let expected = lineAmount(line, scale: max(2, own.scale)), expected != own { wrong += 1 }
            } else if !isUnreadable {
                amount = derivedAmount(line)
                if let amount { lineAmounts[line] = amount.spelled(places: 2) }
            }
            // What stands below another line is part of that line's amount.
            if has(places.parent, in: line) { continue }
            guard let amount else {
                sum = nil
                bases = nil
                continue
            }
            sum = sum.map { $0 + amount }
            if let key = key(places.lineCategory, places.lineRate, in: line) {
                let known = bases?[key]
                bases?[key] = total(of: known, amount)
            } else {
                bases = nil
            }
        }
        if wrong > 0 {
            tell(
                "BT-131",
                "of \(wrong) \(wrong == 1 ? "line" : "lines") it is not quantity by price, less allowances, plus charges"
            )
        }
        return (sum, bases)
    }

    /// Quantity by net price for the base quantity, less allowances, plus charges, rounded to `scale` digits.
    private func lineAmount(_ line: RecordTree.Node, scale: Int) -> ExactDecimal? {
        guard let priceField = places.price, let quantity = number(places.quantity, in: line),
            let price = tree.find(priceField, in: line), let net = number(places.priceNet, in: price)
        else { return nil }
        let hasBase = has(places.base, in: price)
        let base = hasBase ? number(places.base, in: price) : ExactDecimal([0x31])
        guard let base, !base.isZero, let adjustment = adjustment(of: line) else { return nil }
        return (quantity * net + adjustment * base).divided(by: base, scale: scale)
    }

    /// Charges less allowances of a line; nil if one has no amount.
    private func adjustment(of line: RecordTree.Node) -> ExactDecimal? {
        guard let field = places.lineAllowances else { return .zero }
        var sum = ExactDecimal.zero
        for group in tree.elements(field, in: line) {
            guard let amount = number(places.lineAmount, in: group), let isCharge = places.lineIsCharge,
                let flag = tree.find(isCharge, in: group)
            else { return nil }
            sum = tree.text(flag) == "true" ? sum + amount : sum - amount
        }
        return sum
    }

    private func derivedAmount(_ line: RecordTree.Node) -> ExactDecimal? {
        if let gross = number(places.lineGross, in: line), let tax = number(places.lineTax, in: line) {
            return gross - tax
        }
        if let amount = lineAmount(line, scale: 2) { return amount }
        // A line without any amount has no share in any sum.
        let price = places.price.flatMap { tree.find($0, in: line) }
        let allowances = places.lineAllowances.map { tree.elements($0, in: line) } ?? []
        let hasAmount =
            has(places.lineGross, in: line) || has(places.lineTax, in: line) || has(places.priceNet, in: price)
            || allowances.contains { has(places.lineAmount, in: $0) }
        return hasAmount ? nil : .zero
    }

    // MARK: Document

    private func sumAllowances(
        _ lineBases: [Rate: ExactDecimal]?
    ) -> (allowances: ExactDecimal?, charges: ExactDecimal?, bases: [Rate: ExactDecimal]?) {
        guard let field = places.allowances else { return (.zero, .zero, lineBases) }
        var (allowances, charges): (ExactDecimal?, ExactDecimal?) = (.zero, .zero)
        var bases = lineBases
        for group in tree.elements(field, in: RecordTree.root) {
            guard let amount = number(places.amount, in: group), let isCharge = places.isCharge,
                let flag = tree.find(isCharge, in: group)
            else { return (nil, nil, nil) }
            let isAddition = tree.text(flag) == "true"
            if isAddition { charges = charges.map { $0 + amount } } else { allowances = allowances.map { $0 + amount } }
            if let key = key(places.category, places.rate, in: group) {
                let known = bases?[key]
                bases?[key] = total(of: known, isAddition ? amount : -amount)
            } else {
                bases = nil
            }
        }
        return (allowances, charges, bases)
    }

    private mutating func checkTotals(
        _ lineSum: ExactDecimal?, _ allowanceSum: ExactDecimal?, _ chargeSum: ExactDecimal?,
        _ bases: [Rate: ExactDecimal]?
    ) {
        let node = places.totals.flatMap { tree.find($0, in: RecordTree.root) }
        let fields = places.totalFields
        var found: [FieldKey: DerivedValue] = [:]
        var told: [(term: String, message: String)] = []
        func own(_ name: String) -> ExactDecimal? { number(fields[name]?.field, in: node) }
        func isAbsent(_ name: String) -> Bool { !has(fields[name]?.field, in: node) }
        /// The record's figure, compared with what follows; what follows if the record has none.
        func settle(
            _ name: String, _ expected: ExactDecimal?, _ term: String, _ rule: String, derives: Bool = true
        ) -> ExactDecimal? {
            if let own = own(name) {
                if let expected, expected != own { told.append((term, rule)) }
                return own
            }
            guard isAbsent(name), let expected else { return nil }
            if derives, let key = fields[name] {
                found[key] = DerivedValue(text: expected.spelled(places: 2), note: Self.computed)
            }
            return expected
        }
        let lines = settle("lines", lineSum, "BT-106", "it is not the sum of the lines")
        let allowances = settle(
            "allowances", allowanceSum, "BT-107", "it is not the sum of the allowances",
            derives: allowanceSum.map { !$0.isZero } ?? false)
        let charges = settle(
            "charges", chargeSum, "BT-108", "it is not the sum of the charges",
            derives: chargeSum.map { !$0.isZero } ?? false)
        var expected: ExactDecimal?
        if let lines, let allowances, let charges { expected = lines - allowances + charges }
        let net = settle(
            "net", expected, "BT-109", "it is not the sum of lines less allowances plus charges")
        inconsistent += told
        told.removeAll()
        let taxes = checkBreakdown(bases)
        let tax = settle("tax", taxes, "BT-110", "it is not the sum of the VAT breakdown")
        var sum: ExactDecimal?
        if let net, let tax { sum = net + tax }
        let gross = settle("gross", sum, "BT-112", "it is not the total without VAT plus VAT")
        let paid = isAbsent("paid") ? .zero : own("paid")
        let rounding = isAbsent("rounding") ? .zero : own("rounding")
        var due: ExactDecimal?
        if let gross, let paid, let rounding { due = gross - paid + rounding }
        _ = settle(
            "payable", due, "BT-115", "it is not the total with VAT less what was paid plus rounding")
        inconsistent += told
        derived.merge(found) { own, _ in own }
    }

    /// BT-116 and BT-117; the sum of the VAT amounts, nil if there is no breakdown or one has no amount.
    private mutating func checkBreakdown(_ bases: [Rate: ExactDecimal]?) -> ExactDecimal? {
        guard let field = places.breakdown else { return nil }
        let groups = tree.elements(field, in: RecordTree.root)
        if groups.isEmpty { return nil }
        var sum: ExactDecimal? = .zero
        var (wrongBase, wrongTax) = (false, false)
        var told: Set<Rate> = []
        var isComplete = true
        for group in groups {
            let taxable = number(places.taxable, in: group)
            let tax = number(places.tax, in: group)
            if let tax { sum = sum.map { $0 + tax } } else { sum = nil }
            if let taxable, let tax {
                // Outside S, L and M nothing is levied, whatever is said of the rate.
                let rate = number(places.taxRate, in: group) ?? (has(places.taxRate, in: group) ? nil : .zero)
                if let rate, let hundred = ExactDecimal("100".utf8) {
                    let expected = (taxable * rate).divided(by: hundred, scale: max(2, tax.scale))
                    if expected != tax, expected?.rounded(to: 2) != tax { wrongTax = true }
                }
            }
            guard let key = key(places.taxCategory, places.taxRate, in: group) else {
                isComplete = false
                continue
            }
            // Two groups of one rate are wrong by themselves, but their sum may be right.
            if !told.insert(key).inserted { isComplete = false }
        }
        if isComplete, let bases {
            for group in groups {
                guard let key = key(places.taxCategory, places.taxRate, in: group),
                    let taxable = number(places.taxable, in: group)
                else { continue }
                // Lines without a category are compared with breakdowns without one only.
                if !bases.keys.contains(where: { ($0.category.isEmpty) == key.category.isEmpty }) { continue }
                if (bases[key] ?? .zero) != taxable { wrongBase = true }
            }
        }
        if wrongBase {
            tell("BT-116", "of one rate at least it is not the sum of the lines, allowances and charges of that rate")
        }
        if wrongTax { tell("BT-117", "of one rate at least it is not the taxable amount by the rate") }
        return sum
    }
}
