import PortabilityModel

/// Reads the parts that every kind of source has.
struct SourceReader: Sendable {
    let identifiers: [IdentifierKind]
    let retention: [String: DeclaredRetention]
    let digest: DigestFactory
    /// The file of the organisation's secret; nil if none is configured.
    var secretFile: String?

    static let datasetKeys = [
        "id", "entity", "label", "category", "origin", "means", "purposes", "retention", "date", "class", "exclude",
        "withhold", "rules", "staff_names", "special_categories", "children",
    ]

    func datasetMapping(_ value: YAMLValue, extra: [String]) throws -> YAMLMapping {
        try value.mapping(Self.datasetKeys + extra)
    }

    /// The source's role. There is no default: who is responsible is never guessed.
    func role(_ source: YAMLMapping) throws -> Role {
        try source.required("role", because: "Add `role: controller` or `role: processor`").choice(Role.self)
    }

    func dataset(
        _ map: YAMLMapping, source: YAMLMapping, subjectKinds: [String], order: DatasetDeclaration.Order,
        ownParty: String? = nil
    ) throws -> DatasetDeclaration {
        let role = try role(source)
        let tenant = try source["tenant"]?.text()
        var declared: (id: String, text: LocalizedText)?
        if let value = map["retention"] {
            let id = try value.text()
            guard let found = retention[id] else {
                throw value.error(
                    "there is no such retention rule",
                    remedy: nearest(id, in: retention.keys.sorted()).map { "Did you mean `\($0)`?" }
                        ?? "Declare it under `retention`")
            }
            declared = (id, found.text)
        }
        let entity = try map.required("entity").text()
        return DatasetDeclaration(
            id: try map.required("id").text(), entity: entity,
            label: try map["label"]?.localized(), category: try map.required("category").choice(Category.self),
            role: role, origin: try origin(map.required("origin", because: "Say where the data come from")),
            means: try map["means"]?.choice(Means.self) ?? .automated,
            purposes: try map.required("purposes", because: "Say what the data are for: ids from `purposes`").list()
                .map { try $0.text() },
            subjectKinds: subjectKinds, tenantKind: role == .processor ? tenant : nil, order: order,
            retention: declared?.text, retentionRule: declared?.id,
            exclusions: try exclusions(map["exclude"], of: ["column"]),
            rules: try rules(map), classes: try map["class"].map { try classes($0) },
            recordDate: try map["date"]?.text(), ownParty: ownParty,
            keepsStaffNames: try map["staff_names"].map { try $0.choice(StaffNames.self) == .keep }
                ?? (entity == "communication"),
            specialCategories: try map["special_categories"]?.list().map { try $0.choice(SpecialCategory.self) } ?? [],
            mayConcernChildren: try map["children"]?.boolean() ?? false)
    }

    /// What a source declares of itself, from the keys that every kind has.
    func declaration(
        _ id: String, _ source: YAMLMapping, _ datasets: [DatasetDeclaration]
    ) throws -> SourceDeclaration {
        SourceDeclaration(
            id: id, kind: try source.required("kind").text(), role: try role(source), datasets: datasets,
            exclusions: try exclusions(source["exclude"], of: ["table", "column"]))
    }

    /// What is left out on purpose; `keys` are the words for what it is.
    private func exclusions(_ value: YAMLValue?, of keys: [String]) throws -> [DatasetDeclaration.Exclusion] {
        try value?.list().map { element in
            let map = try element.mapping(keys + ["ground", "note", "see"])
            let named = keys.compactMap { map[$0] }
            guard named.count == 1 else {
                throw element.error(
                    "an exclusion names one thing", remedy: "Write \(keys.map { "`\($0):`" }.joined(separator: " or "))"
                )
            }
            return DatasetDeclaration.Exclusion(
                column: try named[0].text(), ground: try ground(map.required("ground")),
                note: try map["note"]?.localizedOrPlain(), heldIn: try map["see"]?.text(),
                isContainer: map["table"] != nil)
        } ?? []
    }

    private enum StaffNames: String, CaseIterable { case keep, label }

    private func classes(_ value: YAMLValue) throws -> RecordClasses {
        let map = try value.mapping(["field", "values", "otherwise"])
        return RecordClasses(
            field: try map.required("field").text(),
            values: try map.required("values").entries().map { (value: $0.key, name: try name($0.value)) },
            otherwise: try map["otherwise"].map { try name($0) })
    }

    private func name(_ value: YAMLValue) throws -> String { try Configuration.checkName(value.text(), value) }

    /// Rules in their order; the short form for fields that are never given out stands first.
    private func rules(_ map: YAMLMapping) throws -> [FieldRule] {
        let withheld = try map["withhold"]?.list().map { value in
            let field = try value.mapping(["field", "ground"])
            return FieldRule(
                .field(try field.required("field").text()), .withhold, ground: try ground(field.required("ground")))
        }
        return try (withheld ?? []) + (map["rules"]?.list().map { try rule($0) } ?? [])
    }

    private func rule(_ value: YAMLValue) throws -> FieldRule {
        let map = try value.mapping([
            "field", "others", "record", "documents", "action", "ground", "class", "right",
        ])
        var targets: [FieldRule.Target] = []
        if let field = map["field"] { targets.append(.field(try field.text())) }
        for (key, target) in [("others", FieldRule.Target.others), ("record", .record), ("documents", .documents)] {
            guard let flag = map[key] else { continue }
            guard try flag.boolean() else { throw flag.error("only `\(key): true` says something; leave it out") }
            targets.append(target)
        }
        guard targets.count == 1 else {
            throw value.error(
                "a rule is for one field, for all fields about others, for whole records or for files",
                remedy: "Give one of `field: name`, `others: true`, `record: true`, `documents: true`")
        }
        let action = try map.required("action").choice(FieldAction.self)
        // What takes something away says why; a label says it by what it is, and another's data by whose they are.
        let needsGround = (action == .withhold || action == .mask) && targets[0] != .others
        let ground: Ground =
            needsGround
            ? try self.ground(map.required("ground", because: "Say why: `ground: rights-of-others`, for example"))
            : try map["ground"].map { try self.ground($0) } ?? (action == .label ? .staff : .others)
        return FieldRule(
            targets[0], action, ground: ground, classes: try map["class"]?.list().map { try $0.text() } ?? [],
            rights: try map["right"]?.list().map { try $0.choice(Right.self) } ?? [])
    }

    private func ground(_ value: YAMLValue) throws -> Ground {
        let ground = try value.choice(Ground.self)
        guard Self.grounds.contains(ground) else {
            throw value.error(
                "this ground is found by rule, not declared",
                remedy: "Grounds for a field: \(Self.grounds.map(\.rawValue).joined(separator: ", "))")
        }
        return ground
    }

    /// Grounds that a configuration may declare.
    static let grounds: [Ground] = [
        .notPersonal, .duplicate, .secret, .others, .staff, .identityCode, .restrictedByLaw,
    ]

    private func origin(_ value: YAMLValue) throws -> Origin {
        if value.isMapping {
            return Origin(
                kind: .provided,
                by: try value.mapping(["provided"]).required("provided").choice(Origin.Provider.self))
        }
        let kind = try value.choice(Origin.Kind.self)
        guard kind != .provided else {
            throw value.error(
                "the origin does not say by whom the data were provided",
                remedy: "Write `origin: { provided: subject }`, or colleague, customer, third-party")
        }
        return Origin(kind: kind)
    }
}
