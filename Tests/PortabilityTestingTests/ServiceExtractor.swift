import PortabilityModel
import PortabilityTesting
import PortabilityText
import Synchronization

/// A web service in memory that gives rows page by page.
struct Service: Sendable {
    struct Row: Sendable {
        var id: String
        var user: String
        var text: String
        var attachment: [UInt8]?
    }
    struct Page: Sendable {
        var rows: [Row]
        var next: Int?
    }

    /// Pages by dataset; the first is number 0.
    var pages: [String: [Int: Page]]
    /// How many rows a dataset has, as the service tells.
    var totals: [String: Int]
    var isUp = true
    /// Pages that are never answered.
    var silent: Set<Int> = []

    /// Two datasets with rows of users 100042 and 100043 in turn, three to a page.
    static func sound() -> Service {
        var service = Service(pages: [:], totals: [:])
        for (dataset, count) in [("attributes", 11), ("messages", 9)] {
            var rows: [Row] = []
            for number in 0..<count {
                let hasFile = dataset == "messages" && number % 4 < 2
                rows.append(
                    Row(
                        id: String(1000 + number), user: number % 2 == 0 ? "100042" : "100043",
                        text: "the text of number \(number) in \(dataset)",
                        attachment: hasFile ? [1, 2, UInt8(number)] : nil))
            }
            service.totals[dataset] = rows.count
            let last = (count - 1) / 3
            for page in 0...last {
                service.pages[dataset, default: [:]][page] = Page(
                    rows: Array(rows[page * 3..<min(page * 3 + 3, count)]), next: page < last ? page + 1 : nil)
            }
        }
        return service
    }

    static func broken(_ fault: ExtractorConformance.Fault) -> Service {
        var service = sound()
        switch fault {
        case .refused: service.isUp = false
        case .timeOut: service.silent = [2]
        case .cutInTheMiddle: service.pages["attributes"]?[1]?.next = nil
        case .pageRepeated:
            let again = service.pages["attributes"]?[1]?.rows ?? []
            service.pages["attributes"]?[4] = Page(rows: again, next: 2)
            service.pages["attributes"]?[1]?.next = 4
        case .pageLoop: service.pages["attributes"]?[2]?.next = 1
        }
        return service
    }
}

/// What is wrong with an extractor; each is caught by one point.
enum Flaw: String, CaseIterable, Sendable {
    case declarationChanges, noPurpose, roleDiffers, resolvesUndeclared, resolvesStranger
    case undeclaredField, wrongType, uncanonicalValue, undeclaredSubjectKind, undeclaredClass, extraDataset
    case answersUndeclaredDataset, losesDatasetsInAnotherOrder
    case descending, repeatedID, emptyID
    case ignoresLimits, losesLastOfFullBatch, pushesEmptyBatch, dropsLargeRecords
    case neverChecksCancellation, endsWhenCancelled, pushesOnWhenCancelled, wrongErrorWhenCancelled
    case otherIDsEachTime
    case sharesStateBetweenSessions
    case pushesTwoAtOnce, pushesAfterTheEnd
    case givesEverybody, givesToStrangers, takesWildcards, otherTenant
    case countsOneTooMany, countsInDeclaredOrder
    case wrapsSinkErrors, swallowsSinkErrors
    case findingWithValue, findingWithSecret
    case inventsReference, givesUnwantedDocuments, forgetsReference
    case negativeEstimate
    case splitContainers, coversUndeclaredDataset
    case leaks
    case opensRefused, takesSilenceForTheEnd, believesNoTotal, repeatsPages, endsAtLoop, loopsForever

    /// The point that catches it.
    var point: ExtractorConformance.Point {
        switch self {
        case .declarationChanges, .noPurpose, .roleDiffers, .resolvesUndeclared, .resolvesStranger: .declaration
        case .undeclaredField, .wrongType, .uncanonicalValue, .undeclaredSubjectKind, .undeclaredClass, .extraDataset,
            .answersUndeclaredDataset, .losesDatasetsInAnotherOrder:
            .emission
        case .descending, .repeatedID, .emptyID: .order
        case .ignoresLimits, .losesLastOfFullBatch, .pushesEmptyBatch, .dropsLargeRecords: .batchLimits
        case .neverChecksCancellation, .endsWhenCancelled, .pushesOnWhenCancelled, .wrongErrorWhenCancelled:
            .cancellation
        case .otherIDsEachTime: .repeatability
        case .sharesStateBetweenSessions: .concurrency
        case .pushesTwoAtOnce, .pushesAfterTheEnd: .backPressure
        case .givesEverybody, .givesToStrangers, .takesWildcards, .otherTenant: .isolation
        case .countsOneTooMany, .countsInDeclaredOrder: .trueCount
        case .wrapsSinkErrors, .swallowsSinkErrors: .sinkErrors
        case .findingWithValue, .findingWithSecret: .silence
        case .inventsReference, .givesUnwantedDocuments, .forgetsReference: .documents
        case .negativeEstimate: .estimates
        case .splitContainers, .coversUndeclaredDataset: .coverage
        case .leaks: .closing
        case .opensRefused: .refused
        case .takesSilenceForTheEnd: .timeOut
        case .believesNoTotal: .cutInTheMiddle
        case .repeatsPages: .pageRepeated
        case .endsAtLoop, .loopsForever: .pageLoop
        }
    }
}

