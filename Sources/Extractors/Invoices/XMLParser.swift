import CLibXML2
import Glibc

/// What stopped the reading of a document.
enum XMLFailure: Error, Equatable {
    /// Not well-formed: libxml2's code and the line. Its message is not kept, because it may quote the document.
    case malformed(code: Int32, line: Int64)
    case documentType(line: Int64)
    case tooDeep(line: Int64)
    case tooManyAttributes(line: Int64)
    case tooManyNodes
    case tooSlow
    case noMemory
}

/// Limits on one document.
struct XMLLimits {
    var depth: Int
    var seconds: Double
    /// Attributes and namespaces of one element: libxml2 compares them all with each other.
    var attributes = 256
    /// Elements, attributes and texts: a node costs more memory than the shortest element has bytes.
    var nodes = 2 << 20
}

/// Reads XML as a stream into an ``XMLTree``, by libxml2's push parser.
///
/// It opens nothing, substitutes no entities and refuses a DOCTYPE before anything in it is looked at. It is given
/// UTF-8 only and heeds no encoding declaration: whoever feeds it has decoded the text.
final class XMLParser {
    var tree: XMLTree
    /// Errors that well-formedness survives (undeclared prefixes and the like).
    private(set) var nonconformities = 0
    private(set) var failure: XMLFailure?

    private let limits: XMLLimits
    private var context: xmlParserCtxtPtr?
    private var open: [Int] = []
    private var firstLine: Int64 = 1
    private var deadline = ContinuousClock.now
    /// Interned names by the address libxml2 gives them, which it does once per parser.
    private var byAddress: [UnsafeRawPointer: Int32] = [:]
    private var attributesByAddress: [UnsafeRawPointer: Int32] = [:]

    /// The namespace of the root and of each element named in ``watched``, as they come.
    private(set) var namespaces: [(node: Int, uri: String)] = []
    private let watched: Set<Int32>

    private static let initialized: Bool = {
        xmlInitParser()
        return true
    }()

    init(names: XMLNames, watched: Set<Int32>, limits: XMLLimits) {
        _ = Self.initialized
        self.tree = XMLTree(names: names)
        self.watched = watched
        self.limits = limits
    }

    deinit {
        if let context { xmlFreeParserCtxt(context) }
    }

    /// Begins a document whose first byte stands on the given line of its file.
    func begin(line: Int64) throws(XMLFailure) {
        finish()
        tree.reset()
        open.removeAll(keepingCapacity: true)
        namespaces.removeAll(keepingCapacity: true)
        nonconformities = 0
        failure = nil
        firstLine = line
        deadline = ContinuousClock.now + .seconds(limits.seconds)
        var handler = xmlSAXHandler()
        handler.initialized = UInt32(XML_SAX2_MAGIC)
        handler.internalSubset = { user, _, _, _ in XMLParser.from(user).documentType() }
        handler.startElementNs = { user, name, _, uri, namespaces, _, attributes, _, values in
            XMLParser.from(user).start(name, uri, Int(namespaces), Int(attributes), values)
        }
        handler.endElementNs = { user, _, _, _ in XMLParser.from(user).end() }
        handler.characters = { user, text, count in XMLParser.from(user).characters(text, count) }
        handler.ignorableWhitespace = handler.characters
        handler.cdataBlock = handler.characters
        handler.serror = { user, error in
            guard let error else { return }
            XMLParser.from(user).note(
                code: error.pointee.code, line: error.pointee.line, isFatal: error.pointee.level == XML_ERR_FATAL)
        }
        let user = Unmanaged.passUnretained(self).toOpaque()
        guard let context = xmlCreatePushParserCtxt(&handler, user, nil, 0, nil) else { throw .noMemory }
        self.context = context
        let options = XML_PARSE_NONET.rawValue | XML_PARSE_IGNORE_ENC.rawValue | XML_PARSE_COMPACT.rawValue
        _ = xmlCtxtUseOptions(context, Int32(options))
        context.pointee.linenumbers = 1
        _ = xmlSwitchEncoding(context, XML_CHAR_ENCODING_UTF8)
    }

