import CTextScan
import Glibc
import SourceFiles

/// Tells files that matter to nobody asked for from those that may, by their bytes.
///
/// A file is left out only if the reading of it is certain to give nothing: no record and no finding. So its documents
/// are certainly well-formed invoices of a known syntax within all limits, and none of the identifiers stands in their
/// bytes, in an encoding and a spelling in which an identifier looks like itself. Everything else is read, and the
/// reader decides. An identifier that XML can only write in another way, or that an encoding spells otherwise, makes
/// candidates of all files in which that could be.
struct InvoiceSieve: Sendable {
    /// Elements and attributes that no rule takes are refused beyond a limit; below this many none is reached.
    private static let pieces = 20_000

    private let needles: [[UInt8]]
    /// False if a reference in a text could stand for a character of an identifier.
    private let allowsReferences: Bool
    /// False if the bytes of an identifier depend on the encoding.
    private let allowsEncodings: Bool
    private let depth: Int

    /// Makes a sieve for the values of all identifiers that could make an invoice the subject's; nil if there is one
    /// that cannot be told by bytes.
    init?(_ values: [[UInt8]], depth: Int) {
        var isPlain = true
        var isASCII = true
        for value in values {
            for byte in value {
                // White space but the space is spelled in several ways in attributes and at the ends of lines.
                if byte < 0x20 { return nil }
                if byte >= 0x80 { isASCII = false }
                if byte == 0x26 || byte == 0x3c || byte == 0x3e || byte == 0x22 || byte == 0x27 { isPlain = false }
            }
            // What is not valid in its encoding becomes U+FFFD.
            if String(decoding: value, as: UTF8.self).unicodeScalars.contains("\u{FFFD}") { return nil }
        }
        // No text has a value of no bytes.
        needles = values.filter { !$0.isEmpty }
        allowsReferences = isPlain && isASCII
        allowsEncodings = isASCII
        self.depth = depth
    }

    /// What one thread remembers from file to file.
    final class Memory {
        fileprivate let tags = UnsafeMutablePointer<xml_tag>.allocate(capacity: Int(XML_TAGS))

        init() { tags.initialize(repeating: xml_tag(), count: Int(XML_TAGS)) }

        deinit { tags.deallocate() }
    }

    /// False if reading the file is certain to give nothing.
    func mayMatter(_ text: UnsafeBufferPointer<UInt8>, _ memory: Memory) -> Bool {
        guard let base = text.baseAddress else { return true }
        for needle in needles where text_find(base, text.count, needle, needle.count) >= 0 { return true }
        return !holdsOnlyInvoices(text, base, memory)
    }

    /// True if the text is certain to be what ``Transmission`` reads without a fault: invoices, each with an envelope
    /// before it and messages of attachments behind it, or without.
    private func holdsOnlyInvoices(
        _ text: UnsafeBufferPointer<UInt8>, _ base: UnsafePointer<UInt8>, _ memory: Memory
    ) -> Bool {
        var start = text.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
        var isFirst = true
        /// True if the last document was an invoice or what belongs to one.
        var isComplete = false
        var pieces = Self.pieces
        while start < text.count {
            if isFirst { while start < text.count, isXMLSpace(text[start]) { start += 1 } }
            if let declaration = TransmissionScanner.declaration(in: text, at: start) {
                guard isKnown(declaration.encoding, text) else { return false }
                start = declaration.end
            }
            var document = xml_document()
            guard InvoiceSigns.scan(base, text.count, start, depth: depth, pieces: pieces, memory, &document),
                !document.is_split, allowsReferences || !document.has_references
            else { return false }
            let root = UnsafeBufferPointer(rebasing: text[document.root..<document.root + document.root_count])
            if InvoiceSigns.isEqual(root, "Envelope") {
                // An envelope belongs to what is behind it, unless there is nothing.
                isComplete = document.has_sign && document.end == text.count
            } else if InvoiceSigns.isEqual(root, "FinvoiceAttachments") {
                if !isComplete { return false }
            } else {
                guard document.has_sign else { return false }
                isComplete = true
            }
            start = document.end
            pieces -= document.pieces
            isFirst = false
        }
        return isComplete
    }

    private func isKnown(_ name: Range<Int>?, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let name else { return true }
        let spelled = UnsafeBufferPointer(rebasing: text[name])
        if InvoiceSigns.isEqual(spelled, "UTF-8") { return true }
        guard let encoding = TextEncoding(name: spelled) else { return false }
        return encoding == .utf8 || allowsEncodings
    }
}

/// What invoices are told by.
enum InvoiceSigns {
    /// Local names, and how the namespace begins that the element is in; Finvoice has none that counts.
    private static let signs: [(name: StaticString, uri: StaticString)] = [
        ("Finvoice", ""), ("Invoice", ublInvoice), ("CreditNote", ublCreditNote), ("CrossIndustryInvoice", cii),
    ]
    static let ublInvoice: StaticString = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-"
    static let ublCreditNote: StaticString = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-"
    static let cii: StaticString = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:"

    /// The same for C. It points to what lives as long as the program and is never written to.
    nonisolated(unsafe) private static let table: UnsafeBufferPointer<xml_sign> = {
        let table = UnsafeMutableBufferPointer<xml_sign>.allocate(capacity: signs.count)
        for (index, sign) in signs.enumerated() {
            table.initializeElement(
                at: index,
                to: xml_sign(
                    name: sign.name.utf8Start, name_count: sign.name.utf8CodeUnitCount, uri: sign.uri.utf8Start,
                    uri_count: sign.uri.utf8CodeUnitCount))
        }
        return UnsafeBufferPointer(table)
    }()

    /// Reads the document that begins at `start`, looking for signs of an invoice.
    fileprivate static func scan(
        _ text: UnsafePointer<UInt8>, _ count: Int, _ start: Int, depth: Int, pieces: Int,
        _ memory: InvoiceSieve.Memory, _ document: inout xml_document
    ) -> Bool {
        var rules = xml_rules(
            depth: depth, pieces: pieces, signs: table.baseAddress, sign_count: table.count, tags: memory.tags,
            take: nil, user: nil)
        return xml_scan(text, count, start, &rules, &document)
    }

    static func isEqual(_ text: UnsafeBufferPointer<UInt8>, _ word: StaticString) -> Bool {
        guard let base = text.baseAddress, text.count == word.utf8CodeUnitCount else { return false }
        return memcmp(base, word.utf8Start, text.count) == 0
    }
}
