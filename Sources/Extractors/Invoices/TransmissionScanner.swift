import Glibc

/// One XML document inside a file: transmissions set a SOAP envelope before the invoice, and batches set invoice
/// behind invoice, each with its own declaration, which no XML parser reads as one document.
struct TransmissionPart {
    /// Where the part lies: its declaration, root, and what follows up to the next part.
    var range: Range<Int>
    /// Where the root element begins; nil if there is none.
    var root: Int?
    /// The local name of the root.
    var rootName: Range<Int> = 0..<0
    /// The XML declaration.
    var declaration: Range<Int>?
    /// The name in the declaration's `encoding`.
    var encoding: Range<Int>?
    /// The document type declaration.
    var documentType: Range<Int>?
    /// True if the document type declaration is that of Finvoice 1.x, which declares nothing by itself.
    var isFinvoiceDocumentType = false
    /// An element has more attributes than the limit: libxml2's time for them grows with their square.
    var hasTooManyAttributes = false
}

/// Splits a file into its XML documents by looking at markup only, in any encoding that keeps ASCII.
///
/// It judges nothing: what is not well-formed is found by the parser. O(size).
struct TransmissionScanner {
    private let text: UnsafeBufferPointer<UInt8>
    private let attributeLimit: Int
    private(set) var parts: [TransmissionPart] = []

    private init(_ text: UnsafeBufferPointer<UInt8>, attributeLimit: Int) {
        self.text = text
        self.attributeLimit = attributeLimit
    }

    static func split(_ bytes: [UInt8], attributeLimit: Int) -> [TransmissionPart] {
        bytes.withUnsafeBufferPointer { text in
            var scanner = TransmissionScanner(text, attributeLimit: attributeLimit)
            scanner.scan()
            return scanner.parts
        }
    }

    /// The XML declaration that begins at a place: where it ends, and the name of its encoding.
    static func declaration(
        in text: UnsafeBufferPointer<UInt8>, at start: Int
    ) -> (end: Int, encoding: Range<Int>?)? {
        let scanner = TransmissionScanner(text, attributeLimit: 0)
        guard scanner.isDeclaration(start) else { return nil }
        let end = scanner.find("?>", from: start + 2)
        return (end, scanner.pseudoAttribute("encoding", in: start..<end))
    }

    private mutating func scan() {
        var index = 0
        if starts(0, "\u{FEFF}") { index = 3 }
        var part = TransmissionPart(range: 0..<0)
        var start = 0
        var depth = 0
        /// True behind a root element: the next declaration or root begins a part.
        var isClosed = false

        func finish(at end: Int) {
            part.range = start..<end
            parts.append(part)
            part = TransmissionPart(range: 0..<0)
            start = end
            isClosed = false
        }

        while let open = find(0x3c, from: index) {
            let sign = open + 1 < text.count ? text[open + 1] : 0
            if sign == 0x3f {
                let end = find("?>", from: open + 2)
                if isDeclaration(open) {
                    if isClosed || part.declaration != nil && part.root == nil { finish(at: open) }
                    if part.root == nil {
                        part.declaration = open..<end
                        part.encoding = pseudoAttribute("encoding", in: open..<end)
                    }
                }
                index = end
            } else if sign == 0x21, starts(open, "<!--") {
                index = find("-->", from: open + 4)
            } else if sign == 0x21, starts(open, "<![CDATA[") {
                index = find("]]>", from: open + 9)
            } else if sign == 0x21 {
                let end = declarationEnd(open)
                if depth == 0, part.documentType == nil {
                    if isClosed { finish(at: open) }
                    part.documentType = open..<end
                    part.isFinvoiceDocumentType = isFinvoiceDocumentType(open..<end)
                }
                index = end
            } else if sign == 0x2f {
                index = find(0x3e, from: open).map { $0 + 1 } ?? text.count
                if depth > 0 {
                    depth -= 1
                    if depth == 0 { isClosed = true }
                }
            } else {
                if depth == 0 {
                    if isClosed { finish(at: open) }
                    part.root = open
                    part.rootName = localName(open + 1)
                }
                let tag = tagEnd(open)
                if tag.attributes > attributeLimit { part.hasTooManyAttributes = true }
                index = tag.end
                if tag.isEmpty {
                    if depth == 0 { isClosed = true }
                } else {
                    depth += 1
                }
            }
        }
        if part.root != nil || part.declaration != nil || part.documentType != nil || parts.isEmpty {
            finish(at: text.count)
        } else if !parts.isEmpty {
            parts[parts.count - 1].range = parts[parts.count - 1].range.lowerBound..<text.count
        }
    }

