import PortabilityModel

/// A path with wildcards, or with an identifier in it.
///
/// Components are parted by `/`. `*` any bytes, `?` one byte, `[a-z]` and `[!a-z]` a set, `**` any number of folders;
/// none of them finds a name that begins with a dot. `{kind}` stands for the value of an identifier.
struct PathPattern {
    enum Token: Equatable {
        case byte(UInt8)
        case any, one
        case set(inverted: Bool, [ClosedRange<UInt8>])
        case identifier
    }

    enum Component: Equatable {
        case folders
        case name([Token])

        /// The bytes, if there is no wildcard.
        var literal: [UInt8]? {
            guard case .name(let tokens) = self else { return nil }
            var bytes: [UInt8] = []
            for token in tokens {
                guard case .byte(let byte) = token else { return nil }
                bytes.append(byte)
            }
            return bytes
        }
    }

    private(set) var components: [Component] = []
    private(set) var isAbsolute = false
    /// The kind of the identifier in the path.
    private(set) var identifierKind: String?

    /// Reads a pattern.
    ///
    /// - Throws: `configuration` if it is empty, climbs with `..`, or holds more than one kind of identifier.
    init(_ text: String) throws(PortabilityError) {
        var bytes = Array(text.utf8)[...]
        if bytes.first == 0x2f {
            isAbsolute = true
            bytes = bytes.dropFirst()
        }
        for part in bytes.split(separator: 0x2f, omittingEmptySubsequences: true) {
            if part.elementsEqual(".".utf8) { continue }
            if part.elementsEqual("..".utf8) { throw Self.fault("climbs out of its folder with `..`") }
            if part.contains(0) { throw Self.fault("holds a NUL") }
            components.append(part.elementsEqual("**".utf8) ? .folders : .name(try Self.tokens(part, &identifierKind)))
        }
        guard let last = components.last else { throw Self.fault("is empty") }
        if case .folders = last { throw Self.fault("names folders only") }
    }

    private static func fault(_ what: String) -> PortabilityError {
        PortabilityError(
            .configuration, "a path of the source \(what)",
            remedy: "Write it relative to the configuration's folder, such as `invoices/*.xml`",
            at: .init(field: "path"))
    }

    private static func tokens(_ part: ArraySlice<UInt8>, _ kind: inout String?) throws(PortabilityError) -> [Token] {
        var tokens: [Token] = []
        var index = part.startIndex
        while index < part.endIndex {
            let byte = part[index]
            index += 1
            switch byte {
            case 0x2a: if tokens.last != .any { tokens.append(.any) }
            case 0x3f: tokens.append(.one)
            case 0x5b:
                guard let set = readSet(part, &index) else { throw fault("has a `[` without `]`") }
                tokens.append(set)
            case 0x7b:
                guard let end = part[index...].firstIndex(of: 0x7d) else { throw fault("has a `{` without `}`") }
                let name = String(decoding: part[index..<end], as: UTF8.self)
                if name.isEmpty || kind != nil { throw fault("may hold one kind of identifier, once") }
                kind = name
                tokens.append(.identifier)
                index = end + 1
            default: tokens.append(.byte(byte))
            }
        }
        return tokens
    }

    private static func readSet(_ part: ArraySlice<UInt8>, _ index: inout Int) -> Token? {
        var cursor = index
        var inverted = false
        if cursor < part.endIndex, part[cursor] == 0x21 {
            inverted = true
            cursor += 1
        }
        var ranges: [ClosedRange<UInt8>] = []
        while cursor < part.endIndex, part[cursor] != 0x5d || ranges.isEmpty {
            let low = part[cursor]
            if cursor + 2 < part.endIndex, part[cursor + 1] == 0x2d, part[cursor + 2] != 0x5d, part[cursor + 2] >= low {
                ranges.append(low...part[cursor + 2])
                cursor += 3
            } else {
                ranges.append(low...low)
                cursor += 1
            }
        }
        guard cursor < part.endIndex else { return nil }
        index = cursor + 1
        return .set(inverted: inverted, ranges)
    }

    /// The pattern with the identifier's value in its place, as plain bytes; nil if the value cannot be (part of) the
    /// name of one file: empty, `.`, `..`, or with `/`, `\` or NUL in it.
    func filled(with value: String) -> PathPattern? {
        let bytes = Array(value.utf8)
        if bytes.isEmpty || bytes.contains(0x2f) || bytes.contains(0x5c) || bytes.contains(0) { return nil }
        if bytes == [0x2e] || bytes == [0x2e, 0x2e] { return nil }
        var copy = self
        copy.identifierKind = nil
        copy.components = components.map { component in
            guard case .name(let tokens) = component else { return component }
            return .name(tokens.flatMap { $0 == .identifier ? bytes.map { .byte($0) } : [$0] })
        }
        return copy
    }

    /// How many components at the beginning are plain names of folders.
    var fixedFolders: Int {
        var count = 0
        for component in components.dropLast() {
            if component.literal == nil { break }
            count += 1
        }
        return count
    }

    /// True if a name fits the tokens. Linear in the product of the lengths at worst.
    static func matches(_ tokens: [Token], _ name: [UInt8]) -> Bool {
        if name.first == 0x2e {
            guard case .byte(0x2e)? = tokens.first else { return false }
        }
        var (token, byte) = (0, 0)
        var retry: (token: Int, byte: Int)?
        while byte < name.count {
            if token < tokens.count {
                if tokens[token] == .any {
                    retry = (token, byte)
                    token += 1
                    continue
                }
                if fits(tokens[token], name[byte]) {
                    token += 1
                    byte += 1
                    continue
                }
            }
            guard let last = retry else { return false }
            retry = (last.token, last.byte + 1)
            (token, byte) = (last.token + 1, last.byte + 1)
        }
        while token < tokens.count, tokens[token] == .any { token += 1 }
        return token == tokens.count
    }

    private static func fits(_ token: Token, _ byte: UInt8) -> Bool {
        switch token {
        case .byte(let wanted): wanted == byte
        case .one: true
        case .set(let inverted, let ranges): ranges.contains { $0.contains(byte) } != inverted
        case .any, .identifier: false
        }
    }
}
