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
/// - all unique identifiers that the request gives must be linked with each other by rows that contradict none of them,
///   and a selecting one that leads to others only is refused: a typing error must not end in a stranger's archive;
/// - for `switching` and `handover` the subject is a customer account, which must be known;
/// - keys learnt from a processor-role source stay with that source.
struct Identification: Sendable {
    let kinds: [IdentifierKind]
    let right: Right
    /// Kinds that name a customer account: the tenants of the configured sources.
    var accountKinds: [String] = []

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
                if declaration.role == .controller || account { candidates += rows }
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
        try await requireLink(given, candidates, resolvers: resolvers, unique: unique)
        if account, !accountKinds.isEmpty, accountKinds.allSatisfy({ known.controller[$0].isEmpty }) {
            throw PortabilityError(
                .notIdentified, "the right `\(right.rawValue)` is that of a customer account, and none is known",
                remedy: "Add the account's identifier: \(accountKinds.joined(separator: " or "))")
        }

        // Only now is it settled whose rows these are, so only now do their selecting identifiers count.
        for (declaration, session) in resolvers {
            let rows = try await session.resolve(selecting(unique, from: known.keys(for: declaration)))
                .filter { agrees($0, with: known.controller, on: identifying) }
            for kind in kinds where !kind.isUnique {
                _ = learn(Set(rows.flatMap { $0[kind.name] }), of: kind, from: declaration, into: &known)
            }
        }
        let owners = resolvers.filter { $0.declaration.role == .controller }
        try await refuseStrangers(given, known: known, resolvers: owners, unique: unique)
        if !account { try await dropSharedAccounts(given, &known, resolvers: owners, unique: unique) }
        try await dropShared(&known, resolvers: owners, unique: unique)
        return known
    }

    private typealias Resolvers = [(declaration: SourceDeclaration, session: any ExtractionSession)]

    /// All unique identifiers of the request must hang together by rows.
    private func requireLink(
        _ given: SubjectKeys, _ rows: [SubjectKeys], resolvers: Resolvers, unique: [IdentifierKind]
    ) async throws {
        let wanted = selecting(unique, from: given).all
        guard let first = wanted.first else { return try await refuse(given, resolvers: resolvers, unique: unique) }
        let groups = rows.map { Set(selecting(unique, from: $0).all) }
        var linked: Set<Identifier> = [first]
        var isGrowing = true
        while isGrowing {
            let grown = groups.filter { !$0.isDisjoint(with: linked) }.reduce(linked) { $0.union($1) }
            isGrowing = grown.count > linked.count
            linked = grown
        }
        let isHeld = groups.contains { $0.contains(first) }
        guard isHeld else { return try await refuse(given, resolvers: resolvers, unique: unique) }
        guard wanted.allSatisfy(linked.contains) else {
            throw PortabilityError(
                .notIdentified, "the identifiers of the request do not belong to one subject",
                remedy: "Check the values: \(wanted.map(\.kind).joined(separator: ", ")); one may be mistyped")
        }
    }

    /// A selecting identifier of the request that leads to people, but not to this one.
    private func refuseStrangers(
        _ given: SubjectKeys, known: KnownSubject, resolvers: Resolvers, unique: [IdentifierKind]
    ) async throws {
        for identifier in given.all where !unique.contains(where: { $0.name == identifier.kind }) {
            var rows: [SubjectKeys] = []
            for (_, session) in resolvers { rows += try await session.resolve(SubjectKeys([identifier])) }
            guard !rows.isEmpty, !rows.contains(where: { belongs($0, to: known.controller, unique) }) else { continue }
            throw PortabilityError(
                .notIdentified, "the \(identifier.kind) of the request leads to other subjects only",
                remedy: "Check its value, or leave it out", at: .init(field: identifier.kind))
        }
    }

    /// An account's number that a member gave along with his own key confirms who he is, but it is not his alone: it
    /// selects nothing, unless the register itself says that what is the account's is his.
    private func dropSharedAccounts(
        _ given: SubjectKeys, _ known: inout KnownSubject, resolvers: Resolvers, unique: [IdentifierKind]
    ) async throws {
        for identifier in selecting(unique, from: given).all {
            var others = known.controller
            others.remove(identifier)
            let rest = selecting(unique, from: others)
            guard !rest.isEmpty else { continue }
            var own: [SubjectKeys] = []
            var all: [SubjectKeys] = []
            for (_, session) in resolvers {
                own += try await session.resolve(rest).filter { agrees($0, with: known.controller, on: unique) }
                all += try await session.resolve(SubjectKeys([identifier]))
            }
            let isTold = own.contains { $0[identifier.kind].contains(identifier.value) }
            if !isTold, all.contains(where: { !belongs($0, to: known.controller, unique) }) {
                known.controller.remove(identifier)
                known.shared[identifier.kind, default: 0] += 1
            }
        }
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
        _ given: SubjectKeys, resolvers: Resolvers, unique: [IdentifierKind]
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
        _ known: inout KnownSubject, resolvers: Resolvers, unique: [IdentifierKind]
    ) async throws {
        for kind in kinds where !kind.isUnique {
            for value in known.controller[kind.name] {
                var others = false
                for (_, session) in resolvers {
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
