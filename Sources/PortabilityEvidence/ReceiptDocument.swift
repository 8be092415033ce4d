public import PortabilityModel
package import PortabilityText

extension Receipt {
    static let formatName = "portability-receipt"
    static let formatVersion = "1.0"
    private static let encryptionFormat = "age-encryption.org/v1"

    /// The document without its id, members in their fixed order.
    ///
    /// - Throws: as ``validate()``.
    package func json() throws -> JSONValue { try json(id: nil) }

    private func json(id: String?) throws -> JSONValue {
        try validate()
        return .members([
            "format": .string(Self.formatName), "format_version": .string(Self.formatVersion),
            "receipt_id": id.map(JSONValue.string), "status": .string(status.rawValue),
            "request": .string(request), "right": .string(right.rawValue),
            "formats": .array(formats.map { .string($0.rawValue) }),
            "received": .string(EvidenceText.moment(received) ?? received),
            "created": .string(EvidenceText.time(created) ?? created),
            "finished": .string(EvidenceText.time(finished) ?? finished),
            "tool": .members([
                "name": .string(tool.name), "version": .string(tool.version), "codec": .string(tool.codec),
            ]),
            "controller": .members([
                "name": .string(controller.name), "business_id": .string(controller.businessID),
            ]),
            "policy": .members([
                "name": .string(policy.name), "date": .string(EvidenceText.date(policy.date) ?? policy.date),
                "sha256": policy.sha256.map(JSONValue.string),
            ]),
            "configuration_sha256": .string(configurationSHA256),
            "request_hmac_sha256": requestHMAC.map(JSONValue.string),
            "identity_check": identityCheck.map {
                .members([
                    "method": .string($0.method), "level": $0.level.map(JSONValue.string),
                    "at": $0.at.map { .string(EvidenceText.moment($0) ?? $0) }, "by": $0.by.map(JSONValue.string),
                ])
            },
            "signature_sha256": signatureSHA256.map(JSONValue.string),
            "instruction": instruction.map(JSONValue.string),
            "deadline": deadline.map {
                .members([
                    "due": .string(EvidenceText.date($0.due) ?? $0.due), "extended": .boolean($0.isExtended),
                ])
            },
            "review_sha256": reviewSHA256.map(JSONValue.string),
            "supplements": supplements.map(JSONValue.string),
            "signing_key": signingKey.map(JSONValue.string),
            "archive": .members([
                "bytes": .integer(archive.bytes), "sha256": .string(archive.sha256),
                "volumes": archive.volumes.isEmpty
                    ? nil
                    : .array(
                        archive.volumes.map {
                            .members(["bytes": .integer($0.bytes), "sha256": .string($0.sha256)])
                        }),
                "encryption": archive.encryption.map(json),
            ]),
            "sources": .array(sources.map(json)), "datasets": .array(datasets.map(json)),
            "documents": .members(["given": .integer(documents.given), "withheld": .integer(documents.withheld)]),
            "missing": .array(
                missing.map {
                    .members([
                        "id": .string($0.id), "expected": $0.expected.map { .string(EvidenceText.date($0) ?? $0) },
                    ])
                }),
        ])
    }

    private func json(_ encryption: Archive.Encryption) -> JSONValue {
        .members([
            "format": .string(Self.encryptionFormat),
            "recipients": .object(encryption.recipients.map { ($0.kind.rawValue, .integer($0.count)) }),
            "zips": .array(
                encryption.zips.map { .members(["bytes": .integer($0.bytes), "sha256": .string($0.sha256)]) }),
        ])
    }

    private static func encryption(_ object: StrictObject?) throws -> Archive.Encryption? {
        guard var object else { return nil }
        guard try object.string("format") == encryptionFormat else { throw object.misfit("format") }
        let encryption = Archive.Encryption(
            recipients: try object.counts("recipients").map { .init(kind: $0, count: $1) },
            zips: try object.list("zips") { .init(bytes: try $0.count("bytes"), sha256: try $0.string("sha256")) })
        try object.finish()
        return encryption
    }

