import PortabilityModel

/// Where a value goes: groups from the enclosing target (or from the record) to the field.
struct MappingTarget: Sendable {
    enum Step: Sendable {
        /// A single group, or the last element of a list.
        case last(Int)
        /// A new element of a list.
        case append(Int)
        /// The last element of a list, or a new one if that has the value already.
        case untilSet(Int)
        /// The element of a list that bears this key in this record, whatever comes in between.
        case keyed(Int, key: Int)
    }

    var fromRecord = false
    var steps: [Step] = []
    /// The field of the last group; -1 if the target is that group itself.
    var field = -1
    var kind: ValueKind = .string
    var isList = false
    /// A value that the field has already is not missed.
    var isOptional = false
    /// The same value once more is not missed.
    var mayRepeat = false
    /// The layout group in which ``field`` lies, or which the target is.
    var group = 0
}

/// What is done with one element or attribute.
enum MappingAction: Sendable {
    /// Nothing with its text; what is inside has rules of its own.
    case none
    /// The text goes to all targets.
    case value([MappingTarget])
    /// The text goes to the first target that is free.
    case firstFree([MappingTarget])
    /// The texts of all siblings of that name go to one field, each on a line.
    case joined(MappingTarget)
    /// What is inside goes to a group; the element's own text to a field of it, with constants beside it.
    case group(MappingTarget, text: MappingTarget?, constants: [(target: MappingTarget, text: [UInt8])])
    /// Part of the syntax, with nothing to carry.
    case understood
    case handler(MappingHandler)
}

/// Rules that need more than a place.
enum MappingHandler: String, Sendable {
    /// An invoice line: an element of `lines`, with sub-lines behind it.
    case line
    /// UBL: VAT number or another tax register's, by the scheme beside it.
    case partyTaxScheme
    /// CII: the same, by the attribute.
    case taxRegistration
    /// UBL: an identifier, which with scheme SEPA is that of the creditor.
    case partyIdentification
    /// UBL: a note that may begin with `#CODE#`.
    case note
    /// Invoice type code of UNTDID 1001.
    case typeCode
    /// Finvoice's own type code.
    case finvoiceType
    /// UBL and CII: total VAT, by its currency.
    case taxTotal
    /// UBL and CII: an attachment, invoiced object or tender, by its type code.
    case additionalReference
    /// UBL and CII: the object of a line.
    case lineReference
    /// UBL: the purchase order, for which the schema asks even where there is only a sales order.
    case orderReference
    /// CII: the name of the project, for which the schema asks where there is only a number.
    case projectName
    /// CII: the base quantity of the gross price, which EN 16931 has only once.
    case grossBase
    /// CII: one of the codes for the VAT point, spelled as UBL does.
    case taxPointCode
    /// CII: the reference for all payment means.
    case paymentReference
    /// CII: mandate and creditor of the direct debit.
    case mandate, creditor
    /// UBL: all references of a payment means.
    case paymentID
    /// `VAT` is part of the syntax; another scheme is not.
    case vat
    /// Finvoice: invoiced and delivered quantity.
    case quantity
    /// Finvoice: net or gross price, by what else there is.
    case unitPrice
    /// Finvoice: the payment's reference, by its scheme.
    case remittance
    /// Finvoice: names and addresses of attachments, which belong together by their order.
    case linkName, linkAddress
    /// Finvoice: the total with VAT, whose currency is that of the invoice.
    case grandTotal
    /// SOAP: addresses of sender and receiver, by role.
    case messageParty
    /// Content in Base64.
    case content
}

/// The rules of one syntax, compiled to a tree over names.
struct Mapping: Sendable {
    struct Rule: Sendable {
        /// Sorted by name.
        var children: [(name: Int32, rule: Int)] = []
        var action: MappingAction = .none
        /// The word that was written behind a handler.
        var argument = ""
        /// The layout group in which what is inside goes.
        var group = 0
    }

    /// The rule of an element of which nothing is known.
    var emptyRule: Int { rules.count - 1 }

    private(set) var rules: [Rule] = []
    /// Names of attributes that are understood wherever no rule takes them.
    private(set) var syntaxAttributes: Set<Int32> = []
    /// Lines of the tables that name something that does not exist; a test holds this empty.
    private(set) var faults: [String] = []

    func child(of rule: Int, name: Int32) -> Int? {
        let children = rules[rule].children
        var low = 0
        var high = children.count
        while low < high {
            let middle = (low + high) / 2
            if children[middle].name < name { low = middle + 1 } else { high = middle }
        }
        return low < children.count && children[low].name == name ? children[low].rule : nil
    }

    /// Compiles tables.
    init(_ builder: MappingBuilder, layout: EntityLayout, names: inout XMLNames) {
        rules = builder.nodes.map { _ in Rule() }
        for name in builder.syntaxAttributes { syntaxAttributes.insert(names.intern("@" + name)) }
        compile(0, builder, layout, group: 0, names: &names)
        rules.append(Rule())
    }

