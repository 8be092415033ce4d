import PortabilityModel
import SourceFiles

/// What the files of an invoice source hold, whosever they are: the elements of their documents and what becomes of
/// each, and how many files and documents are given to nobody. Names and counts only, no values and no file names.
final class InvoiceSurvey {
    /// The containers of what no dataset gives; a source's `exclude` names them as `table`.
    enum Container: String, CaseIterable {
        /// Files below the folders of the source that no dataset's `path` fits.
        case untakenFiles = "files-not-taken"
        /// Files that a `path` fits and that cannot be read.
        case unreadFiles = "files-not-read"
        /// Documents that are not well-formed, or no invoices of a known syntax.
        case unreadDocuments = "documents-not-read"
        /// Invoices in which no field of `match` has a value: nobody can be told to be in them.
        case anonymous = "invoices-without-identifier"
    }

    /// Elements that are told.
    private static let limit = 4096
    /// Bytes that the path of an element may have.
    private static let pathLimit = 512

    /// What becomes of an element, the best for the person first.
    private enum Fate: Comparable {
        case field(dataset: Int, name: String)
        case other(dataset: Int)
        /// Part of the syntax, with nothing to carry that its element does not say.
        case syntax
    }

    private struct Element {
        /// nil for what is around an invoice: envelopes and messages of attachments.
        var syntax: InvoiceSyntax?
        var path: String
        var fate: Fate
    }

    private let datasets: [String]
    private let exclusions: [DatasetDeclaration.Exclusion]
    private let rules: InvoiceRules
    /// The path of each group of the layout, from the record.
    private let groups: [String]
    private var elements: [Element] = []
    private var indices: [String: Int] = [:]
    private var isOverLimit = false
    /// Counts by container and name; the empty name stands for the container.
    private var counts: [Container: [String: Int64]] = [:]

    /// The dataset of the document that is being read.
    var dataset = 0

    init(datasets: [String], exclusions: [DatasetDeclaration.Exclusion], rules: InvoiceRules) {
        self.datasets = datasets
        self.exclusions = exclusions
        self.rules = rules
        var groups = [String](repeating: "", count: rules.layout.groups.count)
        func name(_ group: Int, _ prefix: String) {
            groups[group] = prefix
            for field in rules.layout.groups[group].fields where field.kind == nil {
                name(field.group, prefix.isEmpty ? field.name : "\(prefix).\(field.name)")
            }
        }
        name(0, "")
        self.groups = groups
    }

    func count(_ container: Container, _ name: String = "", _ number: Int64 = 1) {
        if number > 0 { counts[container, default: [:]][name, default: 0] += number }
    }

    /// Counts a file that no dataset takes, by the end of its name if that is a plain one.
    func countUntaken(_ path: [UInt8]) {
        let name = path.split(separator: 0x2f).last ?? []
        let parts = name.split(separator: 0x2e, omittingEmptySubsequences: false)
        guard parts.count > 1, let end = parts.last, (1...8).contains(end.count), isTellable(end) else {
            count(.untakenFiles, "others")
            return
        }
        count(.untakenFiles, "*." + String(decoding: end, as: UTF8.self).lowercased())
    }

    // MARK: Elements

    /// Notes the elements of a document of the parser's tree, of which all that is taken was marked so.
    ///
    /// - Parameters:
    ///   - invoice: The invoice in it; nil for what belongs to one before or behind it.
    ///   - outer: The rules of what is around the invoice, or of a document without one.
    func note(_ tree: XMLTree, invoice: (syntax: InvoiceSyntax, root: XMLTree.Node)?, outer: Mapping) {
        if tree.isEmpty { return }
        var path = told(tree, 0)
        note(
            tree, 0, in: Surroundings(syntax: nil, mapping: outer, rule: 0, place: "", above: .syntax),
            invoice: invoice,
            &path)
    }

    /// Where in a document a node stands.
    private struct Surroundings {
        var syntax: InvoiceSyntax?
        var mapping: Mapping
        /// The node's rule.
        var rule: Int?
        /// The group of the record that its content goes to.
        var place: String
        /// What becomes of the element around it.
        var above: Fate
    }

