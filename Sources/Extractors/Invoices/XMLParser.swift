import CLibXML2
import CTextScan
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

    /// The same in a text that begins behind so many lines.
    func behind(lines: Int64) -> XMLFailure {
        switch self {
        case .malformed(let code, let line): .malformed(code: code, line: lines + line)
        case .documentType(let line): .documentType(line: lines + line)
        case .tooDeep(let line): .tooDeep(line: lines + line)
        case .tooManyAttributes(let line): .tooManyAttributes(line: lines + line)
        case .tooManyNodes, .tooSlow, .noMemory: self
        }
    }
}

/// Limits on one document.
struct XMLLimits {
    var depth: Int
    var seconds: Double
    /// Attributes and namespaces of one element: libxml2 compares them all with each other.
    static let attributes = 256
    /// Elements, attributes and texts: a node costs more memory than the shortest element has bytes.
    static let nodes = 2 << 20
}

/// Reads XML as a stream into an ``XMLTree``, by libxml2's push parser.
///
/// It opens nothing, substitutes no entities and refuses a DOCTYPE before anything in it is looked at. It is given
/// UTF-8 only and heeds no encoding declaration: whoever feeds it has decoded the text.
///
/// Used by one thread and never by itself while it is in use; its variables are not checked for that at run time, as
/// there is one such check for every name and text otherwise.
final class XMLParser {
    @exclusivity(unchecked) var tree: XMLTree
    /// Errors that well-formedness survives (undeclared prefixes and the like).
    @exclusivity(unchecked) private(set) var nonconformities = 0
    @exclusivity(unchecked) private(set) var failure: XMLFailure?

    private let limits: XMLLimits
    @exclusivity(unchecked) private var context: xmlParserCtxtPtr?
    @exclusivity(unchecked) private var open: [Int] = []
    @exclusivity(unchecked) private var deadline = ContinuousClock.now
    /// Of a text that is certainly well-formed: where it is, the namespaces in scope, and room to spell text in.
    @exclusivity(unchecked) private var certain: UnsafePointer<UInt8>?
    /// True if it has almost as many nodes as the limit.
    @exclusivity(unchecked) private var isNearLimit = false
    @exclusivity(unchecked) private var declared: [(prefix: Range<Int>, uri: Range<Int>, depth: Int)] = []
    @exclusivity(unchecked) private var spelled: [UInt8] = []

    /// The namespace of the root and of each element named in ``watched``, as they come.
    @exclusivity(unchecked) private(set) var namespaces: [(node: Int, uri: String)] = []
    private let watched: [Int32]

    private static let initialized: Bool = {
        xmlInitParser()
        return true
    }()

    init(names: XMLNames, watched: [Int32], limits: XMLLimits) {
        _ = Self.initialized
        self.tree = XMLTree(names: names)
        self.watched = watched
        self.limits = limits
    }

    deinit {
        if let context { xmlFreeParserCtxt(context) }
    }

    private func reset() {
        finish()
        tree.reset()
        open.removeAll(keepingCapacity: true)
        namespaces.removeAll(keepingCapacity: true)
        declared.removeAll(keepingCapacity: true)
        nonconformities = 0
        isNearLimit = false
        failure = nil
        deadline = ContinuousClock.now + .seconds(limits.seconds)
    }

    /// Reads a document whole: what is certainly well-formed by ourselves, everything else by libxml2, which alone
    /// judges. Both build the same tree.
    func read(_ text: UnsafeBufferPointer<UInt8>) throws(XMLFailure) {
        if try readCertain(text) { return }
        try begin()
        try feed(text)
        try end()
    }

