import PortabilityModel

/// What is common to the makers of invoices: one file a record, notes, and memory that the record bounds.
struct InvoiceMaking {
    /// Output above that size is written while it is made.
    private static let limit = 1 << 20

    let prefix = "invoices-"
    private var dataset: ExchangeDataset?
    private var record: Int64 = 0
    private var files = 0
    private var totals: InvoiceTotals.Places?
    /// The dataset at hand.
    var current: ExchangeDataset? { dataset }

    mutating func begin(_ dataset: ExchangeDataset) {
        self.dataset = dataset
        totals = InvoiceTotals.Places(dataset.layout)
        record = 0
    }

    /// What a form makes of a record.
    struct Plan {
        var dialect: WritingDialect
        var derived: [FieldKey: DerivedValue] = [:]
        var entries: [WritingEntry]
        var handler: InvoiceWriter.Handler
        var willWrite: ((RecordTree.Node, Int, InvoiceWriter) -> Void)?
        /// Mandatory terms of the standard that the record has not.
        var missing: [(term: String, message: String)] = []
        /// Fields that say what others say already, to be taken once the document is written.
        var implied: [Int] = []
        /// Values that stand in the document if the value beside them was written.
        var repeated: [(value: Int, written: Int)] = []
        /// What contradicts a rule of the standard.
        var inconsistent: [(term: String, message: String)] = []

        func takeImplied(_ tree: RecordTree) {
            for token in implied { tree.take(token) }
            for (value, written) in repeated where tree.isTaken(written) { tree.take(value) }
        }
    }

    mutating func take(
        _ batch: RecordBatch, into output: any ExchangeOutput,
        plan: (RecordTree, InvoiceTotals) throws -> Plan
    ) throws {
        guard let dataset, let places = totals else { return }
        for head in batch.records {
            record += 1
            let tree = RecordTree(head, in: batch, layout: dataset.layout)
            let totals = InvoiceTotals(tree, places: places)
            var plan = try plan(tree, totals)
            plan.derived.merge(totals.derived) { own, _ in own }
            try write(tree, plan, totals, into: output)
        }
    }

    private mutating func write(
        _ tree: RecordTree, _ plan: Plan, _ totals: InvoiceTotals, into output: any ExchangeOutput
    ) throws {
        func writer() -> InvoiceWriter {
            let writer = InvoiceWriter(tree, dialect: plan.dialect, derived: plan.derived, handler: plan.handler)
            writer.willWrite = plan.willWrite
            return writer
        }
        // Whether there can be a document is known when it has been written; so a large one is written twice, the
        // first time into nothing.
        var isLarge = false
        let first = writer()
        first.flushPoint = { writer in
            if isLarge || writer.xml.bytes.count > Self.limit {
                isLarge = true
                _ = writer.xml.take()
            }
        }
        try first.writeDocument(plan.entries)
        plan.takeImplied(tree)
        var file: String?
        if first.lacking.isEmpty {
            files += 1
            let digits = String(files)
            let name = prefix + String(repeating: "0", count: max(0, 6 - digits.count)) + digits + ".xml"
            file = name
            try output.begin(name, mediaType: "application/xml")
            if isLarge {
                tree.restart()
                let second = writer()
                second.flushPoint = { writer in
                    if writer.xml.bytes.count > Self.limit { try output.append(writer.xml.take()) }
                }
                try second.writeDocument(plan.entries)
                plan.takeImplied(tree)
                try output.append(second.xml.take())
            } else {
                try output.append(first.xml.take())
            }
            try output.end()
        }
        note(tree, plan, totals, first, file: file, into: output)
    }

    private func note(
        _ tree: RecordTree, _ plan: Plan, _ totals: InvoiceTotals, _ writer: InvoiceWriter, file: String?,
        into output: any ExchangeOutput
    ) {
        var seen: Set<String> = []
        func tell(_ kind: ExchangeNote.Kind, _ term: String, _ message: String) {
            guard let dataset, seen.insert("\(kind) \(term) \(message)").inserted else { return }
            output.note(
                ExchangeNote(kind, dataset: dataset.id, record: record, file: file, term: term, message: message))
        }
        for term in writer.lacking {
            tell(.missing, term, "the form cannot be without it")
        }
        if let term = writer.lacking.first {
            tell(.refused, term, "without \(term) no valid file can be written")
        }
        for (term, message) in plan.missing { tell(.missing, term, message) }
        for (term, message) in writer.derivations { tell(.missing, term, message) }
        for (term, message) in plan.inconsistent { tell(.inconsistent, term, message) }
        for (term, message) in totals.inconsistent { tell(.inconsistent, term, message) }
        if file == nil { return }
        tree.leftovers { path, reason in tell(.dropped, path, reason) }
    }
}
