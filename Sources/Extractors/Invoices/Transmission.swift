import CTextScan
import PortabilityModel
import PortabilityText
import SourceFiles

/// Why a document was not read.
struct TransmissionFailure: Error {
    var kind: Finding.Kind
    var message: String
    var line: Int64?
    var byte: Int64?

    init(_ failure: XMLFailure, byte: Int64) {
        self.byte = byte
        kind = .malformed
        switch failure {
        case .malformed(let code, let line):
            message = "the XML is not well-formed (libxml2 error \(code))"
            self.line = line
        case .documentType(let line):
            message = "the XML has a DOCTYPE, which is refused"
            self.line = line
        case .tooDeep(let line):
            message = "the XML is nested deeper than the limit"
            kind = .tooLarge
            self.line = line
        case .tooManyAttributes(let line):
            message = "an XML element has more attributes than the limit"
            kind = .tooLarge
            self.line = line
        case .tooManyNodes:
            message = "the XML has more elements than the limit"
            kind = .tooLarge
        case .tooSlow:
            message = "the XML takes longer to read than the limit"
            kind = .tooLarge
        case .noMemory:
            message = "there is not enough memory to read the XML"
            kind = .unreadable
        }
    }

    init(_ kind: Finding.Kind, _ message: String, line: Int64?, byte: Int64) {
        self.kind = kind
        self.message = message
        self.line = line
        self.byte = byte
    }
}

/// One file as it was moved: XML documents one behind the other, of which some are invoices and others their
/// envelopes and attachments.
struct Transmission {
    /// One invoice with what belongs to it.
    struct Document {
        /// Where it lies in the file.
        var raw: Range<Int>
        fileprivate var parts: Range<Int>
        fileprivate var main: Int
    }

    /// Bytes of decoded text whose memory is kept for the next.
    private static let keptBytes = 1 << 20

    private(set) var documents: [Document] = []
    /// The file in an encoding that keeps ASCII: its own bytes, or UTF-8 for UTF-16.
    private let text: [UInt8]
    private let isUTF16: Bool
    /// Places that were not valid UTF-16.
    private let replaced: Int
    private let parts: [TransmissionPart]
    /// The first encoding that is declared: what documents without a declaration are in, if they are not UTF-8.
    private let fallback: TextEncoding?

    init(_ bytes: [UInt8]) {
        if let bigEndian = Self.isUTF16(bytes) {
            var decoded: [UInt8] = []
            replaced = TextEncoding.utf16(bigEndian: bigEndian).decode(bytes.span, into: &decoded)
            text = decoded
            isUTF16 = true
        } else {
            replaced = 0
            text = bytes
            isUTF16 = false
        }
        parts = TransmissionScanner.split(text, attributeLimit: XMLLimits.attributes)
        var declared: TextEncoding?
        for part in parts {
            guard let name = part.encoding, let encoding = TextEncoding(name: text[name]) else { continue }
            declared = encoding
            break
        }
        fallback = declared
        group()
    }

    /// A file of one document that has its declaration, if any, at its beginning.
    private init(single bytes: [UInt8]) {
        replaced = 0
        text = bytes
        isUTF16 = false
        fallback = nil
        var part = TransmissionPart(range: 0..<bytes.count)
        bytes.withUnsafeBufferPointer { text in
            var start = text.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
            while start < text.count, isXMLSpace(text[start]) { start += 1 }
            guard let found = TransmissionScanner.declaration(in: text, at: start) else { return }
            part.declaration = start..<found.end
            part.encoding = found.encoding
        }
        parts = [part]
        group()
    }

    /// A file, and what came of its first document. Most files have one document that is certainly well-formed: then
    /// reading it shows that there is no other, and the file need not be split.
    static func begin(_ bytes: [UInt8], with reader: InvoiceReader) -> (Transmission, Outcome) {
        if isUTF16(bytes) == nil {
            let single = Transmission(single: bytes)
            if let outcome = single.outcomeIfSingle(with: reader) { return (single, outcome) }
        }
        let transmission = Transmission(bytes)
        guard let first = transmission.documents.first else { return (transmission, .noInvoice) }
        return (transmission, transmission.outcome(of: first, with: reader))
    }

