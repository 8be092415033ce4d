/// What a token of the tape is.
///
/// Raw values 1 to 11 are those of ``ValueKind``.
@frozen
public struct TokenKind: Equatable, Sendable {
    public let rawValue: UInt8

    @inlinable
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A value of the given kind.
    @inlinable
    public init(_ kind: ValueKind) { self.rawValue = kind.rawValue }

    @inlinable public static var groupBegin: TokenKind { TokenKind(rawValue: 32) }
    @inlinable public static var groupEnd: TokenKind { TokenKind(rawValue: 33) }
    @inlinable public static var listBegin: TokenKind { TokenKind(rawValue: 34) }
    @inlinable public static var listEnd: TokenKind { TokenKind(rawValue: 35) }
    /// The name of an `other` field; the token after it is the value.
    @inlinable public static var otherName: TokenKind { TokenKind(rawValue: 36) }

    /// The kind of value, nil for structure.
    @inlinable
    public var value: ValueKind? { rawValue < 32 ? ValueKind(rawValue: rawValue) : nil }
}

/// One token of the tape: twelve bytes that say what it is and where its bytes lie.
@frozen
public struct TapeToken: Sendable {
    /// Index of the field in the group that encloses the token; ``otherField`` for `other` names and values; inside a
    /// list, the index of the list's field.
    public var field: UInt16
    public var kind: TokenKind
    /// Bit 0, ``clean``.
    public var flags: UInt8
    /// Where the value's bytes begin in the batch's buffer.
    public var offset: UInt32
    /// How many bytes the value has. For a begin, how many tokens lie between it and its end.
    public var length: UInt32

    /// Set if the value is valid UTF-8 and holds no `"`, no `\` and nothing below U+0020: it can be copied into JSON
    /// as it is. A value without the flag may still be clean.
    @inlinable public static var clean: UInt8 { 1 }
    /// The field index of `other` names and values.
    @inlinable public static var otherField: UInt16 { .max }

    @inlinable public var isClean: Bool { flags & 1 != 0 }
    @inlinable public var range: Range<Int> { Int(offset)..<Int(offset) + Int(length) }

    @inlinable
    public init(field: UInt16, kind: TokenKind, flags: UInt8, offset: UInt32, length: UInt32) {
        self.field = field
        self.kind = kind
        self.flags = flags
        self.offset = offset
        self.length = length
    }
}

/// A piece of a batch's buffer.
@frozen
public struct ByteRange: Sendable {
    public var offset: UInt32
    public var length: UInt32

    @inlinable
    public init(offset: Int, length: Int) {
        self.offset = UInt32(offset)
        self.length = UInt32(length)
    }

    @inlinable public static var none: ByteRange { ByteRange(offset: 0, length: 0) }
    @inlinable public var range: Range<Int> { Int(offset)..<Int(offset) + Int(length) }
    @inlinable public var isEmpty: Bool { length == 0 }
}

/// How a `record_id` is compared: SQL keys that are integers as numbers, everything else as bytes.
@frozen
public enum RecordIDKind: UInt8, Sendable {
    case integer, text
}

/// What the engine needs to know of a record beside its values.
@frozen
public struct RecordHead: Sendable {
    /// The record's tokens in ``RecordBatch/tokens``.
    public var firstToken: UInt32
    public var tokenCount: UInt32
    /// `record_id`, as text.
    public var id: ByteRange
    public var idKind: RecordIDKind
    /// Index into the kinds of identifier that the dataset declares, telling what ``subject`` is a value of.
    public var subjectKind: UInt8
    /// The subject key that the record carries.
    public var subject: ByteRange
    /// The tenant (key of the controller) that the record carries; empty if the dataset has none.
    public var tenant: ByteRange
    /// Index into the dataset's declared record classes; 0 if it has none.
    public var recordClass: UInt8
    /// For files: 0-based ordinal of the file in reading order; else 0.
    public var file: UInt32
    /// For files: byte offset of the record in the (inflated) file; else 0.
    public var position: UInt64

    @inlinable
    public init(
        firstToken: UInt32, tokenCount: UInt32, id: ByteRange, idKind: RecordIDKind, subjectKind: UInt8,
        subject: ByteRange, tenant: ByteRange, recordClass: UInt8, file: UInt32, position: UInt64
    ) {
        self.firstToken = firstToken
        self.tokenCount = tokenCount
        self.id = id
        self.idKind = idKind
        self.subjectKind = subjectKind
        self.subject = subject
        self.tenant = tenant
        self.recordClass = recordClass
        self.file = file
        self.position = position
    }

