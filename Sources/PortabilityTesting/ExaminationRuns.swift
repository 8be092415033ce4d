import PortabilityModel

/// Runs that are disturbed, repeated, asked for somebody else, or read a broken source.
extension Examination {
    /// True if a second session gives the same.
    mutating func checkRepeatability() async -> Bool {
        let run = await run("the second run", plan())
        guard run.isComplete else {
            fail(.repeatability, "a second session \(run.outcome)")
            return false
        }
        if let id = firstDifference(run) {
            fail(.repeatability, "a second session gives other records, or in another order", dataset: id)
            return false
        }
        if run.passes.first?.kept.offers != baselineOffers {
            fail(.repeatability, "a second session gives other documents, or in another order")
            return false
        }
        return true
    }

    mutating func checkConcurrency() async {
        guard wants(.concurrency) else { return }
        let (fixture, plan) = (fixture, plan())
        for workers in [2, 8] {
            let runs = await withTaskGroup(of: Run.self) { group in
                for _ in 0..<workers { group.addTask { await fixture.run(plan) } }
                return await group.reduce(into: [Run]()) { $0.append($1) }
            }
            for run in runs {
                take(run, "\(workers) sessions at once")
                if !run.isComplete || run.isLate {
                    fail(.concurrency, "of \(workers) sessions at once, one \(run.outcome)")
                } else if let id = firstDifference(run) {
                    fail(.concurrency, "of \(workers) sessions at once, one gives other records", dataset: id)
                }
            }
        }
    }

    // MARK: Cancellation

    mutating func checkCancellation() async {
        guard wants(.cancellation) else { return }
        for (cancellation, name) in [
            (RunPlan.Cancellation.beforeOpen, "before opening"), (.beforeExtract, "before extracting"),
        ] {
            var plan = plan()
            plan.cancellation = cancellation
            let run = await runCancelled(plan)
            judgeCancelled(run, name, mayEnd: false)
        }
        let single = BatchLimits(rows: 1)
        let pushes = baseline.values.reduce(0) { $0 + $1.count }
        for number in spread(pushes) {
            var plan = plan()
            plan.limits = single
            plan.behaviour = .cancelsAtPush(number)
            let run = await runCancelled(plan)
            // An extractor that makes batches of its own size is told so with their limits.
            if run.error == nil, !run.passes.contains(where: \.kept.wasCancelled) { continue }
            let wasLast = run.passes.allSatisfy { $0.kept.afterCancellation == 0 }
            judgeCancelled(run, "at push \(number) of \(pushes)", mayEnd: wasLast)
        }
        for number in spread(baselineOffers.count) {
            var plan = plan()
            plan.limits = single
            plan.behaviour = .cancelsAtDocument(number)
            let run = await runCancelled(plan)
            // Its record may be the last of all.
            let wasLast = run.passes.allSatisfy { $0.kept.afterCancellation <= 1 }
            judgeCancelled(run, "at document \(number)", mayEnd: wasLast)
        }
        await checkCancellationInPassing()
    }

    /// Cancelled from outside, at times spread over what a run takes: where that falls is chance, what may come of it is
    /// not.
    private mutating func checkCancellationInPassing() async {
        var plan = plan()
        plan.limits = BatchLimits(rows: 1)
        let clock = ContinuousClock()
        let start = clock.now
        _ = await run("batches of one record", plan)
        let time = start.duration(to: clock.now)
        for part in 1...8 {
            plan.cancellation = .after(time * part / 8)
            judgeCancelled(await runCancelled(plan), "in passing", mayEnd: true)
        }
    }

    /// A run whose end states nothing that could be compared.
    private mutating func runCancelled(_ plan: RunPlan) async -> Run {
        let run = await fixture.run(plan)
        take(run, "a run that is cancelled", isCounted: false)
        return run
    }

    /// All numbers up to a count; of many the first, the last, and some between.
    private func spread(_ count: Int) -> [Int] {
        if count <= 16 { return Array(1..<(count + 1)) }
        return Array(1...6) + (1...4).map { 6 + (count - 12) * $0 / 5 } + Array(count - 5...count)
    }