    /// The byte order if the file is UTF-16, told by its mark or by its first `<`.
    private static func isUTF16(_ bytes: [UInt8]) -> Bool? {
        guard bytes.count >= 4 else { return nil }
        switch (bytes[0], bytes[1], bytes[2], bytes[3]) {
        case (0xff, 0xfe, _, _): return false
        case (0xfe, 0xff, _, _): return true
        case (0x3c, 0, _, 0): return false
        case (0, 0x3c, 0, _): return true
        default: return nil
        }
    }

    private func hasRoot(_ part: TransmissionPart, _ name: StaticString) -> Bool {
        text.withUnsafeBufferPointer { InvoiceSigns.isEqual(UnsafeBufferPointer(rebasing: $0[part.rootName]), name) }
    }

    /// An envelope belongs to the document behind it, a message of attachments to the one before it.
    private mutating func group() {
        var first = 0
        for (index, part) in parts.enumerated() {
            if hasRoot(part, "FinvoiceAttachments"), var last = documents.popLast() {
                last.parts = last.parts.lowerBound..<index + 1
                documents.append(last)
                first = index + 1
            } else if !hasRoot(part, "Envelope") || index == parts.count - 1 {
                documents.append(Document(raw: 0..<0, parts: first..<index + 1, main: index))
                first = index + 1
            }
        }
        for index in documents.indices {
            let parts = parts[documents[index].parts]
            let range = (parts.first?.range.lowerBound ?? 0)..<(parts.last?.range.upperBound ?? 0)
            documents[index].raw = isUTF16 ? raw(range) : range
        }
    }

    private func raw(_ range: Range<Int>) -> Range<Int> {
        TextEncoding.utf16Length(
            of: text[..<range.lowerBound])..<TextEncoding.utf16Length(of: text[..<range.upperBound])
    }

    /// What came of reading a document.
    enum Outcome {
        case invoice
        case noInvoice
        case failure(TransmissionFailure)
        /// It is an invoice beyond a limit.
        case limit(PortabilityError)
    }

    /// Reads one document into the reader's record.
    func outcome(of document: Document, with reader: InvoiceReader) -> Outcome {
        reader.reset()
        if document.parts.count > 1 { reader.note(.secondDocument) }
        for index in document.parts {
            do throws(TransmissionFailure) {
                try parse(index, with: reader)
            } catch {
                return .failure(error)
            }
            do throws(PortabilityError) {
                if index < document.main {
                    try reader.readCompanion(reader.rules.envelope)
                } else if index > document.main {
                    let isEnvelope = hasRoot(parts[index], "Envelope")
                    try reader.readCompanion(isEnvelope ? reader.rules.envelope : reader.rules.attachments)
                } else if try !readInvoice(with: reader) {
                    return .noInvoice
                }
            } catch {
                return .limit(error)
            }
        }
        return .invoice
    }

    /// Reads the invoice in the parser's tree; false if there is none.
    private func readInvoice(with reader: InvoiceReader) throws(PortabilityError) -> Bool {
        guard let found = reader.recognise() else { return false }
        try reader.readInvoice(found.syntax, root: found.root)
        return true
    }

    /// What came of the only document; nil if it is not certain to be one, and to be well-formed.
    private func outcomeIfSingle(with reader: InvoiceReader) -> Outcome? {
        reader.reset()
        let part = parts[0]
        let start = part.declaration?.upperBound ?? behindMark(0)
        do throws(TransmissionFailure) {
            let encoding = try encoding(of: part, start: start, reader: reader)
            var isCertain = false
            do throws(XMLFailure) {
                try decoded(start..<part.range.upperBound, encoding, reader) { (text) throws(XMLFailure) in
                    isCertain = try reader.parser.readCertain(text)
                }
            } catch {
                return nil
            }
            if !isCertain { return nil }
        } catch {
            return nil
        }
        do throws(PortabilityError) {
            return try readInvoice(with: reader) ? .invoice : .noInvoice
        } catch {
            return .limit(error)
        }
    }