    /// Notes a node and what is in it. Recursion ends with the depth of documents.
    private func note(
        _ tree: XMLTree, _ node: XMLTree.Node, in surroundings: Surroundings,
        invoice: (syntax: InvoiceSyntax, root: XMLTree.Node)?, _ path: inout [UInt8]
    ) {
        var inside = surroundings
        if let invoice, node == invoice.root {
            inside.syntax = invoice.syntax
            inside.mapping = rules[invoice.syntax]
            inside.rule = 0
        }
        if let rule = inside.rule, !groups[inside.mapping.rules[rule].group].isEmpty {
            inside.place = groups[inside.mapping.rules[rule].group]
        }
        inside.above = .syntax
        if !tree.text(node).isEmpty {
            var fate = fate(tree, node, rule: inside.rule, inside.mapping, inside.place)
            // What an attribute says (a date's format, the invoice's currency) is in what its element says.
            if fate == .syntax, tree.kind(node) == .attribute { fate = surroundings.above }
            inside.above = fate
            add(path, fate, inside.syntax)
        }
        let rule = inside.rule
        var child = tree.firstChild(node)
        while let found = child {
            child = tree.next(found)
            let length = path.count
            path.append(0x2f)
            path += told(tree, found)
            inside.rule = rule.flatMap { inside.mapping.child(of: $0, name: tree.name(found)) }
            note(tree, found, in: inside, invoice: invoice, &path)
            path.removeLast(path.count - length)
        }
    }

    private func fate(
        _ tree: XMLTree, _ node: XMLTree.Node, rule: Int?, _ mapping: Mapping, _ place: String
    ) -> Fate {
        if !tree.isTaken(node) { return .other(dataset: dataset) }
        if let rule {
            switch mapping.rules[rule].action {
            case .value(let targets), .firstFree(let targets):
                if let target = targets.first { return .field(dataset: dataset, name: name(target)) }
            case .joined(let target): return .field(dataset: dataset, name: name(target))
            case .group(_, let own?, _): return .field(dataset: dataset, name: name(own))
            case .understood: return .syntax
            case .none, .group, .handler: break
            }
        } else if mapping.syntaxAttributes.contains(tree.name(node)) || tree.name(node) == rules.names.currencyID
            || tree.name(node) == rules.names.amountCurrency
        {
            return .syntax
        }
        return .field(dataset: dataset, name: place.isEmpty ? rules.layout.entity.name : place)
    }

    private func name(_ target: MappingTarget) -> String {
        let field = rules.layout.groups[target.group].fields[target.field].name
        return groups[target.group].isEmpty ? field : "\(groups[target.group]).\(field)"
    }

    /// The name of a node as it may be told: a document may have names that are values.
    private func told(_ tree: XMLTree, _ node: XMLTree.Node) -> [UInt8] {
        let name = tree.names.spelled(tree.name(node))
        if tree.kind(node) == .text { return Array("text()".utf8) }
        let isAttribute = tree.kind(node) == .attribute
        if isTellable(isAttribute ? name.dropFirst() : name[...]) { return name }
        return Array((isAttribute ? "@*" : "*").utf8)
    }

    private func add(_ path: [UInt8], _ fate: Fate, _ syntax: InvoiceSyntax?) {
        let text = path.count > Self.pathLimit ? "*" : String(decoding: path, as: UTF8.self)
        let key = "\(syntax?.rawValue ?? "") \(text)"
        if let index = indices[key] {
            elements[index].fate = min(elements[index].fate, fate)
        } else if elements.count < Self.limit {
            indices[key] = elements.count
            elements.append(Element(syntax: syntax, path: text, fate: fate))
        } else {
            isOverLimit = true
        }
    }

    // MARK: Result

    /// What was found: elements by syntax in the order in which they came, then what nothing is given of.
    func items() -> [CoverageItem] {
        var items: [CoverageItem] = []
        for syntax in [InvoiceSyntax.finvoice, .ubl, .cii, nil] {
            for element in elements where element.syntax == syntax {
                let use: CoverageItem.Use =
                    switch element.fate {
                    case .field(let dataset, let name): .exported(dataset: datasets[dataset], field: name)
                    case .other(let dataset): .exported(dataset: datasets[dataset], field: "other")
                    case .syntax: .excluded(.notPersonal, heldIn: nil)
                    }
                items.append(CoverageItem(container: syntax?.rawValue ?? "envelopes", name: element.path, use: use))
            }
        }
        if isOverLimit {
            items.append(
                CoverageItem(
                    container: "invoices", name: nil, type: "more than \(Self.limit) elements", use: .unknown,
                    candidate: datasets.first))
        }
        for container in Container.allCases {
            let unit =
                switch container {
                case .untakenFiles, .unreadFiles: "file"
                case .unreadDocuments: "document"
                case .anonymous: "invoice"
                }
            for (name, count) in (counts[container] ?? [:]).sorted(by: { $0.key < $1.key }) {
                items.append(item(container, name.isEmpty ? nil : name, "\(count) \(unit)\(count == 1 ? "" : "s")"))
            }
        }
        return items
    }