    private mutating func judgeCancelled(_ run: Run, _ name: String, mayEnd: Bool) {
        let after = run.passes.reduce(0) { $0 + $1.kept.afterCancellation }
        if run.hangs || run.isLate {
            fail(.cancellation, "cancelled \(name), a session \(run.outcome)")
        } else if let error = run.error {
            let isCancelled = error is CancellationError || (error as? PortabilityError)?.code == .cancelled
            if !isCancelled {
                fail(.cancellation, "cancelled \(name), a session \(run.outcome) instead of `cancelled`")
            }
        } else {
            let all = baseline.values.reduce(0) { $0 + $1.count }
            let isWhole =
                !run.passes.isEmpty
                && run.passes.allSatisfy { pass in
                    let asked = pass.kept.batches.filter { pass.datasets.indices.contains($0.dataset) }
                    return asked.reduce(0) { $0 + $1.records.count } == all
                }
            if !(mayEnd && isWhole) {
                fail(.cancellation, "cancelled \(name), a session ends as if nothing had been")
            }
        }
        if after > ids.count {
            fail(.cancellation, "cancelled \(name), a session still pushes \(after) batches of one record")
        }
    }

    // MARK: The sink

    mutating func checkBackPressure(_ first: Run) async {
        guard wants(.backPressure) else { return }
        var plan = plan()
        plan.limits = BatchLimits(rows: 1)
        plan.behaviour = .hesitates
        let slow = await run("a slow sink", plan)
        if !slow.isComplete || slow.isLate { fail(.backPressure, "with a slow sink, a session \(slow.outcome)") }
        for run in [first, slow] {
            if run.passes.contains(where: { $0.kept.overlaps > 0 }) {
                fail(.backPressure, "something is given to the sink while it has not answered")
            }
            if run.passes.contains(where: { $0.kept.late > 0 }) {
                fail(.backPressure, "something is given to the sink after the end")
            }
        }
    }

    mutating func checkSinkErrors() async {
        guard wants(.sinkErrors) else { return }
        let pushes = baseline.values.reduce(0) { $0 + $1.count }
        let own = PortabilityError(.output, "the disk of the kit is full", remedy: "Empty it", at: .init(byte: 4711))
        for number in Set([1, (pushes + 1) / 2, pushes]).sorted() {
            await judgeSinkError(.failsAtPush(number, own), own, "push \(number)")
            await judgeSinkError(.failsAtPush(number, ProbeError(number: number)), nil, "push \(number)")
        }
        if !baselineOffers.isEmpty {
            await judgeSinkError(.failsAtDocument(1, own), own, "document 1")
            await judgeSinkError(.failsAtDocument(1, ProbeError(number: 1)), nil, "document 1")
        }
    }

    private mutating func judgeSinkError(
        _ behaviour: ProbeSink.Behaviour, _ own: PortabilityError?, _ place: String
    ) async {
        var plan = plan()
        plan.limits = BatchLimits(rows: 1)
        plan.behaviour = behaviour
        let run = await fixture.run(plan)
        take(run, "a run with an error of the sink", isCounted: false)
        if run.error == nil, !run.passes.contains(where: \.kept.hasThrown) { return }
        let isSame: Bool
        if let own {
            let error = run.error as? PortabilityError
            // Source and dataset may be added to the place.
            isSame =
                error?.code == own.code && error?.message == own.message && error?.remedy == own.remedy
                && error?.place.byte == own.place.byte
        } else {
            isSame = run.error is ProbeError
        }
        if !isSame {
            let kind = own == nil ? "an error of the sink's own type" : "a PortabilityError of the sink"
            fail(.sinkErrors, "after \(kind) at \(place), a session \(run.outcome) and not that error")
        }
        if run.passes.contains(where: { $0.kept.afterError > 0 }) {
            fail(.sinkErrors, "after an error of the sink at \(place), something more is given to it")
        }
    }

    // MARK: Whose records

    mutating func checkIsolation() async {
        guard wants(.isolation) || wants(.fixture) else { return }
        for dataset in declaration.datasets {
            judge(baseline[dataset.id] ?? [], fixture.subject, dataset, "the subject")
        }
        let other = await run("the foreign subject", plan(fixture.foreign))
        if !other.isComplete {
            fail(.isolation, "asked for the foreign subject, a session \(other.outcome)")
        }
        var count = 0
        for (id, records) in other.passes.flatMap({ records(of: $0) }) {
            guard let dataset = declaration.datasets.first(where: { $0.id == id }) else { continue }
            count += records.count
            for record in records { texts.formUnion(record.texts) }
            judge(records, fixture.foreign, dataset, "the foreign subject")
            if !Set(records.map(\.id)).isDisjoint(with: (baseline[id] ?? []).map(\.id)) {
                fail(.isolation, "a record is given to two subjects", dataset: id)
            }
        }
        if other.isComplete, count == 0 {
            fail(.fixture, "the foreign subject has no records, so that nothing shows whether they are kept apart")
        }
        await judgeNothing(fixture.unknown, "the unknown subject", mayFail: false)
        await judgeNothing(SubjectKeys(), "nobody", mayFail: true)
        for value in ["%", "_", "*", "?", "**", "..", "' OR '1'='1", "[a-z0-9]"] {
            var keys = SubjectKeys()
            for kind in fixture.subject.kinds { keys.insert(Identifier(kind: kind, value: value)) }
            await judgeNothing(keys, "keys that are a wildcard or a piece of a query or path", mayFail: true)
        }
    }

