public import PortabilityModel

/// A path with wildcards, or with an identifier in it: the one language in which sources name their files.
///
/// Components are parted by `/`. `*` any bytes, `?` one byte, `[a-z]` and `[!a-z]` a set, `**` any number of folders;
/// none of them finds a name that begins with a dot. `{kind}` stands for the value of an identifier. There is no
/// sign that takes another's meaning away; `[*]`, `[{]` and the like do.
public struct PathPattern: Sendable {
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

    var components: [Component] = []
    /// True if it begins with `/`.
    public private(set) var isAbsolute = false
    /// The kind of the identifier in the path; nil if there is none.
    public private(set) var identifierKind: String?

    /// Reads a pattern.
    ///
    /// - Throws: `configuration` if it is empty, climbs with `..`, names folders only, or holds more than one
    ///   identifier.
    public init(_ text: String) throws(PortabilityError) {
        var bytes = Array(text.utf8)[...]
        if bytes.first == 0x2f {
            isAbsolute = true
            bytes = bytes.dropFirst()
        }
        for part in bytes.split(separator: 0x2f, omittingEmptySubsequences: true) {
            if part.elementsEqual(".".utf8) { continue }
            if part.elementsEqual("..".utf8) { throw Self.fault("climbs out of its folder with `..`") }
            if part.contains(0) { throw Self.fault("holds a NUL") }
            guard part.elementsEqual("**".utf8) else {
                components.append(.name(try Self.tokens(part, &identifierKind)))
                continue
            }
            // Any number of any number of folders is any number of folders.
            if components.last != .folders { components.append(.folders) }
        }
        guard let last = components.last else { throw Self.fault("is empty") }
        if case .folders = last { throw Self.fault("names folders only") }
    }

    private static func fault(_ what: String) -> PortabilityError {
        PortabilityError(
            .configuration, "a path of the source \(what)",
            remedy: "Write it relative to the configuration's folder, such as `exports/**/*.csv`",
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
    public func filled(with value: String) -> PathPattern? {
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

    /// The pattern with any text in the identifier's place: the files of all subjects.
    public var ofAll: PathPattern {
        var copy = self
        copy.identifierKind = nil
        copy.components = components.map { component in
            guard case .name(let tokens) = component else { return component }
            return .name(tokens.flatMap { $0 == .identifier ? [.one, .any] : [$0] })
        }
        return copy
    }

    /// The pattern of all files below the folders that this one names plainly at its beginning; nil if it names none,
    /// as what lies beside the configuration is no part of a source.
    public var surroundings: PathPattern? {
        guard fixedFolders > 0 else { return nil }
        var copy = self
        copy.identifierKind = nil
        copy.components = components.prefix(fixedFolders) + [.folders, .name([.any])]
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

    /// The folders that the pattern names plainly at its beginning, joined by `/`.
    public var folders: [UInt8] { split().folders }

    /// The folders that the pattern names plainly at its beginning, as bytes joined by `/`, and the pattern below them.
    func split() -> (folders: [UInt8], rest: PathPattern) {
        var rest = self
        let fixed = components.prefix(fixedFolders).compactMap(\.literal)
        rest.components.removeFirst(fixed.count)
        rest.isAbsolute = false
        return (Array(fixed.joined(separator: [0x2f])), rest)
    }

    /// True if a path below the folder that the pattern starts from (bytes, parted by `/`) fits it.
    ///
    /// What the walker finds, fits; that the file is there is not asked.
    public func matches(_ path: [UInt8]) -> Bool {
        let names = path.split(separator: 0x2f).map { Array($0) }
        // Reachable components after each name; quadratic at worst, whatever the number of `**`.
        var reachable = [Bool](repeating: false, count: components.count + 1)
        reachable[0] = true
        func closed(_ states: [Bool]) -> [Bool] {
            var states = states
            for index in components.indices where states[index] && components[index] == .folders {
                states[index + 1] = true
            }
            return states
        }
        reachable = closed(reachable)
        for (place, name) in names.enumerated() {
            var next = [Bool](repeating: false, count: components.count + 1)
            for index in components.indices where reachable[index] {
                switch components[index] {
                case .folders: if name.first != 0x2e, place < names.count - 1 { next[index] = true }
                case .name(let tokens): if Self.matches(tokens, name[...]) { next[index + 1] = true }
                }
            }
            reachable = closed(next)
        }
        return reachable[components.count]
    }

    /// True if a name fits the tokens. Linear in the product of the lengths at worst.
    static func matches(_ tokens: [Token], _ name: ArraySlice<UInt8>) -> Bool {
        if name.first == 0x2e {
            guard case .byte(0x2e)? = tokens.first else { return false }
        }
        var (token, byte) = (0, name.startIndex)
        var retry: (token: Int, byte: Int)?
        while byte < name.endIndex {
            if token < tokens.count {
                if case .any = tokens[token] {
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
        while token < tokens.count, case .any = tokens[token] { token += 1 }
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