    private func json(_ source: Source) -> JSONValue {
        .members([
            "id": .string(source.id), "status": .string(source.status.rawValue),
            "as_of": source.asOf.map { .string(EvidenceText.time($0) ?? $0) }, "files": .integer(source.files),
            "bytes": .integer(source.bytes),
            "findings": .object(source.findings.map { ($0.kind.rawValue, .integer($0.count)) }),
        ])
    }

    private func json(_ dataset: Dataset) -> JSONValue {
        .members([
            "id": .string(dataset.id), "entity": .string(dataset.entity),
            "category": .string(dataset.category.rawValue), "role": .string(dataset.role.rawValue),
            "status": .string(dataset.status.rawValue), "ground": dataset.ground.map { .string($0.rawValue) },
            "records": .members([
                "extracted": .integer(dataset.extracted), "exported": .integer(dataset.exported),
                "withheld": .object(dataset.withheld.map { ($0.ground.rawValue, .integer($0.count)) }),
            ]),
            "fields": .array(
                dataset.fields.map {
                    .members([
                        "field": .string($0.field), "action": .string($0.action.rawValue),
                        "ground": .string($0.ground.rawValue), "count": .integer($0.count),
                    ])
                }),
        ])
    }

    /// The receipt's id: the SHA-256 of its document without the line that says the id.
    ///
    /// - Throws: as ``validate()``.
    public func id(_ digest: DigestFactory) throws -> String { sha256(try json().formatted(), digest) }

    /// The receipt as a file: JSON (RFC 8259) with its id, the same bytes for the same receipt.
    ///
    /// - Throws: as ``validate()``.
    public func document(_ digest: DigestFactory) throws -> [UInt8] {
        try json(id: try id(digest)).formatted()
    }

    /// A receipt that was read from a file, with the id that it was proved to have.
    public struct Proved: Sendable {
        public let id: String
        public let receipt: Receipt
    }

    /// Reads a receipt and proves that it was not altered.
    ///
    /// The digest is taken of the bytes as they stand, so that a change of one space is one, too.
    ///
    /// - Throws: `verification` if the bytes are not those that the id was made of, `malformed` with the field if it is
    ///   no receipt, `unsupported` for a newer major version.
    public static func prove(_ bytes: [UInt8], _ digest: DigestFactory) throws -> Proved {
        let mark = Array("\n  \"receipt_id\": \"".utf8)
        let (stated, rest) = try takeID(bytes, mark)
        let value = try JSONValue(parsing: bytes)
        guard value["format"]?.string == formatName, let version = value["format_version"]?.string else {
            throw PortabilityError(.malformed, "the file is no receipt", at: .init(field: "format"))
        }
        guard sha256(rest, digest) == stated else {
            throw PortabilityError(
                .verification, "the receipt was altered: its digest is not its id",
                remedy: "Take the receipt from where it was first kept")
        }
        guard version.split(separator: ".").first == "1" else {
            throw PortabilityError(
                .unsupported, "the receipt has a newer format than this build reads (version 1)",
                remedy: "Install a newer version of portability", at: .init(field: "format_version"))
        }
        return Proved(id: stated, receipt: try Receipt(json: value))
    }

    /// Reads a receipt's file and proves it.
    ///
    /// - Throws: also `unavailable`, `denied`, `limit`.
    public static func prove(path: String, _ digest: DigestFactory) throws -> Proved {
        let bytes = try readWhole(path, limit: EvidenceCheck.receiptLimit)
        do {
            return try prove(bytes, digest)
        } catch let error as PortabilityError {
            throw error.within(.init(file: path))
        }
    }

    /// The stated id, and the bytes without its line.
    private static func takeID(_ bytes: [UInt8], _ mark: [UInt8]) throws -> (String, [UInt8]) {
        // It is the fourth line; looking no further keeps a large foreign file cheap.
        for start in bytes.indices.prefix(1 << 10) where bytes[start...].starts(with: mark) {
            let begin = start + mark.count
            guard begin + 67 <= bytes.count, Array(bytes[(begin + 64)..<(begin + 67)]) == Array("\",\n".utf8) else {
                break
            }
            let id = String(decoding: bytes[begin..<(begin + 64)], as: UTF8.self)
            guard EvidenceText.isDigest(id) else { break }
            return (id, Array(bytes[...start]) + bytes[(begin + 67)...])
        }
        throw PortabilityError(
            .malformed, "the file is no receipt: it has no line with its id", at: .init(field: "receipt_id"))
    }