/// Counts what an extractor has open, and what a flaw remembers from one session to the next.
final class ServiceState: Sendable {
    let opened = Atomic(0)
    let extracting = Atomic(0)
    let sessions = Atomic(0)
    let declarations = Atomic(0)
    let sink = Mutex<(any RecordSink)?>(nil)
}

private final class Flag: Sendable {
    let isSet = Atomic(false)
}

/// Reads the service; right, unless it has a flaw.
struct ServiceExtractor: Extractor {
    var service: Service
    var flaw: Flaw?
    let state: ServiceState

    var declaration: SourceDeclaration {
        let number = state.declarations.add(1, ordering: .relaxed).oldValue
        let isShort = flaw == .declarationChanges && number % 2 == 1
        let declaration = complete
        return isShort
            ? SourceDeclaration(id: "service", kind: "service", role: .controller, datasets: [declaration.datasets[0]])
            : declaration
    }

    /// The declaration, whatever the flaw makes of it.
    var complete: SourceDeclaration {
        let role: Role = flaw == .otherTenant ? .processor : .controller
        func dataset(_ id: String, _ entity: String, _ order: DatasetDeclaration.Order) -> DatasetDeclaration {
            DatasetDeclaration(
                id: id, entity: entity, category: .profile, role: flaw == .roleDiffers ? .processor : role,
                origin: Origin(kind: .observed), purposes: flaw == .noPurpose ? [] : ["service"],
                subjectKinds: ["user_id"],
                tenantKind: role == .processor || flaw == .roleDiffers ? "user_id" : nil, order: order)
        }
        return SourceDeclaration(
            id: "service", kind: "service", role: role,
            datasets: [
                dataset("attributes", "profile_attribute", .position), dataset("messages", "communication", .recordID),
            ], resolves: ["user_id"], adds: ["user_id"])
    }

    func open(_ context: ExtractionContext) async throws -> any ExtractionSession {
        if !service.isUp, flaw != .opensRefused {
            throw PortabilityError(.denied, "the service lets nobody in", remedy: "Renew the key")
        }
        state.opened.add(1, ordering: .relaxed)
        return ServiceSession(
            extractor: self, context: context, number: state.sessions.add(1, ordering: .relaxed).newValue)
    }
}

struct ServiceSession: ExtractionSession {
    let extractor: ServiceExtractor
    let context: ExtractionContext
    let number: Int

    private var flaw: Flaw? { extractor.flaw }
    private var state: ServiceState { extractor.state }

    func resolve(_ known: SubjectKeys) async throws -> [SubjectKeys] {
        let users = known["user_id"].filter { ["100042", "100043"].contains($0) || flaw == .resolvesStranger }
        return users.map { user in
            var keys = SubjectKeys([Identifier(kind: "user_id", value: user)])
            if flaw == .resolvesUndeclared { keys.insert(Identifier(kind: "email", value: "a@example.com")) }
            return keys
        }
    }

    func estimate(_ dataset: String, for subject: SubjectKeys) async throws -> Int64? {
        flaw == .negativeEstimate ? -1 : nil
    }

    func coverage(_ depth: CoverageDepth) async throws -> [CoverageItem]? {
        var items: [CoverageItem] = []
        for id in ["attributes", "messages"] {
            items.append(CoverageItem(container: id, name: "id", use: .exported(dataset: id, field: nil)))
            items.append(CoverageItem(container: id, name: "text", use: .exported(dataset: id, field: "value")))
        }
        if flaw == .splitContainers { items.swapAt(1, 2) }
        if flaw == .coversUndeclaredDataset { items[0].use = .exported(dataset: "gone", field: nil) }
        return items
    }

