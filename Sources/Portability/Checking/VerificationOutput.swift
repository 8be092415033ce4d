import PortabilityModel
import PortabilityText

extension VerificationSummary {
    /// The version of the JSON that ``json(depth:)`` writes; a second number that is larger has further members.
    public static let formatVersion = "1.0"

    /// The answer for programs, as `schemas/verification.schema.json` describes it.
    ///
    /// - Parameter depth: how much was looked at.
    public func json(depth: VerificationDepth) -> [UInt8] {
        JSONValue.members([
            "format": .string("portability-verification"), "format_version": .string(Self.formatVersion),
            "tool": .members([
                "name": .string("portability"), "version": .string(PortabilityEngine.version),
            ]),
            "depth": .string(depth.rawValue), "intact": .boolean(isIntact),
            "archives": .array(archives.map(\.value)),
            "set": set.map { set in
                .members([
                    "whole": .boolean(set.isWhole), "given": .integer(set.given),
                    "volumes": set.volumes.map { .integer($0) }, "findings": .array(set.findings.map(\.value)),
                ])
            },
        ]).formatted()
    }
}

extension VerificationReport {
    /// The most lines of `fetch.txt` that the JSON lists.
    private static let listedFetches = 1000

    var value: JSONValue {
        .members([
            "path": .string(path), "kind": .string(kind.rawValue), "container": .string(container.rawValue),
            "depth": .string(depth.rawValue), "state": .string(state.rawValue),
            "bagit_version": bagVersion.map(JSONValue.string),
            "algorithms": .array(algorithms.map(JSONValue.string)),
            "unknown_algorithms": .array(unknownAlgorithms.map(JSONValue.string)),
            "counts": .members([
                "payload_files": .integer(files), "payload_bytes": .integer(bytes), "tag_files": .integer(tagFiles),
                "records": .integer(records),
            ]),
            "findings": .array(findings.map(\.value)),
            "container_findings": .array(containerFindings.map(\.value)),
            "warnings": .array(warnings.map(\.value)),
            "not_compared": .array(notCompared.map(JSONValue.string)),
            "fetch": .members([
                "files": .integer(fetch.count), "absent": .integer(fetch.count { !$0.isPresent }),
                "list": .array(
                    fetch.prefix(Self.listedFetches).map {
                        .members([
                            "url": .string($0.address), "path": .string($0.path),
                            "bytes": $0.bytes.map { .integer($0) }, "present": .boolean($0.isPresent),
                        ])
                    }),
            ]),
            "signature": .members([
                "status": .string(signature.status.rawValue),
                "fingerprint": signature.fingerprint.map(JSONValue.string),
                "principals": signature.principals.map(JSONValue.string),
            ]),
        ])
    }
}

extension VerificationReport.Finding {
    var value: JSONValue {
        .members([
            "kind": .string(kind), "path": path.map(JSONValue.string), "ordinal": ordinal.map { .integer($0) },
            "offset": offset.map { .integer($0) }, "message": .string(message),
        ])
    }
}