    /// Reads a document strictly: every member, and no other.
    ///
    /// - Throws: `malformed` with the field; as ``validate()``.
    init(json value: JSONValue) throws {
        var root = try StrictObject(value)
        _ = try root.string("format")
        _ = try root.string("format_version")
        _ = root.optional("receipt_id")
        guard let formats = try root.value("formats").array?.map({ $0.string.flatMap(Format.init(rawValue:)) }),
            !formats.contains(where: { $0 == nil })
        else { throw root.misfit("formats") }
        var tool = try root.object("tool")
        var controller = try root.object("controller")
        var policy = try root.object("policy")
        var check = try root.optionalObject("identity_check")
        var deadline = try root.optionalObject("deadline")
        var archive = try root.object("archive")
        var documents = try root.object("documents")
        self.init(
            status: try root.choice("status"), request: try root.string("request"), right: try root.choice("right"),
            formats: formats.compactMap { $0 }, received: try root.string("received"),
            created: try root.string("created"), finished: try root.string("finished"),
            tool: Tool(
                name: try tool.string("name"), version: try tool.string("version"), codec: try tool.string("codec")),
            controller: Controller(
                name: try controller.string("name"), businessID: try controller.string("business_id")),
            policy: Policy(
                name: try policy.string("name"), date: try policy.string("date"),
                sha256: try policy.optionalString("sha256")),
            configurationSHA256: try root.string("configuration_sha256"),
            requestHMAC: try root.optionalString("request_hmac_sha256"),
            identityCheck: try check == nil
                ? nil
                : IdentityCheck(
                    method: check?.string("method") ?? "", level: check?.optionalString("level"),
                    at: check?.optionalString("at"), by: check?.optionalString("by")),
            signatureSHA256: try root.optionalString("signature_sha256"),
            instruction: try root.optionalString("instruction"),
            deadline: try deadline == nil
                ? nil
                : Deadline(due: deadline?.string("due") ?? "", isExtended: deadline?.flag("extended") ?? false),
            reviewSHA256: try root.optionalString("review_sha256"),
            supplements: try root.optionalString("supplements"),
            archive: Archive(
                bytes: try archive.count("bytes"), sha256: try archive.string("sha256"),
                volumes: try !archive.has("volumes")
                    ? []
                    : archive.list("volumes") {
                        Archive.Volume(bytes: try $0.count("bytes"), sha256: try $0.string("sha256"))
                    }, encryption: try Self.encryption(archive.optionalObject("encryption"))),
            sources: try root.list("sources") { source in
                Source(
                    id: try source.string("id"), status: try source.choice("status"),
                    asOf: try source.optionalString("as_of"), files: try source.count("files"),
                    bytes: try source.count("bytes"),
                    findings: try source.counts("findings").map { Source.Findings(kind: $0, count: $1) })
            },
            datasets: try root.list("datasets") { dataset in
                var records = try dataset.object("records")
                let read = Dataset(
                    id: try dataset.string("id"), entity: try dataset.string("entity"),
                    category: try dataset.choice("category"), role: try dataset.choice("role"),
                    status: try dataset.choice("status"),
                    ground: dataset.has("ground") ? try dataset.choice("ground") : nil,
                    extracted: try records.count("extracted"), exported: try records.count("exported"),
                    withheld: try records.counts("withheld").map { Dataset.Withheld(ground: $0, count: $1) },
                    fields: try dataset.list("fields") { field in
                        Dataset.FieldDecision(
                            field: try field.string("field"), action: try field.choice("action"),
                            ground: try field.choice("ground"), count: try field.count("count"))
                    })
                try records.finish()
                return read
            },
            documents: Documents(given: try documents.count("given"), withheld: try documents.count("withheld")),
            missing: try root.list("missing") {
                Missing(id: try $0.string("id"), expected: try $0.optionalString("expected"))
            })
        signingKey = try root.optionalString("signing_key")
        for object in [root, tool, controller, policy, archive, documents] { try object.finish() }
        try check?.finish()
        try deadline?.finish()
        try validate()
    }
}