    /// Reads a piece of the document.
    func feed(_ text: UnsafeBufferPointer<UInt8>) throws(XMLFailure) {
        guard let context, let base = text.baseAddress else { return }
        var offset = 0
        while offset < text.count {
            let count = min(text.count - offset, 1 << 14)
            let piece = UnsafeRawPointer(base + offset).assumingMemoryBound(to: CChar.self)
            let code = xmlParseChunk(context, piece, Int32(count), 0)
            try check(code)
            if ContinuousClock.now > deadline { throw .tooSlow }
            offset += count
        }
    }

    /// The document is at its end.
    func end(_ context: Void = ()) throws(XMLFailure) {
        guard let context = self.context else { return }
        let code = xmlParseChunk(context, nil, 0, 1)
        try check(code)
        if context.pointee.wellFormed == 0 { throw .malformed(code: code, line: line) }
        finish()
    }

    /// Frees the parser; the tree stays.
    func finish() {
        if let context { xmlFreeParserCtxt(context) }
        context = nil
        byAddress.removeAll(keepingCapacity: true)
        attributesByAddress.removeAll(keepingCapacity: true)
    }

    private func check(_ code: Int32) throws(XMLFailure) {
        if let failure { throw failure }
        if let context, context.pointee.wellFormed == 0 { throw .malformed(code: code, line: line) }
    }

    private var line: Int64 { firstLine - 1 + max(1, context.map { Int64(xmlSAX2GetLineNumber($0)) } ?? 1) }

    // MARK: Callbacks

    private static func from(_ user: UnsafeMutableRawPointer?) -> XMLParser {
        // The parser passes back what begin(line:) gave it.
        Unmanaged<XMLParser>.fromOpaque(user.unsafelyUnwrapped).takeUnretainedValue()
    }

    private func stop(_ failure: XMLFailure) {
        if self.failure == nil { self.failure = failure }
        xmlStopParser(context)
    }

    private func documentType() { stop(.documentType(line: line)) }

    private func note(code: Int32, line: Int32, isFatal: Bool) {
        if isFatal {
            if failure == nil { failure = .malformed(code: code, line: firstLine - 1 + max(1, Int64(line))) }
        } else {
            nonconformities += 1
        }
    }

    private func name(_ address: UnsafePointer<xmlChar>?, isAttribute: Bool) -> Int32 {
        guard let address else { return XMLNames.text }
        let raw = UnsafeRawPointer(address)
        if let known = isAttribute ? attributesByAddress[raw] : byAddress[raw] { return known }
        let text = UnsafeBufferPointer(start: address, count: strlen(UnsafePointer<CChar>(OpaquePointer(address))))
        let number = tree.names.intern(text, isAttribute: isAttribute)
        if isAttribute { attributesByAddress[raw] = number } else { byAddress[raw] = number }
        return number
    }

    private func start(
        _ name: UnsafePointer<xmlChar>?, _ uri: UnsafePointer<xmlChar>?, _ namespaces: Int, _ attributes: Int,
        _ values: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    ) {
        if failure != nil { return }
        if open.count >= limits.depth { return stop(.tooDeep(line: line)) }
        if namespaces + attributes > limits.attributes { return stop(.tooManyAttributes(line: line)) }
        if tree.count + attributes >= limits.nodes { return stop(.tooManyNodes) }
        let number = self.name(name, isAttribute: false)
        let line = UInt32(clamping: self.line)
        let node = tree.append(.element, name: number, parent: open.last ?? -1, line: line)
        if open.isEmpty || watched.contains(number) {
            let text = uri.map { String(cString: UnsafePointer<CChar>(OpaquePointer($0))) } ?? ""
            self.namespaces.append((node, text))
        }
        open.append(node)
        guard let values else { return }
        for index in 0..<attributes {
            let at = values + index * 5
            guard let begin = at[3], let end = at[4] else { continue }
            let attribute = tree.append(
                .attribute, name: self.name(at[0], isAttribute: true), parent: node, line: line)
            tree.setAttribute(attribute, UnsafeBufferPointer(start: begin, count: end - begin))
        }
    }

    private func end() {
        if failure == nil { open.removeLast() }
    }

    private func characters(_ text: UnsafePointer<xmlChar>?, _ count: Int32) {
        guard failure == nil, let text, count > 0, let node = open.last else { return }
        if tree.count >= limits.nodes { return stop(.tooManyNodes) }
        tree.appendText(
            UnsafeBufferPointer(start: text, count: Int(count)), to: node, line: UInt32(clamping: line))
    }
}