    @inlinable public var tokens: Range<Int> { Int(firstToken)..<Int(firstToken) + Int(tokenCount) }
}

/// Records on their way from an extractor to the encoders: one buffer of bytes, one flat tape of tokens.
///
/// The grammar of a record's tokens: fields in catalogue order, each at most once, then `other` fields in the order
/// of their names' bytes.
/// ```
/// record  = *field *other
/// field   = value | groupBegin *field groupEnd | listBegin *(value | groupBegin *field groupEnd) listEnd
/// other   = otherName value
/// ```
/// Lists are never empty, groups may not be empty either: what is absent has no token. String values are valid UTF-8
/// and not empty (absent, null and the empty string are one value). All other values are in canonical spelling.
public struct RecordBatch: Sendable {
    /// Which of the extraction's datasets the records belong to, as an index into ``ExtractionRequest/datasets``.
    public var dataset: Int
    public var bytes: [UInt8]
    public var tokens: [TapeToken]
    public var records: [RecordHead]

    /// Makes a batch from its parts; ``BatchBuilder`` is the usual way.
    public init(dataset: Int, bytes: [UInt8], tokens: [TapeToken], records: [RecordHead]) {
        self.dataset = dataset
        self.bytes = bytes
        self.tokens = tokens
        self.records = records
    }

    /// The text of a range of the buffer. For edges and tests, not for inner loops.
    public func text(_ range: ByteRange) -> String { String(decoding: bytes[range.range], as: UTF8.self) }
    /// The text of a token's value.
    public func text(_ token: TapeToken) -> String { String(decoding: bytes[token.range], as: UTF8.self) }
}

/// How large a batch may grow before it is handed on. It always holds one record: 0 counts as 1.
public struct BatchLimits: Sendable {
    /// Records.
    public var rows: Int
    /// Bytes of values.
    public var bytes: Int
    /// Bytes of one record, above which the record is refused.
    public var recordBytes: Int
    /// Nesting depth of groups and lists.
    public var depth: Int

    public init(rows: Int = 1024, bytes: Int = 128 << 10, recordBytes: Int = 64 << 20, depth: Int = 8) {
        self.rows = rows
        self.bytes = bytes
        self.recordBytes = recordBytes
        self.depth = depth
    }
}

/// Builds batches, copying bytes in.
///
/// Faults of the caller (a field out of order, an end without a begin, a record too large) are remembered and thrown
/// by ``endRecord()``, so that the calls in between stay free of `try`.
///
/// Bytes and tokens grow in memory of the builder's own, which stays warm from batch to batch; a batch gets a copy of
/// its exact size.
@frozen
public struct BatchBuilder: ~Copyable, @unchecked Sendable {
    // Unchecked: the pointers are owned by this value, which cannot be copied.
    @usableFromInline struct Frame: Sendable {
        @usableFromInline var begin: Int
        /// The list's field, -1 for a group.
        @usableFromInline var list: Int
        @usableFromInline var last: Int
        @inlinable
        init(begin: Int, list: Int, last: Int) {
            self.begin = begin
            self.list = list
            self.last = last
        }
    }
    @usableFromInline enum Fault: Sendable { case none, order, nesting, size, depth }

    public let limits: BatchLimits
    public let dataset: Int
    @usableFromInline var bytes: UnsafeMutablePointer<UInt8>
    @usableFromInline var byteCount = 0
    @usableFromInline var byteCapacity: Int
    @usableFromInline var tokens: UnsafeMutablePointer<TapeToken>
    @usableFromInline var tokenCount = 0
    @usableFromInline var tokenCapacity: Int
    @usableFromInline var records: [RecordHead] = []
    @usableFromInline var frames: [Frame] = []
    @usableFromInline var head: RecordHead
    @usableFromInline var recordBytes = 0
    /// The field of the list that is open innermost, -1 if none is or a group is open inside it.
    @usableFromInline var list = -1
    @usableFromInline var last = -1
    @usableFromInline var lastOther = -1..<(-1)
    @usableFromInline var fault: Fault = .none

