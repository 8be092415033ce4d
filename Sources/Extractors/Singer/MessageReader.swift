import PortabilityModel
import PortabilityText

/// Reads a tap's output, message by message (Singer specification 0.3), and hands records to the datasets' writers.
struct MessageReader: ~Copyable {
    /// A stream that datasets read.
    private struct Stream {
        var name: [UInt8]
        var writers: [Int]
        /// SHA-256 of the first schema; nil before it.
        var schema: [UInt8]?
        var hasChanged = false
        var hasBookmark = false
        var early: Int64 = 0
        var untaken: Int64 = 0
    }

    private let source: String
    private let digest: DigestFactory
    /// Those of the request, then those of other datasets that are made from the same streams.
    private let writers: [RecordWriter]
    private var streams: [Stream]
    private var tokenizer: JSONTokenizer
    private var repaired: [UInt8] = []
    private var scratch: [UInt8] = []

    /// The value of the last STATE, as canonical JSON.
    private(set) var state: [UInt8]?
    private var findings: [Finding] = []
    private var bad: Int64 = 0
    private var badBeyond: Int64 = 0
    private var longBeyond: Int64 = 0
    /// Streams that had a SCHEMA, whether a dataset reads them or not.
    private var announced: Set<[UInt8]> = []
    private var unannounced: Int64 = 0
    private var unknown: Int64 = 0
    private var unknownRecords: Int64 = 0

    /// Bad lines that are told one by one.
    private static let located = 100
    /// Bad lines after which the output is no tap's.
    private static let badLimit = 10_000
    private static let streamLimit = 10_000
    private static let nameLimit = 1024

    /// - Parameter streams: for each writer, the name that the messages of its stream have.
    init(writers: [RecordWriter], streams: [String], context: ExtractionContext, digest: @escaping DigestFactory) {
        source = context.source
        self.digest = digest
        self.writers = writers
        self.streams = []
        tokenizer = JSONTokenizer(depth: context.limits.depth, tokens: 1 << 20)
        for (index, name) in streams.enumerated() {
            let name = Array(name.utf8)
            if let known = self.streams.firstIndex(where: { $0.name == name }) {
                self.streams[known].writers.append(index)
            } else {
                self.streams.append(Stream(name: name, writers: [index]))
            }
        }
    }