    private mutating func judge(
        _ records: [ObservedRecord], _ subject: SubjectKeys, _ dataset: DatasetDeclaration, _ name: String
    ) {
        for record in records {
            // Kinds that are not declared are told with the emission.
            guard dataset.subjectKinds.indices.contains(record.subjectKind) else { continue }
            if !dataset.asksFor(subject, record.subject, kind: record.subjectKind) {
                fail(.isolation, "asked for \(name), a record carries another key", dataset: dataset.id)
            }
            guard dataset.role == .processor, let kind = dataset.tenantKind else { continue }
            if !subject[kind].contains(where: { $0.utf8.elementsEqual(record.tenant) }) {
                fail(.isolation, "asked for \(name), a record carries another tenant", dataset: dataset.id)
            }
        }
    }

    private mutating func judgeNothing(_ subject: SubjectKeys, _ name: String, mayFail: Bool) async {
        let run = await run(name, plan(subject))
        if run.passes.contains(where: { $0.kept.records > 0 }) {
            fail(.isolation, "asked for \(name), a session gives records")
        }
        if !run.isComplete || run.isLate, !(mayFail && run.error is PortabilityError && !run.isLate) {
            fail(.isolation, "asked for \(name), a session \(run.outcome)")
        }
    }

    // MARK: Closing

    /// After sessions that were cancelled, failed or did nothing.
    mutating func checkClosing() async {
        guard wants(.closing) else { return }
        var nothing = plan()
        nothing.passes = []
        var failed = plan()
        failed.behaviour = .failsAtPush(1, ProbeError(number: 1))
        var cancelled = plan()
        cancelled.behaviour = .cancelsAtPush(1)
        for plan in [nothing, failed, cancelled] {
            take(await fixture.run(plan), "a session that is broken off", isCounted: false)
        }
        let again = await run("a session after others were broken off", plan())
        if !again.isComplete || again.isLate {
            fail(.closing, "after sessions that were broken off, a new one \(again.outcome)")
        }
        if fixture.resources == nil { note("the fixture does not count resources, so that a leak would not show") }
    }

    // MARK: Faults

    mutating func check(_ fault: ExtractorConformance.Fault) async {
        guard wants(fault.point) || wants(.silence),
            case .broken(let directory, let subject, let make)? = fixture.faults[fault]?.means
        else { return }
        let broken: any Extractor
        do {
            broken = try await make()
        } catch {
            return fail(fault.point, "the broken source could not be set up")
        }
        let declared = broken.declaration.datasets.map(\.id)
        let all = baseline.values.reduce(0) { $0 + $1.count }
        // In one pass and one after another, as the engine may be told to read it.
        for passes in declared.count > 1 ? [[declared], declared.map { [$0] }] : [[declared]] {
            let run = await fixture.run(
                RunPlan(
                    extractor: broken, baseDirectory: directory ?? fixture.baseDirectory,
                    subject: subject ?? fixture.subject, passes: passes,
                    behaviour: .judges(records: all * 10 + 10_000)))
            take(run, fault.rawValue, isCounted: false)
            if run.hangs || run.isLate || run.isComplete {
                fail(fault.point, "a session \(run.outcome), instead of failing or telling of lost records")
            } else if run.error is ProbeSink.Endless {
                fail(fault.point, "a session goes on without end")
            } else if let error = run.error, !(error is PortabilityError) {
                fail(fault.point, "a session \(run.outcome), instead of a PortabilityError")
            } else if (run.error as? PortabilityError)?.code == .cancelled {
                fail(fault.point, "a session ends as cancelled, although nobody cancelled it")
            }
        }
    }

    // MARK: Silence

    mutating func checkSilence() {
        guard wants(.silence) else { return }
        let identifiers = (fixture.subject.all + fixture.foreign.all + fixture.unknown.all).map(\.value)
        let values =
            fixture.secrets.filter { !$0.isEmpty } + identifiers.filter { $0.utf8.count >= 6 }
            + texts.map { String(decoding: $0, as: UTF8.self) }
        for (run, text) in utterances
        where values.contains(where: { text.utf8.count >= $0.utf8.count && text.contains($0) }) {
            fail(.silence, "in \(run), an error, finding or item of the coverage repeats a value")
        }
    }
}
