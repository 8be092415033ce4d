import PortabilityModel

/// What is known of the subject, and from where it was learnt.
struct KnownSubject: Sendable {
    /// Given by the request, or learnt from controller-role sources.
    var controller: SubjectKeys
    /// Learnt from a processor-role source: may be used for that source only. By source id.
    var processor: [String: SubjectKeys] = [:]
    /// Kinds that the request gave.
    var given: [String]
    /// Selecting identifiers that others share, and that are therefore not used; by kind.
    var shared: [String: Int] = [:]

    /// The keys that a source may be asked with.
    func keys(for source: SourceDeclaration) -> SubjectKeys {
        var keys = controller
        if source.role == .processor, let own = processor[source.id] { for key in own.all { keys.insert(key) } }
        return keys
    }
}

/// Finds out who is asked for: from the identifiers of the request to all that are known, or a refusal.
///
/// Rules (design §3, Subject):
/// - a row of an identify query is a candidate; it is the subject's only if it agrees with every unique identifier
///   that is already settled;
/// - only kinds declared unique widen the set; others select records but never lead to further keys;
/// - two values of a unique single kind are two subjects: ambiguous;
/// - keys learnt from a processor-role source stay with that source.
struct Identification: Sendable {
    let kinds: [IdentifierKind]
    let right: Right

    /// - Throws: `configuration` if the request gives two values of a single kind, `notIdentified`, `ambiguous`.
    func run(
        given identifiers: [Identifier], sources: [(declaration: SourceDeclaration, session: any ExtractionSession)]
    ) async throws -> KnownSubject {
        let given = SubjectKeys(identifiers)
        let unique = kinds.filter(\.isUnique)
        for kind in unique where kind.isSingle && given[kind.name].count > 1 {
            throw PortabilityError(
                .ambiguous,
                "the request gives \(given[kind.name].count) values of \(kind.name), which are "
                    + "\(given[kind.name].count) different subjects",
                remedy: "Make one request for each", at: .init(field: kind.name))
        }
        var known = KnownSubject(controller: given, given: given.kinds)
        let resolvers = sources.filter { !$0.declaration.resolves.isEmpty }
        guard !resolvers.isEmpty else { return known }

        // The customer account is the subject: people of the account are members, not rivals.
        let account = right == .switching || right == .handover
        let identifying = account ? unique.filter { !given[$0.name].isEmpty } : unique
        var isConfirmed = false
        var candidates: [SubjectKeys] = []
        var changed = true
        while changed {
            changed = false
            candidates = []
            for (declaration, session) in resolvers {
                let asked = selecting(unique, from: known.keys(for: declaration))
                guard !asked.isEmpty else { continue }
                let rows = try await session.resolve(asked).filter {
                    agrees($0, with: known.controller, on: identifying)
                }
                guard !rows.isEmpty else { continue }
                candidates += rows
                isConfirmed = isConfirmed || declaration.role == .controller || account
                for kind in unique {
                    let values = Set(rows.flatMap { $0[kind.name] })
                    if kind.isSingle, !account, values.count != 1 { continue }
                    changed = learn(values, of: kind, from: declaration, into: &known) || changed
                }
            }
        }
        if !account {
            for kind in unique where kind.isSingle && known.controller[kind.name].isEmpty {
                let values = Set(candidates.flatMap { $0[kind.name] })
                if values.count > 1 { throw ambiguity(values.count, candidates, unique) }
            }
        }
        if !isConfirmed { try await refuse(given, resolvers: resolvers, unique: unique) }

        // Only now is it settled whose rows these are, so only now do their selecting identifiers count.
        for (declaration, session) in resolvers {
            let rows = try await session.resolve(selecting(unique, from: known.keys(for: declaration)))
                .filter { agrees($0, with: known.controller, on: identifying) }
            for kind in kinds where !kind.isUnique {
                _ = learn(Set(rows.flatMap { $0[kind.name] }), of: kind, from: declaration, into: &known)
            }
        }
        try await dropShared(&known, resolvers: resolvers, unique: unique)
        return known
    }