    private mutating func compile(
        _ index: Int, _ builder: MappingBuilder, _ layout: EntityLayout, group: Int, names: inout XMLNames
    ) {
        let node = builder.nodes[index]
        var inner = group
        if let text = node.text {
            rules[index].argument = text.argument
            let action = action(text, layout, group: group)
            if let action {
                rules[index].action = action
            } else {
                faults.append("\(text.line.prefix)/\(text.line.spelled)")
            }
            if case .group(let target, _, _)? = action { inner = target.group }
            if let name = text.inner {
                if let target = target(name, layout, group: group, isGroup: true) {
                    inner = target.group
                } else {
                    faults.append("\(text.line.prefix)/\(text.line.spelled)")
                }
            }
        }
        rules[index].group = inner
        var children: [(name: Int32, rule: Int)] = []
        for child in node.children {
            compile(child.index, builder, layout, group: inner, names: &names)
            children.append((names.intern(child.name), child.index))
        }
        for link in node.links {
            if let rule = builder.find(link.path) {
                children.append((names.intern(link.name), rule))
            } else {
                faults.append("\(link.name) -> \(link.path)")
            }
        }
        rules[index].children = children.sorted { $0.name < $1.name }
    }

    private func action(_ text: MappingBuilder.Text, _ layout: EntityLayout, group: Int) -> MappingAction? {
        switch text.form {
        case .understood: return .understood
        case .handler(let name): return MappingHandler(rawValue: name).map { .handler($0) }
        case .value(let names):
            let targets = names.compactMap { target($0, layout, group: group, isGroup: false) }
            return targets.count == names.count ? .value(targets) : nil
        case .firstFree(let names):
            let targets = names.compactMap { target($0, layout, group: group, isGroup: false) }
            return targets.count == names.count ? .firstFree(targets) : nil
        case .joined(let name): return target(name, layout, group: group, isGroup: false).map { .joined($0) }
        case .group(let name, let own, let constants):
            guard let found = target(name, layout, group: group, isGroup: true) else { return nil }
            var inside: MappingTarget?
            if let own {
                inside = target(own, layout, group: found.group, isGroup: false)
                if inside == nil { return nil }
            }
            var fixed: [(target: MappingTarget, text: [UInt8])] = []
            for constant in constants {
                guard let place = target(constant.name, layout, group: found.group, isGroup: false) else { return nil }
                fixed.append((place, Array(constant.value.utf8)))
            }
            return .group(found, text: inside, constants: fixed)
        }
    }

    private func target(_ name: String, _ layout: EntityLayout, group: Int, isGroup: Bool) -> MappingTarget? {
        var name = Array(name.utf8)[...]
        var target = MappingTarget()
        if name.first == UInt8(ascii: "/") {
            target.fromRecord = true
            name = name.dropFirst()
        }
        if name.last == UInt8(ascii: "?") {
            target.isOptional = true
            name = name.dropLast()
        }
        if name.last == UInt8(ascii: "=") {
            target.mayRepeat = true
            name = name.dropLast()
        }
        target.group = target.fromRecord ? 0 : group
        let parts = MappingBuilder.parts(of: name, at: ".")
        for (position, part) in parts.enumerated() {
            let pieces = MappingBuilder.words(of: part, at: "[")
            guard let field = layout.groups[target.group].index(of: pieces[0]) else { return nil }
            let definition = layout.groups[target.group].fields[field]
            if position == parts.count - 1, !isGroup {
                guard let kind = definition.kind, pieces.count == 1 else { return nil }
                target.field = field
                target.kind = kind
                target.isList = definition.isList
                return target
            }
            guard definition.kind == nil else { return nil }
            let mode = pieces.count > 1 ? String(decoding: pieces[1].utf8.dropLast(), as: UTF8.self) : "last"
            guard definition.isList || mode == "last" else { return nil }
            switch mode {
            case "+": target.steps.append(.append(field))
            case "?": target.steps.append(.untilSet(field))
            case "last": target.steps.append(.last(field))
            default:
                let key = String(decoding: mode.utf8.dropFirst(), as: UTF8.self)
                target.steps.append(.keyed(field, key: Self.keys.firstIndex(of: key) ?? Self.keys.count))
            }
            target.group = definition.group
        }
        return isGroup ? target : nil
    }

    /// Keys are a closed set, so that they need no table.
    static let keys = ["epi", "person", "office", "deliverer", "manufacturer", "controller", "rows"]
}

/// Reads tables of rules, one a line, and puts them into a tree.
///
/// ```
/// Path/To/Element       field                     text goes to a field of the enclosing group
/// Path/To/@attribute    group.field & /other      to several; `/` starts at the record
/// Path                  street | further_lines    to the first that is free
/// Path                  +field                    all of that name, joined by line ends
/// Path                  => list[+] text=f a=b     what is inside goes to a group (a=b: constant)
/// Path                  !handler word             see MappingHandler
/// Path                  -                         part of the syntax
/// ```
/// Lists of groups: `[+]` a new element, `[last]` the last, `[?]` the last unless it has the value, `[=key]` by key.
/// `field?`: no matter if it has a value already. `field=`: no matter if it has the same value already.
struct MappingBuilder {
    /// A line of a table, and what its path begins with.
    struct Line {
        var spelled: String
        var prefix: String
    }