    func extract(_ request: ExtractionRequest, into sink: any RecordSink) async throws -> ExtractionEnd {
        if !extractor.service.isUp { return ExtractionEnd(records: request.datasets.map { _ in 0 }) }
        let others = state.extracting.add(1, ordering: .relaxed).oldValue
        defer { state.extracting.subtract(1, ordering: .relaxed) }
        if flaw == .sharesStateBetweenSessions { try await Task.sleep(nanoseconds: 50_000_000) }
        var counts: [Int64] = []
        do {
            for (index, id) in request.datasets.enumerated() {
                if flaw == .losesDatasetsInAnotherOrder, index > 0, id == "attributes" {
                    counts.append(0)
                    continue
                }
                counts.append(try await extract(id, index, request, into: sink, others: others))
            }
        } catch let error as CancellationError {
            if flaw == .endsWhenCancelled { return ExtractionEnd(records: counts) }
            if flaw == .wrongErrorWhenCancelled { throw PortabilityError(.malformed, "the page is not whole") }
            throw error
        } catch let error as PortabilityError where error.code == .output && flaw == .wrapsSinkErrors {
            throw PortabilityError(.unavailable, "the service broke off")
        }
        if flaw == .countsOneTooMany, !counts.isEmpty { counts[0] += 1 }
        if flaw == .countsInDeclaredOrder, request.datasets.first == "messages" { counts.reverse() }
        if flaw == .findingWithValue {
            await sink.report(Finding(.drift, "odd: the text of number 0 in attributes"))
        }
        if flaw == .findingWithSecret { await sink.report(Finding(.drift, "odd: Kanarialintu")) }
        if flaw == .pushesAfterTheEnd { state.sink.withLock { $0 = sink } }
        return ExtractionEnd(records: counts)
    }

    /// The rows of a dataset, page after page.
    ///
    /// - Throws: `unavailable` if a page is not answered, `malformed` if pages repeat or are fewer than there should be.
    private func rows(_ id: String) throws -> [Service.Row] {
        guard let pages = extractor.service.pages[id] else {
            if flaw == .answersUndeclaredDataset { return [] }
            throw PortabilityError(.configuration, "the service has no such dataset")
        }
        var rows: [Service.Row] = []
        var next: Int? = 0
        var seen: Set<Int> = []
        while let number = next, let page = pages[number] {
            if extractor.service.silent.contains(number) {
                if flaw == .takesSilenceForTheEnd { return rows }
                throw PortabilityError(.unavailable, "the service does not answer")
            }
            if !seen.insert(number).inserted {
                if flaw == .endsAtLoop { return rows }
                if flaw == .loopsForever {
                    rows += page.rows
                    next = page.next
                    if rows.count < 60_000 { continue }
                    return rows
                }
                throw PortabilityError(.malformed, "a page of the service leads back to an earlier one")
            }
            rows += page.rows
            next = page.next
        }
        let total = extractor.service.totals[id] ?? 0
        let isWhole = rows.count == total
        let believes =
            flaw == .believesNoTotal && rows.count < total || flaw == .repeatsPages && rows.count > total
        if !isWhole, !believes {
            throw PortabilityError(.malformed, "the service gave another number of rows than it said")
        }
        return rows
    }

    private func isWanted(_ row: Service.Row, _ subject: SubjectKeys, _ index: Int) -> Bool {
        let users = subject["user_id"]
        if flaw == .givesEverybody { return users.contains("100042") || users.contains("100043") }
        if flaw == .takesWildcards, users.contains("*") { return true }
        if flaw == .givesToStrangers, !users.isEmpty, users != ["100043"], !users.contains(where: { $0.count < 6 }) {
            return row.user == "100042"
        }
        return users.contains(row.user)
    }

