import PortabilityModel
import PortabilityText

/// One line of a journal: an event, its place in the chain, and its own digest.
struct JournalLine {
    /// No line is longer than this, and no fragment of cut-off writes.
    static let limit = 1 << 20
    /// ASCII CAN, "cancel": what stands before it on the line is to be disregarded. A JSON text never has it raw.
    static let cancel: UInt8 = 0x18

    var sequence: Int64
    var previous: String
    /// RFC 3339, UTC.
    var at: String
    var event: JournalEvent

    /// The head of an empty chain.
    static let origin = Journal.Head(count: 0, sha256: String(repeating: "0", count: 64))

    /// The line without what was cut off before it, with its line feed, and its digest.
    func encoded(_ digest: DigestFactory) -> (bytes: [UInt8], sha256: String) {
        let members: [(key: String, value: JSONValue)] = [
            ("sequence", .integer(sequence)), ("previous", .string(previous)), ("at", .string(at)),
        ]
        let body = Array(JSONValue.object(members + event.json).compact().dropLast())
        let own = PortabilityEvidence.sha256(body, digest)
        return (body + Array(",\"sha256\":\"\(own)\"}\n".utf8), own)
    }

    /// Reads a line (without its line feed), and checks it against itself: its form, its digest, and that of what was
    /// cut off before it.
    ///
    /// - Throws: `malformed`, `refused`, `verification`, `unsupported`.
    static func read(_ bytes: ArraySlice<UInt8>, _ digest: DigestFactory) throws -> (JournalLine, sha256: String) {
        let mark = bytes.lastIndex(of: cancel)
        let text = Array(mark.map { bytes[($0 + 1)...] } ?? bytes)
        let value = try JSONValue(parsing: text)
        var object = try StrictObject(value)
        let own = try object.string("sha256")
        guard let sequence = object.optional("sequence")?.integer, isCount(sequence) else {
            throw object.misfit("sequence")
        }
        let previous = try object.string("previous")
        let at = try object.string("at")
        guard EvidenceText.isDigest(previous) else { throw object.misfit("previous") }
        guard EvidenceText.time(at) == at else { throw object.misfit("at") }
        let line = JournalLine(sequence: sequence, previous: previous, at: at, event: try JournalEvent(&object))
        try object.finish()
        let encoded = line.encoded(digest)
        guard own == encoded.sha256, text == encoded.bytes.dropLast() else {
            throw PortabilityError(.verification, "the line was altered: its digest is another")
        }
        let fragment = mark.map { Array(bytes[..<$0]) }
        guard
            fragment.map({
                JournalEvent.Fragment(bytes: Int64($0.count), sha256: PortabilityEvidence.sha256($0, digest))
            })
                == line.event.fragment
        else { throw PortabilityError(.verification, "what was cut off before the line is not what it records") }
        return (line, own)
    }
}