    // MARK: Looking

    private func find(_ byte: UInt8, from index: Int) -> Int? {
        guard index < text.count, let base = text.baseAddress,
            let found = memchr(base + index, Int32(byte), text.count - index)
        else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }

    /// Behind the next occurrence, or the end.
    private func find(_ word: StaticString, from index: Int) -> Int {
        var index = index
        while let found = find(word.utf8Start[0], from: index) {
            if starts(found, word) { return found + word.utf8CodeUnitCount }
            index = found + 1
        }
        return text.count
    }

    private func starts(_ index: Int, _ word: StaticString) -> Bool {
        guard index + word.utf8CodeUnitCount <= text.count, let base = text.baseAddress else { return false }
        return memcmp(base + index, word.utf8Start, word.utf8CodeUnitCount) == 0
    }

    private func isDeclaration(_ open: Int) -> Bool {
        starts(open, "<?xml") && open + 5 < text.count && isXMLSpace(text[open + 5])
    }

    /// The value of `name="…"` in an XML declaration.
    private func pseudoAttribute(_ name: StaticString, in range: Range<Int>) -> Range<Int>? {
        var index = range.lowerBound
        while index < range.upperBound {
            let behind = find(name, from: index)
            if behind >= range.upperBound { return nil }
            index = behind
            while index < range.upperBound, isXMLSpace(text[index]) { index += 1 }
            guard index < range.upperBound, text[index] == 0x3d else { continue }
            index += 1
            while index < range.upperBound, isXMLSpace(text[index]) { index += 1 }
            guard index < range.upperBound, text[index] == 0x22 || text[index] == 0x27,
                let end = find(text[index], from: index + 1), end < range.upperBound
            else { continue }
            return index + 1..<end
        }
        return nil
    }

    private func localName(_ start: Int) -> Range<Int> {
        var name = start..<start
        var index = start
        while index < text.count, !isXMLSpace(text[index]), text[index] != 0x3e, text[index] != 0x2f {
            if text[index] == 0x3a { name = index + 1..<index + 1 }
            index += 1
        }
        return name.lowerBound..<index
    }

    /// The end of a start tag, minding quotes.
    private func tagEnd(_ open: Int) -> (end: Int, isEmpty: Bool, attributes: Int) {
        var index = open + 1
        var attributes = 0
        while index < text.count {
            switch text[index] {
            case 0x3e: return (index + 1, text[index - 1] == 0x2f, attributes)
            case 0x22, 0x27:
                attributes += 1
                index = find(text[index], from: index + 1) ?? text.count
            default: break
            }
            index += 1
        }
        return (text.count, false, attributes)
    }

    /// The end of `<!DOCTYPE …>`, minding quotes and the internal subset.
    private func declarationEnd(_ open: Int) -> Int {
        var index = open + 2
        var brackets = 0
        while index < text.count {
            switch text[index] {
            case 0x3e: if brackets == 0 { return index + 1 }
            case 0x5b: brackets += 1
            case 0x5d: brackets -= 1
            case 0x22, 0x27: index = find(text[index], from: index + 1) ?? text.count
            default: break
            }
            index += 1
        }
        return text.count
    }

    /// `<!DOCTYPE Finvoice SYSTEM "…Finvoice.dtd">` and nothing else: no public identifier, no internal subset.
    private func isFinvoiceDocumentType(_ range: Range<Int>) -> Bool {
        let words = text[range.dropLast()].split(whereSeparator: isXMLSpace)
        guard words.count == 4, words[0].elementsEqual("<!DOCTYPE".utf8), words[1].elementsEqual("Finvoice".utf8),
            words[2].elementsEqual("SYSTEM".utf8)
        else { return false }
        let system = words[3]
        guard system.count > 2, let quote = system.first, quote == 0x22 || quote == 0x27, system.last == quote else {
            return false
        }
        let name = system.dropFirst().dropLast()
        return !name.contains(quote) && name.reversed().starts(with: "Finvoice.dtd".utf8.reversed())
    }
}