    struct Text {
        enum Form {
            case value([String]), firstFree([String]), joined(String), understood, handler(String)
            case group(String, text: String?, constants: [(name: String, value: String)])
        }
        var form: Form
        var line: Line
        var argument = ""
        /// The group in which what is inside a handler's element goes.
        var inner: String?
    }

    struct Node {
        var children: [(name: String, index: Int)] = []
        var links: [(name: String, path: String)] = []
        var text: Text?
    }

    private(set) var nodes: [Node] = [Node()]
    var syntaxAttributes: [String] = []

    // Tables are split by bytes: characters would take most of the time in which the rules are compiled.

    /// What stands between separators, without what is empty.
    static func parts(of bytes: ArraySlice<UInt8>, at separator: Unicode.Scalar) -> [ArraySlice<UInt8>] {
        let separator = UInt8(ascii: separator)
        var parts: [ArraySlice<UInt8>] = []
        var start = bytes.startIndex
        for index in bytes.indices where bytes[index] == separator {
            if index > start { parts.append(bytes[start..<index]) }
            start = index + 1
        }
        if start < bytes.endIndex { parts.append(bytes[start...]) }
        return parts
    }

    static func words(of bytes: ArraySlice<UInt8>, at separator: Unicode.Scalar) -> [String] {
        parts(of: bytes, at: separator).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func names(_ path: String) -> [String] { words(of: Array(path.utf8)[...], at: "/") }

    /// The node of a path, made if there is none.
    private mutating func node(_ path: String, from start: Int = 0) -> Int {
        var index = start
        for name in Self.names(path) where name != "." {
            if let known = nodes[index].children.first(where: { $0.name == name }) {
                index = known.index
            } else {
                nodes.append(Node())
                nodes[index].children.append((name, nodes.count - 1))
                index = nodes.count - 1
            }
        }
        return index
    }

    func find(_ path: String) -> Int? {
        var index = 0
        for name in Self.names(path) {
            guard let known = nodes[index].children.first(where: { $0.name == name }) else { return nil }
            index = known.index
        }
        return index
    }

    /// An element that has the same rules inside as another.
    mutating func link(_ path: String, name: String, to target: String) {
        nodes[node(path)].links.append((name, target))
    }

    /// Adds rules whose paths begin at the root element.
    mutating func add(_ table: String) { add("", table) }

    /// Adds rules; every path begins at `prefix`, and `{P}` in them stands for `part`.
    mutating func add(_ prefix: String, part: String = "", _ table: String) {
        let start = node(prefix)
        let part = Array(part.utf8)
        for line in Self.parts(of: Array(table.utf8)[...], at: "\n") {
            let spelled = Self.replaced(line, part)
            let words = Self.words(of: spelled, at: " ")
            guard words.count >= 2 else { continue }
            let line = Line(spelled: String(decoding: spelled, as: UTF8.self), prefix: prefix)
            nodes[node(words[0], from: start)].text = text(Array(words.dropFirst()), line: line)
        }
    }

    private static func replaced(_ line: ArraySlice<UInt8>, _ part: [UInt8]) -> ArraySlice<UInt8> {
        guard var open = line.firstIndex(of: UInt8(ascii: "{")) else { return line }
        var out: [UInt8] = []
        var rest = line
        while rest[open...].starts(with: "{P}".utf8) {
            out += rest[..<open] + part
            rest = rest[(open + 3)...]
            guard let next = rest.firstIndex(of: UInt8(ascii: "{")) else { break }
            open = next
        }
        return (out + rest)[...]
    }

    private func text(_ words: [String], line: Line) -> Text {
        if words[0] == "-" { return Text(form: .understood, line: line) }
        if words[0] == "=>" {
            let own = words.first { $0.hasPrefix("text=") }.map { String($0.dropFirst(5)) }
            let constants = words.dropFirst(2).filter { !$0.hasPrefix("text=") }.map { word in
                let pieces = Self.words(of: Array(word.utf8)[...], at: "=")
                return (name: pieces[0], value: pieces.count > 1 ? pieces[1] : "")
            }
            return Text(form: .group(words[1], text: own, constants: constants), line: line)
        }
        if words[0].hasPrefix("!") {
            var text = Text(form: .handler(String(words[0].dropFirst())), line: line)
            if words.count > 1 { text.argument = words[1] }
            if words.count > 3, words[2] == "=>" { text.inner = words[3] }
            return text
        }
        if words[0].hasPrefix("+") { return Text(form: .joined(String(words[0].dropFirst())), line: line) }
        if words.contains("|") { return Text(form: .firstFree(words.filter { $0 != "|" }), line: line) }
        return Text(form: .value(words.filter { $0 != "&" }), line: line)
    }
}
