import PortabilityModel

/// One check of an extractor: the runs it needs, made once, and what they say.
struct Examination {
    typealias Point = ExtractorConformance.Point
    typealias Fixture = ExtractorConformance.Fixture

    let extractor: any Extractor
    let fixture: Fixture
    let declaration: SourceDeclaration
    var report: ConformanceReport
    /// The subject's records by dataset, as a first undisturbed run gave them; every other run is compared with it.
    var baseline: [String: [ObservedRecord]] = [:]
    var baselineOffers: [ProbeSink.Offer] = []
    /// Texts of errors and findings of all runs, with the words for the run.
    var utterances: [(run: String, text: String)] = []
    /// Longer texts that records hold.
    var texts: Set<[UInt8]> = []
    /// Ends of runs and what was pushed, for the count.
    var ended: [(run: String, pass: Run.Pass)] = []

    init(_ extractor: any Extractor, _ fixture: Fixture, _ points: Set<Point>) {
        self.extractor = extractor
        self.fixture = fixture
        declaration = extractor.declaration
        report = ConformanceReport(source: declaration.id, points: points.sorted())
    }

    var ids: [String] { declaration.datasets.map(\.id) }
    func wants(_ point: Point) -> Bool { report.points.contains(point) }
    mutating func fail(_ point: Point, _ message: String, dataset: String? = nil) {
        report.fail(point, message, dataset: dataset)
    }
    mutating func note(_ message: String) { report.notes.append(message) }

    mutating func run() async {
        let before = await fixture.resources?()
        checkDeclaration()
        if declaration.datasets.isEmpty {
            await checkWithoutDatasets()
        } else {
            await checkWithDatasets()
        }
        if String(describing: extractor.declaration) != String(describing: declaration) {
            fail(.declaration, "the declaration is not the same after extractions as before")
        }
        if wants(.closing), let before, let after = await fixture.resources?(), after != before {
            fail(.closing, "\(after - before) more resources are held than before the first session was opened")
        }
        report.failures.sort { $0.point < $1.point }
    }

    private mutating func checkWithDatasets() async {
        checkFaultsAreTold()
        let first = await run("the usual run", plan())
        guard first.isComplete, !first.isLate, let pass = first.passes.first, pass.end != nil else {
            fail(.emission, "the sound source cannot be extracted: a session \(first.outcome)")
            // Nothing else could be told apart from this.
            return
        }
        for id in ids { baseline[id] = [] }
        for (id, records) in records(of: pass) { baseline[id] = records }
        baselineOffers = pass.kept.offers
        checkFixture()
        guard largest.count > 0 else { return note("without records of the subject, nothing else was judged") }
        checkEmission(pass)
        checkOrder()
        await checkIdentification()
        let isRepeatable = await checkRepeatability()
        if isRepeatable {
            await checkSelections()
            await checkBatchLimits()
            await checkConcurrency()
        } else {
            note("what compares runs was not judged, since two alike give different results")
        }
        await checkCancellation()
        await checkBackPressure(first)
        await checkIsolation()
        await checkSinkErrors()
        await checkDocuments(isRepeatable: isRepeatable)
        await checkEstimates()
        await checkCoverage()
        await checkClosing()
        for fault in ExtractorConformance.Fault.allCases { await check(fault) }
        checkCounts()
        checkSilence()
    }

    private mutating func checkWithoutDatasets() async {
        let run = await run("a run without datasets", plan())
        if !run.isComplete || run.passes.first?.end?.records != [] {
            fail(.trueCount, "asked for nothing, a session does not end with no counts, but \(run.outcome)")
        }
        await checkIdentification()
        await checkCoverage()
        await checkClosing()
        checkSilence()
        note("there are no datasets, so that no records were judged")
    }

    // MARK: Runs

    /// The usual run: all datasets in one pass.
    func plan(_ subject: SubjectKeys? = nil) -> RunPlan {
        RunPlan(
            extractor: extractor, baseDirectory: fixture.baseDirectory, subject: subject ?? fixture.subject,
            passes: [ids])
    }

    mutating func run(_ name: String, _ plan: RunPlan) async -> Run {
        let run = await fixture.run(plan)
        take(run, name)
        return run
    }

    /// Keeps what a run said.
    mutating func take(_ run: Run, _ name: String, isCounted: Bool = true) {
        if let error = run.error as? PortabilityError {
            utterances.append((name, "\(error)"))
            if let field = error.place.field { utterances.append((name, field)) }
        }
        for finding in run.findings {
            utterances.append((name, "\(finding.message) \(finding.place)"))
        }
        for pass in run.passes where isCounted && run.error == nil && !run.hangs { ended.append((name, pass)) }
    }

    /// The records of a pass by dataset; those of no dataset that was asked for are told with the emission.
    func records(of pass: Run.Pass) -> [(id: String, records: [ObservedRecord])] {
        pass.datasets.enumerated().map { index, id in
            guard let dataset = declaration.datasets.first(where: { $0.id == id }),
                let entity = fixture.catalogue.entity(named: dataset.entity)
            else { return (id, []) }
            let layout = EntityLayout(entity)
            return (
                id, pass.kept.batches.filter { $0.dataset == index }.flatMap { TapeJudge.records(of: $0, layout) }
            )
        }
    }

    /// The first dataset of which a run's records are not the baseline's; nil if there is none.
    func firstDifference(_ run: Run) -> String? {
        for (id, records) in run.passes.flatMap({ records(of: $0) }) where records != baseline[id] ?? [] { return id }
        return nil
    }

    /// The dataset with the most records, and how many.
    var largest: (id: String, count: Int) {
        ids.map { ($0, baseline[$0]?.count ?? 0) }.max { $0.1 < $1.1 } ?? ("", 0)
    }
}
