import PortabilityModel

/// Reads the parts that every kind of source has.
struct SourceReader: Sendable {
    let identifiers: [IdentifierKind]
    let retention: [String: LocalizedText]
    let digest: DigestFactory

    static let datasetKeys = [
        "id", "entity", "label", "category", "origin", "means", "purposes", "retention", "exclude", "withhold",
    ]

    func datasetMapping(_ value: YAMLValue, extra: [String]) throws -> YAMLMapping {
        try value.mapping(Self.datasetKeys + extra)
    }

    /// The source's role. There is no default: who is responsible is never guessed.
    func role(_ source: YAMLMapping) throws -> Role {
        try source.required("role", because: "Add `role: controller` or `role: processor`").choice(Role.self)
    }

    func dataset(
        _ map: YAMLMapping, source: YAMLMapping, subjectKinds: [String], order: DatasetDeclaration.Order
    ) throws -> DatasetDeclaration {
        let role = try role(source)
        let tenant = try source["tenant"]?.text()
        var retentionText: LocalizedText?
        if let value = map["retention"] {
            let id = try value.text()
            guard let text = retention[id] else {
                throw value.error(
                    "there is no such retention rule",
                    remedy: nearest(id, in: retention.keys.sorted()).map { "Did you mean `\($0)`?" }
                        ?? "Declare it under `retention`")
            }
            retentionText = text
        }
        return DatasetDeclaration(
            id: try map.required("id").text(), entity: try map.required("entity").text(),
            label: try map["label"]?.localized(), category: try map.required("category").choice(Category.self),
            role: role, origin: try origin(map.required("origin", because: "Say where the data come from")),
            means: try map["means"]?.choice(Means.self) ?? .automated,
            purposes: try map.required("purposes", because: "Say what the data are for: ids from `purposes`").list()
                .map { try $0.text() },
            subjectKinds: subjectKinds, tenantKind: role == .processor ? tenant : nil, order: order,
            retention: retentionText,
            exclusions: try map["exclude"]?.list().map { value in
                let exclusion = try value.mapping(["column", "ground", "note"])
                return DatasetDeclaration.Exclusion(
                    column: try exclusion.required("column").text(), ground: try ground(exclusion.required("ground")),
                    note: try exclusion["note"]?.text())
            } ?? [],
            withheldFields: try map["withhold"]?.list().map { value in
                let field = try value.mapping(["field", "ground"])
                return DatasetDeclaration.WithheldField(
                    path: try field.required("field").text(), ground: try ground(field.required("ground")))
            } ?? [])
    }

    private func ground(_ value: YAMLValue) throws -> Ground {
        let ground = try value.choice(Ground.self)
        let accepted: [Ground] = [.notPersonal, .duplicate, .secret, .others]
        guard accepted.contains(ground) else {
            throw value.error(
                "this ground is found by rule, not declared",
                remedy: "Grounds for a field: \(accepted.map(\.rawValue).joined(separator: ", "))")
        }
        return ground
    }

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