    /// What nothing is given of: left out by the source's `exclude`, or unknown.
    private func item(_ container: Container, _ name: String?, _ type: String) -> CoverageItem {
        let exclusion = exclusions.first { exclusion in
            exclusion.isContainer
                ? exclusion.column == container.rawValue
                : name.map { exclusion.column == "\(container.rawValue).\($0)" } ?? false
        }
        return CoverageItem(
            container: container.rawValue, name: name, type: type,
            use: exclusion.map { .excluded($0.ground, heldIn: $0.heldIn) } ?? .unknown)
    }

    /// Throws if something is excluded that the reader of invoices gives out all the same.
    static func check(_ declaration: SourceDeclaration) throws(PortabilityError) {
        let remedy =
            "Withhold fields with `rules`; at the source, `exclude` takes `table: "
            + Container.allCases.map(\.rawValue).joined(separator: "`, `table: ") + "`"
        for dataset in declaration.datasets where !dataset.exclusions.isEmpty {
            throw PortabilityError(
                .configuration, "an invoice is given out with all its elements: none can be left out by `exclude`",
                remedy: remedy, at: .init(source: declaration.id, dataset: dataset.id, field: "exclude"))
        }
        for exclusion in declaration.exclusions {
            let isKnown = Container.allCases.contains { container in
                exclusion.isContainer
                    ? exclusion.column == container.rawValue : exclusion.column.hasPrefix(container.rawValue + ".")
            }
            if isKnown { continue }
            throw PortabilityError(
                .configuration, "`exclude` names something that a source of invoices does not have",
                remedy: remedy, at: .init(source: declaration.id, field: "exclude"))
        }
    }
}

extension InvoiceSession {
    /// The elements of all documents of all subjects, and what becomes of them.
    ///
    /// By `schema` nothing: only the documents tell what they hold, and what is new in them is exported as `other`
    /// fields. Files whose names begin with a dot, and those beside a `path` that begins with a wildcard, are no part
    /// of the source.
    func coverage(_ depth: CoverageDepth) async throws -> [CoverageItem]? {
        if depth == .schema { return [] }
        let survey = InvoiceSurvey(datasets: order, exclusions: exclusions, rules: rules)
        var taken: Set<[UInt8]> = []
        for (index, id) in order.enumerated() {
            guard let source = sources[id] else { continue }
            survey.dataset = index
            let found = try source.folder.find(source.pattern.ofAll, limit: context.limits.files)
            count(found, in: survey)
            let reader = InvoiceReader(
                rules: rules, watched: source.matches.map { ($0.group, $0.field) },
                limits: XMLLimits(depth: context.limits.depth, seconds: context.limits.documentSeconds))
            reader.wantsContent = false
            reader.survey = survey
            for file in found.files {
                try Task.checkCancellation()
                taken.insert(key(file, source))
                guard case .bytes(let bytes) = source.folder.read(file, limit: context.limits.documentBytes) else {
                    survey.count(.unreadFiles)
                    continue
                }
                read(bytes, reader, hasOwner: source.templateKind != nil, survey)
            }
        }
        var searched: Set<String> = []
        for id in order {
            guard let source = sources[id], let pattern = source.pattern.surroundings,
                searched.insert("\(source.pattern.isAbsolute) \(pattern.folders)").inserted
            else { continue }
            let found = try source.folder.find(pattern, limit: context.limits.files)
            for file in found.files where taken.insert(key(file, source)).inserted {
                try Task.checkCancellation()
                survey.countUntaken(file.path)
            }
        }
        return survey.items()
    }

    /// A file among those of all datasets.
    private func key(_ file: FoundFile, _ source: InvoiceSource) -> [UInt8] {
        (source.pattern.isAbsolute ? [0x2f] : []) + file.path
    }

    private func count(_ found: FoundFiles, in survey: InvoiceSurvey) {
        survey.count(.unreadFiles, "symbolic links", Int64(found.links))
        survey.count(.unreadFiles, "folders", Int64(found.unreadable))
        if found.isOverLimit { survey.count(.unreadFiles, "above the limit `files`") }
    }

    private func read(_ bytes: [UInt8], _ reader: InvoiceReader, hasOwner: Bool, _ survey: InvoiceSurvey) {
        let transmission = Transmission(bytes)
        if transmission.documents.isEmpty { survey.count(.unreadDocuments) }
        for document in transmission.documents {
            guard case .invoice = transmission.outcome(of: document, with: reader) else {
                survey.count(.unreadDocuments)
                continue
            }
            if !hasOwner, reader.notes.watched.allSatisfy(\.isEmpty) { survey.count(.anonymous) }
        }
    }
}