    /// Reads one line.
    ///
    /// - Parameter isLast: True if it has no line end.
    /// - Returns: true if a dataset's batch is full and has to be taken.
    /// - Throws: `malformed` if too much of the output is no message; `unsupported`; `limit` if a record is too large.
    mutating func read(_ line: LineSplitter.Line, _ bytes: UnsafeBufferPointer<UInt8>, isLast: Bool) throws -> Bool {
        if line.isTooLong {
            note(.tooLarge, "the line is longer than the limit and was not read", line, offset: 0)
            return false
        }
        if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) { return false }
        guard let fault = tokenizer.tokenize(UnsafeRawBufferPointer(bytes)) else {
            return try take(line, bytes.span, repaired: 0)
        }
        if fault.reason == .invalidUTF8 {
            var text: [UInt8] = []
            swap(&text, &repaired)
            defer { swap(&text, &repaired) }
            text.removeAll(keepingCapacity: true)
            let count = appendRepaired(bytes.span, into: &text)
            if tokenizer.tokenize(text.span) == nil { return try take(line, text.span, repaired: count) }
        }
        if isLast, fault.reason == .incomplete {
            note(.truncated, "the output ends in the middle of a message", line, offset: fault.offset)
            return false
        }
        let message =
            switch fault.reason {
            case .depth: "the line is nested deeper than the limit"
            case .size: "the line has more values than the limit"
            default: "the line is not JSON"
            }
        try noteMalformed(message, line, offset: fault.offset)
        return false
    }

    private mutating func noteMalformed(_ message: String, _ line: LineSplitter.Line, offset: Int) throws {
        bad += 1
        note(.malformed, message, line, offset: offset)
        if bad > Self.badLimit {
            throw PortabilityError(
                .malformed, "more than \(Self.badLimit) lines of the tap's output are no Singer messages",
                remedy: "Run it by hand: standard output must have one JSON object a line, and nothing else")
        }
    }

    private mutating func note(_ kind: Finding.Kind, _ message: String, _ line: LineSplitter.Line, offset: Int) {
        guard findings.count < Self.located else {
            if kind == .malformed { badBeyond += 1 } else { longBeyond += 1 }
            return
        }
        findings.append(
            Finding(
                kind, message,
                at: .init(
                    source: source, line: line.number, column: offset + 1, byte: line.offset + Int64(offset))))
    }

    // MARK: messages

    private enum Kind { case record, schema, state, batch, version, other }

    private mutating func take(_ line: LineSplitter.Line, _ text: Span<UInt8>, repaired count: Int) throws -> Bool {
        guard tokenizer[0].kind == .object, let type = string("type", in: text) else {
            try noteMalformed("the line is JSON but no Singer message", line, offset: 0)
            return false
        }
        let kind: Kind =
            switch String(decoding: type, as: UTF8.self).uppercased() {
            case "RECORD": .record
            case "SCHEMA": .schema
            case "STATE": .state
            case "BATCH": .batch
            case "ACTIVATE_VERSION": .version
            default: .other
            }
        switch kind {
        case .state:
            guard let value = tokenizer.member(Self.value, of: 0, in: text) else {
                try noteMalformed("a STATE without a value", line, offset: 0)
                return false
            }
            var bytes: [UInt8] = []
            _ = tokenizer.appendCanonical(value, in: text, into: &bytes)
            state = bytes
            return false
        case .version: return false
        case .other:
            if tokenizer.member(Self.record, of: 0, in: text) == nil { unknown += 1 } else { unknownRecords += 1 }
            return false
        case .record, .schema, .batch: break
        }
        guard let name = string("stream", in: text) else {
            try noteMalformed("a message does not say which stream it is of", line, offset: 0)
            return false
        }
        if kind == .schema { try announce(name) }
        guard let stream = streams.firstIndex(where: { $0.name == name }) else {
            // It may be one that a dataset reads, under a name that nobody knows.
            if kind != .schema, !announced.contains(name) { unannounced += 1 }
            return false
        }
        switch kind {
        case .schema:
            try takeSchema(line, text, stream)
            return false
        case .batch:
            throw PortabilityError(
                .unsupported, "the tap gives a stream's records in files of their own (BATCH)",
                remedy: "Take `batch_config` out of the tap's configuration", at: .init(line: line.number))
        default: return try takeRecord(line, text, stream, repaired: count)
        }
    }

    private mutating func announce(_ name: [UInt8]) throws(PortabilityError) {
        if announced.contains(name) { return }
        guard name.count <= Self.nameLimit, announced.count < Self.streamLimit else {
            throw PortabilityError(
                .limit,
                "the tap announces more than \(Self.streamLimit) streams, or one whose name is longer than "
                    + "\(Self.nameLimit) bytes",
                remedy: "Let it give only the streams that datasets read")
        }
        announced.insert(name)
    }

    private static let value = Array("value".utf8)

    /// The value of a member that is a text.
    private func string(_ name: String, in text: Span<UInt8>) -> [UInt8]? {
        guard let value = tokenizer.member(Array(name.utf8), of: 0, in: text), tokenizer[value].kind == .string else {
            return nil
        }
        var bytes: [UInt8] = []
        _ = tokenizer.appendValue(of: tokenizer[value], in: text, into: &bytes)
        return bytes
    }

    private mutating func takeRecord(
        _ line: LineSplitter.Line, _ text: Span<UInt8>, _ stream: Int, repaired count: Int
    ) throws -> Bool {
        guard let record = tokenizer.member(Self.record, of: 0, in: text), tokenizer[record].kind == .object else {
            try noteMalformed("a RECORD without a record", line, offset: 0)
            return false
        }
        if streams[stream].schema == nil { streams[stream].early += 1 }
        var isFull = false
        var isMissed = false
        var isTaken = false
        for index in streams[stream].writers {
            let writer = writers[index]
            switch try writer.write(record, &tokenizer, text: text, position: line.offset) {
            case .another: continue
            case .untaken: isMissed = true
            case .taken:
                isTaken = true
                writer.noteRepaired(count)
                if writer.isFull { isFull = true }
            }
        }
        if isMissed, !isTaken { streams[stream].untaken += 1 }
        return isFull
    }

    private static let record = Array("record".utf8)

    private mutating func takeSchema(_ line: LineSplitter.Line, _ text: Span<UInt8>, _ stream: Int) throws {
        guard let schema = tokenizer.member(Array("schema".utf8), of: 0, in: text), tokenizer[schema].kind == .object
        else {
            try noteMalformed("a SCHEMA without a schema", line, offset: 0)
            return
        }
        scratch.removeAll(keepingCapacity: true)
        _ = tokenizer.appendCanonical(schema, in: text, into: &scratch)
        let keys = strings("key_properties", in: text)
        try RecordPlan.check(fields: 0, keyProperties: keys.count)
        for key in keys { scratch += key + [0] }
        var state = digest()
        state.update(scratch.span)
        let fingerprint = state.value()
        if streams[stream].schema == fingerprint { return }
        let isFirst = streams[stream].schema == nil
        if isFirst { streams[stream].schema = fingerprint } else { streams[stream].hasChanged = true }
        if !strings("bookmark_properties", in: text).isEmpty { streams[stream].hasBookmark = true }

        var names: Set<[UInt8]> = []
        if let properties = tokenizer.member(Array("properties".utf8), of: schema, in: text),
            tokenizer[properties].kind == .object
        {
            var key = properties + 1
            while key < Int(tokenizer[properties].next) {
                var name: [UInt8] = []
                _ = tokenizer.appendValue(of: tokenizer[key], in: text, into: &name)
                names.insert(name)
                key = Int(tokenizer[key + 1].next)
            }
        }
        try RecordPlan.check(fields: names.count, keyProperties: keys.count)
        for index in streams[stream].writers {
            writers[index].take(keyProperties: keys, names: names)
            if isFirst, !names.isEmpty { findings += writers[index].drift(from: names, source: source) }
        }
    }

    /// What the configuration names and a stream's schema does not have.
    static func drift(of plan: RecordPlan, from names: Set<[UInt8]>, source: String) -> [Finding] {
        var told: Set<RecordPath> = []
        return plan.paths.compactMap { use, path in
            guard !names.contains(path.names[0]), told.insert(path).inserted else { return nil }
            // By these records are found: without them some may be missing.
            let selects = use.hasPrefix("match.") || use == "tenant" || use == "where"
            return Finding(
                .drift, "the stream has no field `\(path.top)`, which the configuration names",
                at: .init(source: source, dataset: plan.id, field: use), losesRecords: selects)
        }
    }

    /// The texts in a member that is a list.
    private func strings(_ name: String, in text: Span<UInt8>) -> [[UInt8]] {
        guard let list = tokenizer.member(Array(name.utf8), of: 0, in: text), tokenizer[list].kind == .array else {
            return []
        }
        var found: [[UInt8]] = []
        var element = list + 1
        while element < Int(tokenizer[list].next) {
            if tokenizer[element].kind == .string {
                var bytes: [UInt8] = []
                _ = tokenizer.appendValue(of: tokenizer[element], in: text, into: &bytes)
                found.append(bytes)
            }
            element = Int(tokenizer[element].next)
        }
        return found
    }

    // MARK: the end

    /// What was noticed, after a tap that ended well.
    func finish() -> [Finding] {
        var all = findings
        let place = PortabilityError.Place(source: source)
        if badBeyond > 0 {
            all.append(Finding(.malformed, "more lines that are no Singer messages", at: place, count: badBeyond))
        }
        if longBeyond > 0 {
            all.append(Finding(.tooLarge, "more lines that were not read", at: place, count: longBeyond))
        }
        if unannounced > 0 {
            all.append(
                Finding(
                    .nonconforming, "records of streams that the tap had not announced with a SCHEMA were not read",
                    at: place,
                    count: unannounced, losesRecords: true))
        }
        if unknownRecords > 0 {
            all.append(
                Finding(
                    .nonconforming, "messages of unknown types, with a record in them, were not read", at: place,
                    count: unknownRecords, losesRecords: true))
        }
        if unknown > 0 {
            all.append(
                Finding(.nonconforming, "messages of unknown types were passed over", at: place, count: unknown))
        }
        for stream in streams {
            for index in stream.writers where writers[index].isWanted {
                let place = PortabilityError.Place(source: source, dataset: writers[index].plan.id)
                if stream.schema == nil {
                    all.append(
                        Finding(
                            .truncated,
                            stream.early == 0
                                ? "the tap ended well and never named the stream; nobody can say that it is empty"
                                : "the tap gave records and no SCHEMA, so that nobody can say that they are all",
                            at: place, count: max(1, stream.early)))
                } else if stream.early > 0 {
                    all.append(
                        Finding(
                            .nonconforming, "records came before their SCHEMA", at: place, count: stream.early,
                            losesRecords: true))
                }
                if stream.hasChanged {
                    all.append(Finding(.drift, "the stream's schema changed while it was read", at: place))
                }
                if stream.hasBookmark, state == nil {
                    all.append(
                        Finding(
                            .truncated, "the stream has bookmarks, and the tap ended well without a STATE", at: place))
                }
                if stream.untaken > 0 {
                    all.append(
                        Finding(
                            .unmapped,
                            "records of the subject that no dataset's `where` takes are not in the archive", at: place,
                            count: stream.untaken, losesRecords: true))
                }
            }
        }
        return all
    }
}
