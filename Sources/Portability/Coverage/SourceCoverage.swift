public import PortabilityModel
import SQLCore
import Synchronization

/// What one source holds as it is now, and what becomes of each part of it in exports.
public struct SourceCoverage: Sendable {
    public enum State: String, Sendable, CaseIterable {
        case probed
        /// The source cannot tell what it holds.
        case notProbed = "not-probed"
        case failed
        /// The configuration says that it holds none, and why.
        case noPersonalData = "no-personal-data"
    }

    public let id: String
    public let kind: String
    public internal(set) var state: State = .notProbed
    /// In the source's own order. What several sources could read from one store is told by those that know of it, or
    /// else by one of them.
    public internal(set) var items: [CoverageItem] = []
    /// Why it failed.
    public internal(set) var error: PortabilityError?
    /// What the configuration says of things that are not there (any more), and datasets that cannot be read.
    public internal(set) var findings: [Finding] = []
    /// The indexes that are kept of its files: they are personal data too. Nil if it has none.
    public internal(set) var indexes: IndexReport?
    /// Why it holds no personal data.
    public internal(set) var reason: LocalizedText?
    /// The tables with their keys, where the source has such.
    var schema: SQLSchema?

    /// True if it was found out what becomes of everything, and the configuration names nothing that is not there.
    public var isComplete: Bool {
        switch state {
        case .noPersonalData: true
        case .notProbed, .failed: false
        case .probed: unknown.isEmpty && findings.isEmpty
        }
    }

    /// What nobody has said anything of.
    public var unknown: [CoverageItem] { items.filter { $0.use == .unknown } }
}

extension PortabilityEngine {
    /// Finds out what every source holds, and what becomes of each part of it: exported, left out on a ground, or
    /// unknown. No record of a person is read but where only the data tell what there is, and then only with `.data`.
    ///
    /// - Throws: `cancelled`, and `configuration` if a source cannot be used as it is configured; what else a source
    ///   says is in the result.
    public func coverage(depth: CoverageDepth = .data) async throws -> [SourceCoverage] {
        try await withOpenSources { sources in
            var coverages: [SourceCoverage] = []
            for source in sources { coverages.append(try await coverage(of: source, depth, checks: true)) }
            return Self.joined(coverages, stores: sources.map { $0.run.declaration.store })
        }
    }

    /// What the sources that are read hold beyond what the configuration knows; per source of the configuration.
    ///
    /// An error in it is a finding: the data that were asked for are not less for it.
    func drift(_ sources: [OpenSource], _ plan: ExportPlan) async throws -> [[Finding]] {
        let wanted = sources.map { source in
            source.session != nil
                && plan.datasets.contains { $0.source == source.run.declaration.id && $0.decision == .read }
        }
        // Sources of one store prove together that nothing of it is unknown.
        let stores = sources.map { $0.run.declaration.store }
        let wantedStores = Set(zip(stores, wanted).compactMap { $1 ? $0 : nil })
        var coverages: [SourceCoverage] = []
        for (index, source) in sources.enumerated() {
            guard wanted[index] || stores[index].map(wantedStores.contains) ?? false else {
                coverages.append(SourceCoverage(id: source.run.declaration.id, kind: source.run.declaration.kind))
                continue
            }
            // Who has the source open sees one state of it.
            if let known = source.run.schema.withLock({ $0 }) {
                coverages.append(known)
                continue
            }
            let found = try await coverage(of: source, .schema, checks: false)
            source.run.schema.withLock { $0 = found }
            coverages.append(found)
        }
        var findings = Self.joined(coverages, stores: stores).map(\.drift)
        // What no source of a store that is read can tell must not be lost with the source that is not read.
        for index in findings.indices where !wanted[index] && !findings[index].isEmpty {
            let other = wanted.indices.first { wanted[$0] && stores[$0] == stores[index] }
            if let other { findings[other] += findings[index] }
            findings[index] = []
        }
        return findings
    }

    private func coverage(
        of source: OpenSource, _ depth: CoverageDepth, checks: Bool
    ) async throws -> SourceCoverage {
        let declaration = source.run.declaration
        var coverage = SourceCoverage(id: declaration.id, kind: declaration.kind)
        coverage.reason = declaration.noPersonalData
        do {
            if let error = source.error { throw error }
            guard let session = source.session else { return coverage }
            if declaration.noPersonalData != nil {
                coverage.state = .noPersonalData
                return coverage
            }
            if checks {
                coverage.findings = try await source.run.onThread { try await session.check() }
                    .filter { $0.kind == .drift || $0.losesRecords }
                coverage.schema = try await source.run.onThread {
                    try await (session as? any SQLSchemaSession)?.schema()
                }
                coverage.indexes = try await source.run.onThread { try await session.index(.list) }
            }
            if let items = try await source.run.onThread({ try await session.coverage(depth) }) {
                coverage.items = items
                coverage.state = .probed
                if checks { coverage.findings += Self.secrets(among: items) }
            }
        } catch {
            let error = asPortabilityError(error)
            if error.code == .cancelled { throw error }
            coverage.error = error
            coverage.state = .failed
        }
        return coverage
    }