    /// A builder for one dataset of an extraction.
    public init(dataset: Int, limits: BatchLimits = BatchLimits()) {
        self.dataset = dataset
        self.limits = limits
        byteCapacity = 4096
        bytes = .allocate(capacity: 4096)
        tokenCapacity = 256
        tokens = .allocate(capacity: 256)
        head = RecordHead(
            firstToken: 0, tokenCount: 0, id: .none, idKind: .text, subjectKind: 0, subject: .none, tenant: .none,
            recordClass: 0, file: 0, position: 0)
    }

    deinit {
        bytes.deallocate()
        tokens.deallocate()
    }

    /// Number of finished records.
    @inlinable public var count: Int { records.count }
    /// True when the batch should be taken and pushed; an empty one never is, whatever the limits.
    @inlinable public var isFull: Bool {
        !records.isEmpty && (records.count >= limits.rows || byteCount >= limits.bytes)
    }

    @usableFromInline
    mutating func growBytes(by count: Int) {
        byteCapacity = max(byteCapacity * 2, byteCount + count)
        let grown = UnsafeMutablePointer<UInt8>.allocate(capacity: byteCapacity)
        grown.update(from: bytes, count: byteCount)
        bytes.deallocate()
        bytes = grown
    }

    @usableFromInline
    mutating func growTokens() {
        tokenCapacity *= 2
        let grown = UnsafeMutablePointer<TapeToken>.allocate(capacity: tokenCapacity)
        grown.update(from: tokens, count: tokenCount)
        tokens.deallocate()
        tokens = grown
    }