    /// Begins a document that comes in pieces. Lines are counted from its first byte.
    func begin() throws(XMLFailure) {
        reset()
        var handler = xmlSAXHandler()
        handler.initialized = UInt32(XML_SAX2_MAGIC)
        handler.internalSubset = { user, _, _, _ in XMLParser.from(user).documentType() }
        handler.startElementNs = { user, name, _, uri, namespaces, _, attributes, _, values in
            XMLParser.from(user).start(name, uri, Int(namespaces), Int(attributes), values)
        }
        handler.endElementNs = { user, _, _, _ in XMLParser.from(user).endElement() }
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
    func end() throws(XMLFailure) {
        guard let context else { return }
        let code = xmlParseChunk(context, nil, 0, 1)
        try check(code)
        if context.pointee.wellFormed == 0 { throw .malformed(code: code, line: line) }
        finish()
    }

    /// Frees the parser; the tree stays.
    func finish() {
        if let context { xmlFreeParserCtxt(context) }
        context = nil
    }

    private func check(_ code: Int32) throws(XMLFailure) {
        if let failure { throw failure }
        if let context, context.pointee.wellFormed == 0 { throw .malformed(code: code, line: line) }
    }

    private var line: Int64 { max(1, context.map { Int64(xmlSAX2GetLineNumber($0)) } ?? 1) }

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
            if failure == nil { failure = .malformed(code: code, line: max(1, Int64(line))) }
        } else {
            nonconformities += 1
        }
    }

    private func name(_ address: UnsafePointer<xmlChar>?, isAttribute: Bool) -> Int32 {
        guard let address else { return XMLNames.text }
        let text = UnsafeBufferPointer(start: address, count: strlen(UnsafePointer<CChar>(OpaquePointer(address))))
        return tree.names.intern(text, isAttribute: isAttribute)
    }

    private func start(
        _ name: UnsafePointer<xmlChar>?, _ uri: UnsafePointer<xmlChar>?, _ namespaces: Int, _ attributes: Int,
        _ values: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    ) {
        if failure != nil { return }
        if open.count >= limits.depth { return stop(.tooDeep(line: line)) }
        if namespaces + attributes > XMLLimits.attributes { return stop(.tooManyAttributes(line: line)) }
        if tree.count + attributes >= XMLLimits.nodes { return stop(.tooManyNodes) }
        let number = self.name(name, isAttribute: false)
        let node = tree.append(.element, name: number, parent: open.last ?? -1)
        if open.isEmpty || watched.contains(number) {
            let text = uri.map { String(cString: UnsafePointer<CChar>(OpaquePointer($0))) } ?? ""
            self.namespaces.append((node, text))
        }
        open.append(node)
        guard let values else { return }
        for index in 0..<attributes {
            let at = values + index * 5
            guard let begin = at[3], let end = at[4] else { continue }
            let attribute = tree.append(.attribute, name: self.name(at[0], isAttribute: true), parent: node)
            tree.setAttribute(attribute, UnsafeBufferPointer(start: begin, count: end - begin))
        }
    }

    private func endElement() {
        if failure == nil { open.removeLast() }
    }

    private func characters(_ text: UnsafePointer<xmlChar>?, _ count: Int32) {
        guard failure == nil, let text, count > 0, let node = open.last else { return }
        if tree.count >= XMLLimits.nodes { return stop(.tooManyNodes) }
        tree.appendText(UnsafeBufferPointer(start: text, count: Int(count)), to: node)
    }

    // MARK: What is certain

    /// Reads a document if it is certainly well-formed, and nothing of it is for libxml2 to judge.
    ///
    /// - Throws: `tooSlow`.
    func readCertain(_ text: UnsafeBufferPointer<UInt8>) throws(XMLFailure) -> Bool {
        guard let base = text.baseAddress else { return false }
        reset()
        certain = base
        defer { certain = nil }
        var rules = xml_rules(
            depth: limits.depth, pieces: .max, signs: nil, sign_count: 0, tags: nil,
            take: { user, events, count in
                XMLParser.from(user).take(UnsafeBufferPointer(start: events, count: count))
            }, user: Unmanaged.passUnretained(self).toOpaque())
        var document = xml_document()
        let isCertain = xml_scan(base, text.count, 0, &rules, &document) && document.end == text.count
        if let failure { throw failure }
        return isCertain && !isNearLimit
    }

    private func take(_ events: UnsafeBufferPointer<xml_event>) {
        guard let certain, failure == nil, !isNearLimit else { return }
        // Where exactly there are too many nodes is told by the other way of reading.
        if tree.count >= XMLLimits.nodes - 2 * events.count {
            isNearLimit = true
            return
        }
        if ContinuousClock.now > deadline {
            failure = .tooSlow
            return
        }
        func range(_ start: UInt32, _ count: UInt32) -> Range<Int> { Int(start)..<Int(start) + Int(count) }
        func text(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
            UnsafeBufferPointer(start: certain + range.lowerBound, count: range.count)
        }
        for event in events {
            let first = range(event.start, event.count)
            switch event.kind {
            case XML_SCAN_NAMESPACE.rawValue:
                declared.append((first, range(event.value, event.value_count), open.count))
            case XML_SCAN_START.rawValue:
                let number = tree.names.intern(text(first), isAttribute: false)
                let node = tree.append(.element, name: number, parent: open.last ?? -1)
                if open.isEmpty || watched.contains(number) {
                    let prefix = text(range(event.value, event.value_count))
                    let uri = declared.last { text($0.prefix).elementsEqual(prefix) }?.uri
                    namespaces.append((node, uri.map { String(decoding: text($0), as: UTF8.self) } ?? ""))
                }
                open.append(node)
            case XML_SCAN_ATTRIBUTE.rawValue:
                guard let node = open.last else { continue }
                let number = tree.names.intern(text(first), isAttribute: true)
                let attribute = tree.append(.attribute, name: number, parent: node)
                tree.setText(attribute, text(range(event.value, event.value_count)))
            case XML_SCAN_TEXT.rawValue:
                if let node = open.last { tree.appendText(text(first), to: node) }
            case XML_SCAN_REFERENCES.rawValue:
                guard let node = open.last else { continue }
                spell(text(first))
                spelled.withUnsafeBufferPointer { tree.appendText($0, to: node) }
            default:
                open.removeLast()
                while let last = declared.last, last.depth >= open.count { declared.removeLast() }
            }
        }
    }

    /// Puts a text into ``spelled`` as it is meant: references for what they stand for, line ends as line feeds.
    private func spell(_ text: UnsafeBufferPointer<UInt8>) {
        spelled.removeAll(keepingCapacity: true)
        var index = 0
        while index < text.count {
            let byte = text[index]
            index += 1
            if byte == 0x0d {
                if index == text.count || text[index] != 0x0a { spelled.append(0x0a) }
            } else if byte != 0x26 {
                spelled.append(byte)
            } else {
                let end = text[index...].firstIndex(of: 0x3b) ?? text.count
                appendReference(text[index..<end])
                index = min(end + 1, text.count)
            }
        }
    }

    /// One that the scanner let pass: a number of a character, or one of five names.
    private func appendReference(_ name: Slice<UnsafeBufferPointer<UInt8>>) {
        if name.first == 0x23 {
            let digits = String(decoding: name.dropFirst(), as: UTF8.self)
            let number = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
            if let scalar = number.flatMap(Unicode.Scalar.init) { spelled += Array(String(scalar).utf8) }
            return
        }
        switch String(decoding: name, as: UTF8.self) {
        case "amp": spelled.append(0x26)
        case "lt": spelled.append(0x3c)
        case "gt": spelled.append(0x3e)
        case "quot": spelled.append(0x22)
        default: spelled.append(0x27)
        }
    }
}
