/// A value of a document in YAML or JSON, as it is written there, with its place.
struct DocumentNode {
    enum Content {
        /// Its text, without quotes and escapes.
        case scalar(String)
        case list([DocumentNode])
        case mapping([Member])
    }

    enum Style {
        /// A scalar without quotes: the only one that can be `null`.
        case plain
        case quoted
        /// A list or mapping that is indented.
        case block
        /// A list or mapping in brackets.
        case flow
    }

    /// Where something stands.
    struct Mark {
        /// 1-based.
        let line: Int
        /// 1-based.
        let column: Int
    }

    struct Member {
        let key: String
        let mark: Mark
        let value: DocumentNode
    }

    let content: Content
    let style: Style
    let mark: Mark

    /// The value of a key; nil if there is none, or this is no mapping.
    subscript(key: String) -> DocumentNode? { members?.first { $0.key == key }?.value }

    var members: [Member]? { if case .mapping(let members) = content { members } else { nil } }
    var list: [DocumentNode]? { if case .list(let values) = content { values } else { nil } }
    var text: String? { if case .scalar(let text) = content { text } else { nil } }

    /// How deep lists and mappings may be nested.
    static let depthLimit = 32
}