    private func extract(
        _ id: String, _ index: Int, _ request: ExtractionRequest, into sink: any RecordSink, others: Int
    ) async throws -> Int64 {
        var rows = try rows(id).filter { isWanted($0, request.subject, index) }
        guard let dataset = extractor.complete.datasets.first(where: { $0.id == id }),
            let entity = context.catalogue.entity(named: dataset.entity)
        else { return 0 }
        let layout = EntityLayout(entity)
        if flaw == .descending, id == "messages" { rows.reverse() }
        if flaw == .repeatedID, let first = rows.first, id == "attributes" { rows[rows.count - 1].id = first.id }
        if flaw == .sharesStateBetweenSessions, others > 0 { rows.removeLast() }
        var limits = context.batchLimits
        if flaw == .ignoresLimits { (limits.rows, limits.bytes) = (1024, 128 << 10) }
        var builder = BatchBuilder(dataset: index, limits: limits)
        var assembler = RecordAssembler(layout: layout)
        var held: RecordBatch?
        var count: Int64 = 0
        for (position, row) in rows.enumerated() {
            if flaw != .neverChecksCancellation, flaw != .pushesOnWhenCancelled { try Task.checkCancellation() }
            try await fill(&assembler, row, id, index, layout, request, sink)
            var key = row.id
            if flaw == .emptyID, position == 0, id == "attributes", row.user == "100042" { key = "" }
            if flaw == .otherIDsEachTime, id == "attributes" { key += "-\(number)" }
            let user = flaw == .givesEverybody ? request.subject["user_id"].first ?? "" : row.user
            builder.beginRecord(
                id: Array(key.utf8).span, subject: Array((flaw == .takesWildcards ? row.user : user).utf8).span,
                subjectKind: flaw == .undeclaredSubjectKind ? 3 : 0,
                tenant: Array((flaw == .otherTenant ? "200001" : flaw == .roleDiffers ? row.user : "").utf8).span,
                recordClass: flaw == .undeclaredClass ? 2 : 0, position: UInt64(position))
            assembler.emit(into: &builder)
            assembler.reset()
            do {
                try builder.endRecord()
            } catch let error as PortabilityError where error.code == .limit && flaw == .dropsLargeRecords {
                continue
            }
            count += 1
            guard builder.isFull else { continue }
            var batch = spoiled(builder.take(), layout)
            if flaw == .losesLastOfFullBatch, limits.rows > 1 { batch.records.removeLast() }
            if flaw == .losesLastOfFullBatch, limits.rows > 1 { count -= 1 }
            if flaw == .pushesTwoAtOnce {
                guard let first = held else {
                    held = batch
                    continue
                }
                held = nil
                try await pushImpatiently(first, batch, into: sink)
                continue
            }
            try await push(batch, into: sink)
        }
        if let held { try await sink.push(held) }
        if flaw != .neverChecksCancellation, flaw != .pushesOnWhenCancelled, count > 0 { try Task.checkCancellation() }
        if builder.count > 0 || flaw == .pushesEmptyBatch {
            try await push(spoiled(builder.take(), layout), into: sink)
        }
        if flaw == .pushesOnWhenCancelled { try Task.checkCancellation() }
        if flaw == .extraDataset, count > 0 {
            builder.beginRecord(id: Array("1".utf8).span, subject: Array("100042".utf8).span)
            try builder.endRecord()
            var batch = builder.take()
            batch.dataset = 7
            try await sink.push(batch)
        }
        return count
    }

    /// Does not wait for a sink that takes its time.
    private func pushImpatiently(_ first: RecordBatch, _ second: RecordBatch, into sink: any RecordSink) async throws {
        let isDone = Flag()
        async let one: Void = {
            defer { isDone.isSet.store(true, ordering: .relaxed) }
            try await sink.push(first)
        }()
        try? await Task.sleep(nanoseconds: 5_000_000)
        if isDone.isSet.load(ordering: .relaxed) {
            try await one
            try await sink.push(second)
        } else {
            async let two: Void = sink.push(second)
            try await one
            try await two
        }
    }

    private func push(_ batch: RecordBatch, into sink: any RecordSink) async throws {
        do {
            try await sink.push(batch)
        } catch let error as PortabilityError where error.code == .output && flaw == .swallowsSinkErrors {
            // The worst that can be done with it.
        }
    }

    private func fill(
        _ assembler: inout RecordAssembler, _ row: Service.Row, _ id: String, _ index: Int, _ layout: EntityLayout,
        _ request: ExtractionRequest, _ sink: any RecordSink
    ) async throws {
        let text = layout.groups[0].index(of: id == "messages" ? "body" : "value") ?? 0
        assembler.set(0, text, Array(row.text.utf8).span)
        guard let bytes = row.attachment, let field = layout.groups[0].index(of: "attachments") else { return }
        guard request.wantsDocuments || flaw == .givesUnwantedDocuments else { return }
        let document = Document(
            recordID: row.id, role: .attachment, originalName: "kuva.png", mediaType: "image/png", bytes: bytes)
        guard var path = try await sink.document(document, dataset: index), flaw != .forgetsReference else { return }
        if !request.wantsDocuments { return }
        if flaw == .inventsReference { path = "attachments/\(row.id).png" }
        assembler.setCanonical(0, field, Array(path.utf8).span)
    }

    /// A batch with what only somebody who writes tapes by hand can do to it.
    private func spoiled(_ batch: consuming RecordBatch, _ layout: EntityLayout) -> RecordBatch {
        guard layout.entity.name == "profile_attribute" else { return batch }
        for head in batch.records {
            let token = Int(head.firstToken)
            switch flaw {
            case .undeclaredField: batch.tokens[token].field = 4000
            case .wrongType: batch.tokens[token].kind = TokenKind(.boolean)
            case .uncanonicalValue:
                batch.tokens[token].field = UInt16(layout.groups[0].index(of: "score") ?? 0)
                batch.tokens[token].kind = TokenKind(.decimal)
            default: break
            }
        }
        return batch
    }

    func close() async {
        let sink = state.sink.withLock { sink in
            defer { sink = nil }
            return sink
        }
        try? await sink?.push(RecordBatch(dataset: 0, bytes: [], tokens: [], records: []))
        if flaw != .leaks { state.opened.subtract(1, ordering: .relaxed) }
    }
}