    /// Adds values to what is known; true if one was new. What a processor-role source tells stays with that source.
    private func learn(
        _ values: Set<String>, of kind: IdentifierKind, from source: SourceDeclaration, into known: inout KnownSubject
    ) -> Bool {
        var isNew = false
        for value in values.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            let identifier = Identifier(kind: kind.name, value: value)
            if source.role == .controller {
                isNew = known.controller.insert(identifier) || isNew
            } else {
                isNew = known.processor[source.id, default: SubjectKeys()].insert(identifier) || isNew
            }
        }
        return isNew
    }

    private func selecting(_ wanted: [IdentifierKind], from keys: SubjectKeys) -> SubjectKeys {
        SubjectKeys(keys.all.filter { identifier in wanted.contains { $0.name == identifier.kind } })
    }

    private func agrees(_ row: SubjectKeys, with known: SubjectKeys, on kinds: [IdentifierKind]) -> Bool {
        kinds.allSatisfy { kind in
            guard kind.isSingle else { return true }
            let settled = known[kind.name]
            let here = row[kind.name]
            return settled.isEmpty || here.isEmpty || here.contains { settled.contains($0) }
        }
    }

    private func ambiguity(_ count: Int, _ rows: [SubjectKeys], _ unique: [IdentifierKind]) -> PortabilityError {
        // A kind settles the question if no two candidates share its value.
        let settling = unique.filter { kind in
            let values = rows.map { $0[kind.name] }.filter { !$0.isEmpty }.flatMap { $0 }
            return Set(values).count == values.count && Set(values).count >= count
        }.map(\.name)
        let names = settling.isEmpty ? unique.map(\.name) : settling
        return PortabilityError(
            .ambiguous, "\(count) subjects match the identifiers of the request",
            remedy: "Add an identifier that settles it: \(names.joined(separator: " or "))")
    }

    /// Nobody was found by a unique kind: says how many there are that share what was given.
    private func refuse(
        _ given: SubjectKeys, resolvers: [(declaration: SourceDeclaration, session: any ExtractionSession)],
        unique: [IdentifierKind]
    ) async throws {
        let givenUnique = unique.contains { !given[$0.name].isEmpty }
        if givenUnique {
            throw PortabilityError(
                .notIdentified, "no subject matches the identifiers of the request",
                remedy: "Check kinds and values; if several were given, they may belong to different people")
        }
        var rows: [SubjectKeys] = []
        for (_, session) in resolvers { rows += try await session.resolve(given) }
        for kind in unique where kind.isSingle {
            let values = Set(rows.flatMap { $0[kind.name] })
            if values.count > 1 { throw ambiguity(values.count, rows, unique) }
        }
        if rows.isEmpty {
            throw PortabilityError(
                .notIdentified, "no subject matches the identifiers of the request",
                remedy: "Check kinds and values, or ask for \(unique.map(\.name).joined(separator: " or "))")
        }
        throw PortabilityError(
            .ambiguous, "1 candidate matches, but only by an identifier that people can share",
            remedy: "Add an identifier that settles it: \(unique.map(\.name).joined(separator: " or "))")
    }

    /// A cookie or an address that also leads to someone else is not used to select records.
    private func dropShared(
        _ known: inout KnownSubject, resolvers: [(declaration: SourceDeclaration, session: any ExtractionSession)],
        unique: [IdentifierKind]
    ) async throws {
        for kind in kinds where !kind.isUnique {
            for value in known.controller[kind.name] {
                var others = false
                for (declaration, session) in resolvers where declaration.role == .controller {
                    let rows = try await session.resolve(SubjectKeys([Identifier(kind: kind.name, value: value)]))
                    others = others || rows.contains { !belongs($0, to: known.controller, unique) }
                }
                if others {
                    known.controller.remove(Identifier(kind: kind.name, value: value))
                    known.shared[kind.name, default: 0] += 1
                }
            }
        }
    }

    private func belongs(_ row: SubjectKeys, to known: SubjectKeys, _ unique: [IdentifierKind]) -> Bool {
        unique.allSatisfy { kind in
            let here = row[kind.name]
            return here.isEmpty || here.contains { known[kind.name].contains($0) }
        }
    }
}
