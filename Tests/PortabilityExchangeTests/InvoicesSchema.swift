import CLibXML2

/// The schema of Finvoice 3.0, as libxml2 judges by it.
final class InvoicesSchema {
    private let schema: xmlSchemaPtr
    private let context: xmlSchemaValidCtxtPtr

    init?(path: String) {
        guard let parser = xmlSchemaNewParserCtxt(path) else { return nil }
        defer { xmlSchemaFreeParserCtxt(parser) }
        guard let schema = xmlSchemaParse(parser), let context = xmlSchemaNewValidCtxt(schema) else { return nil }
        self.schema = schema
        self.context = context
        xmlSchemaSetValidStructuredErrors(context, { _, _ in }, nil)
    }

    deinit {
        xmlSchemaFreeValidCtxt(context)
        xmlSchemaFree(schema)
    }

    /// What is wrong with a document; nil if it is valid.
    func fault(in document: [UInt8]) -> String? {
        let parsed = document.withUnsafeBytes {
            xmlReadMemory(
                $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32($0.count), nil, nil, 1 << 6 | 1 << 5)
        }
        guard let parsed else { return "not well-formed" }
        defer { xmlFreeDoc(parsed) }
        if xmlSchemaValidateDoc(context, parsed) == 0 { return nil }
        return xmlGetLastError().map { String(cString: $0.pointee.message) } ?? "invalid"
    }

    /// True if a document is well-formed, whatever it is.
    static func isWellFormed(_ document: [UInt8]) -> Bool {
        let parsed = document.withUnsafeBytes {
            xmlReadMemory(
                $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32($0.count), nil, nil, 1 << 6 | 1 << 5)
        }
        defer { xmlFreeDoc(parsed) }
        return parsed != nil
    }
}
