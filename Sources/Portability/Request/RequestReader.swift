import PortabilityModel

extension ExportRequest {
    /// Reads a request file (YAML, or JSON, which is YAML too).
    ///
    /// - Throws: `configuration` with file, line, column and key, never a value.
    public static func load(path: String) throws -> ExportRequest {
        guard let text = String(validating: try readFile(path, limit: 1 << 20), as: UTF8.self) else {
            throw PortabilityError(
                .configuration, "the file is not valid UTF-8", remedy: "Save it as UTF-8", at: .init(file: path))
        }
        return try read(YAMLValue.read(text, file: path, limit: 1 << 20, hidesKeys: true))
    }

    static func read(_ root: YAMLValue) throws -> ExportRequest {
        let map = try root.mapping([
            "id", "right", "received", "channel", "language", "requester", "identifiers", "identity_check",
            "signature", "residence", "delivery", "formats", "include", "exclude", "period", "csv_dialect",
            "instruction", "events", "supplements", "missing_by",
        ])
        let identifiers = try map.required("identifiers").entries().flatMap { kind, value in
            try value.list().map { Identifier(kind: kind, value: try $0.text()) }
        }
        var request = ExportRequest(
            id: try map.required("id").text(), right: try map.required("right").choice(Right.self),
            received: try map.required("received").text(),
            channel: try map["channel"]?.choice(Channel.self) ?? .other,
            language: try map["language"]?.choice(Language.self) ?? .en, identifiers: identifiers,
            identityCheck: try map["identity_check"].map { try readIdentityCheck($0) },
            signature: try map["signature"].map { value in
                let signature = try value.mapping(["form", "received", "evidence"])
                return Signature(
                    form: try signature.required("form").text(), received: try signature["received"]?.text(),
                    evidence: try signature["evidence"].map { try readEvidence($0) })
            },
            formats: try map["formats"]?.list().map { try $0.choice(Format.self) } ?? [.json],
            include: try map["include"]?.list().map { try $0.choice(Category.self) } ?? [],
            exclude: try map["exclude"]?.list().map { try $0.choice(Category.self) } ?? [],
            csvDialect: try map["csv_dialect"]?.choice(CSVDialectName.self),
            instruction: try map["instruction"]?.text())
        request.requester = try map["requester"].map { value in
            let requester = try value.mapping(["relation", "evidence"])
            return Requester(
                relation: try requester.required("relation").choice(Requester.Relation.self),
                evidence: try requester["evidence"].map { try readEvidence($0) })
        }
        request.delivery = try map["delivery"].map { value in
            let delivery = try value.mapping(["to", "name", "channel"])
            return Delivery(
                to: try delivery.required("to").choice(Delivery.Receiver.self), name: try delivery["name"]?.text(),
                channel: try delivery.required("channel").choice(Channel.self))
        }
        request.period = try map["period"].map { value in
            let period = try value.mapping(["from", "to"])
            return Period(from: try period["from"]?.text(), to: try period["to"]?.text())
        }
        request.events =
            try map["events"]?.list().map { value in
                let event = try value.mapping(["kind", "at", "necessary", "reason"])
                return Event(
                    kind: try event.required("kind").choice(Event.Kind.self), at: try event.required("at").text(),
                    isNecessary: try event["necessary"]?.boolean() ?? false,
                    reason: try event["reason"]?.choice(Event.ExtensionReason.self))
            } ?? []
        request.residence = try map["residence"]?.text()
        request.supplements = try map["supplements"]?.text()
        request.missingBy = try map["missing_by"]?.text()
        return request
    }

    private static func readIdentityCheck(_ value: YAMLValue) throws -> IdentityCheck {
        let check = try value.mapping(["method", "level", "at", "by"])
        let method = try check.required("method")
        if isIdentityDocument(try method.text()) { throw method.error(documentMessage, remedy: documentRemedy) }
        return IdentityCheck(
            method: try method.choice(IdentityCheck.Method.self), level: try check["level"]?.text(),
            at: try check["at"]?.text(), by: try check["by"]?.text())
    }

    private static func readEvidence(_ value: YAMLValue) throws -> Evidence {
        let evidence = try value.mapping(["document", "sha256"])
        return Evidence(document: try evidence.required("document").text(), sha256: try evidence["sha256"]?.text())
    }
}