    /// What no field of the catalogue takes, goes out among the `other` fields, and is called as secrets are.
    private static func secrets(among items: [CoverageItem]) -> [Finding] {
        items.compactMap { item in
            guard case .exported(let dataset, field: "other") = item.use, let name = item.name,
                ColumnMeaning.isSecret(String(name.split(separator: ".").last ?? ""))
            else { return nil }
            return Finding(
                .nonconforming,
                "the name sounds like a secret, and the value is given out: exclude it with `ground: secret`, or give it "
                    + "the name of a field if it is none",
                at: .init(dataset: dataset, field: "\(item.container).\(name)"))
        }
    }

    /// Settles what one source of a store knows and another does not, so that nothing is unknown twice.
    static func joined(_ coverages: [SourceCoverage], stores: [String?]) -> [SourceCoverage] {
        struct Part: Hashable {
            let container: String
            let name: String?
        }
        var coverages = coverages
        for store in Set(stores.compactMap { $0 }) {
            let members = coverages.indices.filter { stores[$0] == store && coverages[$0].state == .probed }
            guard members.count > 1 else { continue }
            var best: [Part: (member: Int, item: CoverageItem)] = [:]
            for member in members {
                for item in coverages[member].items {
                    let part = Part(container: item.container, name: item.name)
                    let known = best[part]?.item
                    let isBetter =
                        known == nil
                        || known?.use == .unknown
                            && (item.use != .unknown
                                || known?.candidate == nil
                                    && item.candidate != nil)
                    if isBetter { best[part] = (member, item) }
                }
            }
            for member in members {
                coverages[member].items = coverages[member].items.compactMap { item in
                    guard item.use == .unknown else { return item }
                    let told = best[Part(container: item.container, name: item.name)]?.member
                    return told == member ? item : nil
                }
            }
        }
        return coverages
    }
}

extension SourceCoverage {
    /// Findings that are listed one by one; the rest is counted.
    private static let maximumListed = 50

    /// What is unknown, as a manifest tells it.
    fileprivate var drift: [Finding] {
        if let error {
            return [
                Finding(
                    .drift, "what the source holds could not be compared with the configuration: \(error.message)",
                    at: .init(source: id))
            ]
        }
        var findings: [Finding] = []
        let isDatabase = SQLSpelling(kind: kind) != nil
        for container in containers where container.unknown > 0 {
            if container.isUnknown {
                findings.append(
                    Finding(
                        .drift,
                        "the source holds a \(isDatabase ? "table" : "part") that the configuration does not know",
                        at: .init(source: id, field: container.name), count: 1))
                continue
            }
            for item in container.items where item.use == .unknown {
                findings.append(
                    Finding(
                        .drift,
                        "the source holds a \(isDatabase ? "column" : "field") that the configuration does not know",
                        at: .init(source: id, dataset: item.candidate, field: item.path)))
            }
        }
        guard findings.count > Self.maximumListed else { return findings }
        let rest = findings.count - Self.maximumListed
        return findings.prefix(Self.maximumListed) + [
            Finding(
                .drift, "the source holds more that the configuration does not know", at: .init(source: id),
                count: Int64(rest))
        ]
    }

    /// The items by their container, in order.
    var containers: [CoverageContainer] {
        var containers: [CoverageContainer] = []
        for item in items {
            if containers.last?.name != item.container { containers.append(.init(name: item.container)) }
            containers[containers.count - 1].items.append(item)
        }
        return containers
    }
}

/// A table, stream or kind of file, with what it holds.
struct CoverageContainer {
    let name: String
    var items: [CoverageItem] = []

    var unknown: Int { items.count { $0.use == .unknown } }
    /// True if nobody has said anything of any part, and no dataset reads it.
    var isUnknown: Bool { items.allSatisfy { $0.use == .unknown && $0.candidate == nil } }
}

extension CoverageItem {
    /// `container.name`.
    public var path: String { name.map { "\(container).\($0)" } ?? container }
}
