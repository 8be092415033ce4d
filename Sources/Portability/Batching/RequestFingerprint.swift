import PortabilityCrypto
import PortabilityModel

extension ExportRequest {
    /// All that the request says, in one piece, so that two requests can be told apart by a keyed digest. Every part
    /// stands with its length before it, and what is absent is not what is empty.
    var canonicalBytes: [UInt8] {
        var bytes: [UInt8] = []
        func add(_ text: String?) {
            guard let text else { return bytes.append(0) }
            bytes.append(1)
            withUnsafeBytes(of: UInt64(text.utf8.count).littleEndian) { bytes += $0 }
            bytes += Array(text.utf8)
        }
        func add(_ list: [String]) {
            withUnsafeBytes(of: UInt64(list.count).littleEndian) { bytes += $0 }
            for text in list { add(text) }
        }
        func add(_ evidence: Evidence?) {
            add(evidence?.document)
            add(evidence?.sha256)
        }
        for text in [id, right.rawValue, received, channel.rawValue, language.rawValue] { add(text) }
        add(identifiers.flatMap { [$0.kind, $0.value] })
        for text in [identityCheck?.method.rawValue, identityCheck?.level, identityCheck?.at, identityCheck?.by] {
            add(text)
        }
        for text in [signature?.form, signature?.received] { add(text) }
        add(signature?.evidence)
        add(formats.map(\.rawValue))
        add(include.map(\.rawValue))
        add(exclude.map(\.rawValue))
        for text in [csvDialect?.rawValue, instruction, requester?.relation.rawValue] { add(text) }
        add(requester?.evidence)
        for text in [delivery?.to.rawValue, delivery?.name, delivery?.channel.rawValue, period?.from, period?.to] {
            add(text)
        }
        add(events.flatMap { [$0.kind.rawValue, $0.at, $0.isNecessary ? "1" : "0", $0.reason?.rawValue ?? ""] })
        for text in [residence, supplements, missingBy] { add(text) }
        return bytes
    }
}