    private func parse(_ index: Int, with reader: InvoiceReader) throws(TransmissionFailure) {
        let part = parts[index]
        let start = part.declaration?.upperBound ?? behindMark(part.range.lowerBound)
        let byte = Int64(part.range.lowerBound)
        if let type = part.documentType {
            guard part.isFinvoiceDocumentType, hasRoot(part, "Finvoice") else {
                throw TransmissionFailure(.documentType(line: line(max(start, type.lowerBound))), byte: byte)
            }
            reader.note(.documentType)
        }
        if part.hasTooManyAttributes { throw TransmissionFailure(.tooManyAttributes(line: line(start)), byte: byte) }
        let encoding = try encoding(of: part, start: start, reader: reader)
        let parser = reader.parser
        do {
            if let type = part.documentType {
                try parser.begin()
                try decoded(start..<type.lowerBound, encoding, reader, parser.feed)
                // Its line ends stay, so that lines are counted right.
                let ends = [UInt8](repeating: 0x0a, count: text[type].count { $0 == 0x0a } + 1)
                try ends.withUnsafeBufferPointer(parser.feed)
                try decoded(type.upperBound..<part.range.upperBound, encoding, reader, parser.feed)
                try parser.end()
            } else {
                try decoded(start..<part.range.upperBound, encoding, reader, parser.read)
            }
            if parser.nonconformities > 0 { reader.note(.namespace, count: Int64(parser.nonconformities)) }
        } catch {
            parser.finish()
            throw TransmissionFailure(error.behind(lines: line(start) - 1), byte: byte)
        }
    }

    /// The line on which a place is.
    private func line(_ place: Int) -> Int64 { 1 + Int64(text[..<place].count { $0 == 0x0a }) }

    private func behindMark(_ start: Int) -> Int {
        text[start...].starts(with: [0xef, 0xbb, 0xbf]) ? start + 3 : start
    }

    /// Hands out a part of the text as UTF-8.
    private func decoded(
        _ range: Range<Int>, _ encoding: TextEncoding, _ reader: InvoiceReader,
        _ body: (UnsafeBufferPointer<UInt8>) throws(XMLFailure) -> Void
    ) throws(XMLFailure) {
        if encoding == .utf8, Self.isValid(text.span.extracting(range)) {
            try text.withUnsafeBufferPointer { (buffer) throws(XMLFailure) in
                try body(UnsafeBufferPointer(rebasing: buffer[range]))
            }
            return
        }
        var decoded: [UInt8] = []
        swap(&decoded, &reader.decoded)
        decoded.removeAll(keepingCapacity: decoded.capacity <= Self.keptBytes)
        defer { swap(&decoded, &reader.decoded) }
        reader.replaced += encoding.decode(text.span.extracting(range), into: &decoded)
        try decoded.withUnsafeBufferPointer { (buffer) throws(XMLFailure) in try body(buffer) }
    }

    private static func isValid(_ text: Span<UInt8>) -> Bool {
        text.withUnsafeBufferPointer { text in text.baseAddress.map { text_is_utf8($0, text.count) } ?? true }
    }

    /// What the part is encoded in: its mark, else its declaration, else UTF-8.
    private func encoding(
        of part: TransmissionPart, start: Int, reader: InvoiceReader
    ) throws(TransmissionFailure) -> TextEncoding {
        let declared = part.encoding.flatMap { TextEncoding(name: text[$0]) }
        if isUTF16 {
            reader.replaced += replaced
            if let declared, declared == .utf8 || declared == .latin1 || declared == .latin9 { reader.note(.encoding) }
            return .utf8
        }
        if part.encoding != nil, declared == nil {
            throw TransmissionFailure(
                .unreadable, "the XML declares a character encoding that is not read", line: line(start),
                byte: Int64(part.range.lowerBound))
        }
        if behindMark(part.range.lowerBound) > part.range.lowerBound {
            if let declared, declared != .utf8 { reader.note(.encoding) }
            return .utf8
        }
        switch declared {
        case .utf16:
            // Written by programs that keep text as UTF-16 and say so, whatever they store.
            reader.note(.encoding)
            return .utf8
        case .some(let encoding): return encoding
        case nil:
            if let fallback, fallback != .utf8, !Self.isValid(text.span.extracting(start..<part.range.upperBound)) {
                return fallback
            }
            return .utf8
        }
    }
}