    @inlinable
    mutating func copy(_ span: Span<UInt8>) -> ByteRange {
        let range = ByteRange(offset: byteCount, length: span.count)
        if byteCapacity - byteCount < span.count { growBytes(by: span.count) }
        span.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { (bytes + byteCount).update(from: base, count: source.count) }
        }
        byteCount &+= span.count
        return range
    }

    @inlinable
    mutating func put(_ token: TapeToken) {
        if tokenCount == tokenCapacity { growTokens() }
        tokens[tokenCount] = token
        tokenCount &+= 1
    }

    /// Begins a record. `id`, `subject` and `tenant` are copied.
    @inlinable
    public mutating func beginRecord(
        id: Span<UInt8>, idKind: RecordIDKind = .text, subject: Span<UInt8>, subjectKind: Int = 0,
        tenant: Span<UInt8>? = nil, recordClass: Int = 0, file: Int = 0, position: UInt64 = 0
    ) {
        recordBytes = byteCount
        frames.removeAll(keepingCapacity: true)
        list = -1
        last = -1
        lastOther = -1..<(-1)
        fault = .none
        let id = copy(id)
        let subject = copy(subject)
        let tenant = if let tenant { copy(tenant) } else { ByteRange.none }
        head = RecordHead(
            firstToken: UInt32(tokenCount), tokenCount: 0, id: id, idKind: idKind,
            subjectKind: UInt8(truncatingIfNeeded: subjectKind), subject: subject, tenant: tenant,
            recordClass: UInt8(truncatingIfNeeded: recordClass), file: UInt32(truncatingIfNeeded: file),
            position: position)
    }

    @inlinable
    mutating func advance(to field: Int) {
        if list >= 0 {
            if list != field { fault = .nesting }
        } else {
            if field <= last || lastOther.lowerBound >= 0 { fault = .order }
            last = field
        }
    }

    /// Adds a value: of a field, or of the list that is open. An empty string is absent and adds nothing.
    @inlinable
    public mutating func value(_ field: Int, _ kind: ValueKind, _ span: Span<UInt8>, clean: Bool = false) {
        if span.isEmpty { return }
        advance(to: field)
        if byteCount &- recordBytes &+ span.count > limits.recordBytes {
            fault = .size
            return
        }
        let range = copy(span)
        put(
            TapeToken(
                field: UInt16(truncatingIfNeeded: field), kind: TokenKind(kind), flags: clean ? TapeToken.clean : 0,
                offset: range.offset, length: range.length))
    }

    @inlinable
    mutating func begin(_ field: Int, isList: Bool) {
        advance(to: field)
        if frames.count >= limits.depth * 2 { fault = .depth }
        frames.append(Frame(begin: tokenCount, list: isList ? field : -1, last: last))
        list = isList ? field : -1
        if !isList { last = -1 }
        put(
            TapeToken(
                field: UInt16(truncatingIfNeeded: field), kind: isList ? .listBegin : .groupBegin, flags: 0, offset: 0,
                length: 0))
    }

    @inlinable
    mutating func end(isList: Bool) {
        guard let frame = frames.popLast(), (frame.list >= 0) == isList else {
            fault = .nesting
            return
        }
        let inside = tokenCount - frame.begin - 1
        last = frame.last
        list = frames.last?.list ?? -1
        if inside == 0 {
            tokenCount -= 1
            return
        }
        tokens[frame.begin].length = UInt32(inside)
        put(
            TapeToken(
                field: tokens[frame.begin].field, kind: isList ? .listEnd : .groupEnd, flags: 0, offset: 0, length: 0))
    }

    /// Opens a group. A group that stays empty leaves no token.
    @inlinable public mutating func beginGroup(_ field: Int) { begin(field, isList: false) }
    /// Closes the innermost group.
    @inlinable public mutating func endGroup() { end(isList: false) }
    /// Opens a list. Inside it, values and groups carry the list's own field index. An empty list leaves no token.
    @inlinable public mutating func beginList(_ field: Int) { begin(field, isList: true) }
    /// Closes the innermost list.
    @inlinable public mutating func endList() { end(isList: true) }

    @inlinable
    func precedes(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
        UnsafeBufferPointer(start: bytes + left.lowerBound, count: left.count).lexicographicallyPrecedes(
            UnsafeBufferPointer(start: bytes + right.lowerBound, count: right.count))
    }

    /// Adds an `other` field: after all fields of the record, in the order of the names' bytes.
    @inlinable
    public mutating func other(_ name: Span<UInt8>, _ kind: ValueKind, _ span: Span<UInt8>, clean: Bool = false) {
        if span.isEmpty { return }
        if !frames.isEmpty { fault = .nesting }
        if byteCount &- recordBytes &+ span.count &+ name.count > limits.recordBytes {
            fault = .size
            return
        }
        let nameRange = copy(name)
        if lastOther.lowerBound >= 0, !precedes(lastOther, nameRange.range) { fault = .order }
        lastOther = nameRange.range
        let valueRange = copy(span)
        put(
            TapeToken(
                field: TapeToken.otherField, kind: .otherName, flags: 0, offset: nameRange.offset,
                length: nameRange.length))
        put(
            TapeToken(
                field: TapeToken.otherField, kind: TokenKind(kind), flags: clean ? TapeToken.clean : 0,
                offset: valueRange.offset, length: valueRange.length))
    }

    /// Ends the record.
    ///
    /// - Throws: ``PortabilityError/Code/limit`` if the record is larger or deeper than the limits,
    ///   ``PortabilityError/Code/drift`` if its fields were not in the tape's order. The record is then dropped.
    @inlinable
    public mutating func endRecord() throws {
        if !frames.isEmpty { fault = .nesting }
        if fault != .none {
            let error = faultError()
            cancelRecord()
            throw error
        }
        head.tokenCount = UInt32(tokenCount) - head.firstToken
        records.append(head)
    }

    /// Forgets the record that was begun.
    @inlinable
    public mutating func cancelRecord() {
        tokenCount = Int(head.firstToken)
        byteCount = recordBytes
        frames.removeAll(keepingCapacity: true)
        fault = .none
    }

    @usableFromInline
    func faultError() -> PortabilityError {
        switch fault {
        case .size:
            PortabilityError(
                .limit, "a record is larger than \(limits.recordBytes) bytes",
                remedy: "Raise the limit `record_bytes`, or exclude the large column")
        case .depth:
            PortabilityError(.limit, "a record is nested deeper than \(limits.depth) levels")
        case .none, .order, .nesting:
            PortabilityError(
                .drift, "a record's fields are not in catalogue order",
                remedy: "This is a fault of the extractor; report it to whoever wrote it")
        }
    }

    /// Hands the finished records out and starts anew.
    public mutating func take() -> RecordBatch {
        let batch = RecordBatch(
            dataset: dataset, bytes: Array(UnsafeBufferPointer(start: bytes, count: byteCount)),
            tokens: Array(UnsafeBufferPointer(start: tokens, count: tokenCount)), records: records)
        records.removeAll(keepingCapacity: true)
        byteCount = 0
        tokenCount = 0
        // A record far above the usual size must not stay paid for.
        if byteCapacity > limits.bytes * 4 {
            bytes.deallocate()
            byteCapacity = limits.bytes
            bytes = .allocate(capacity: byteCapacity)
        }
        return batch
    }
}
