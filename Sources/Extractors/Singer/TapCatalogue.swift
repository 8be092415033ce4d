import PortabilityModel
import PortabilityText
import SourceFiles

/// A tap's catalogue of streams (Singer, Discovery mode), as the tap or a file gives it.
struct TapCatalogue: Sendable {
    struct Stream: Sendable {
        var value: JSONValue
        /// `tap_stream_id`.
        var id: String
        /// The name that messages have.
        var name: String

        /// The names of the fields that make up a record's key.
        var keyProperties: Set<String>
        /// Fields at the record's top level, in the schema's order.
        var fields: [Field]

        /// - Throws: `limit` if it has more fields than records have.
        init(_ value: JSONValue, id: String, name: String) throws(PortabilityError) {
            self.value = value
            self.id = id
            self.name = name
            var metadata: [[String]: JSONValue] = [:]
            for entry in value["metadata"]?.array ?? [] {
                guard let breadcrumb = entry.breadcrumb, metadata[breadcrumb] == nil else { continue }
                metadata[breadcrumb] = entry["metadata"]
            }
            let own = value["key_properties"]?.array?.compactMap(\.string) ?? []
            let keys = own.isEmpty ? metadata[[]]?["table-key-properties"]?.array?.compactMap(\.string) ?? [] : own
            let properties = value["schema"]?["properties"]?.members ?? []
            try RecordPlan.check(fields: properties.count, keyProperties: keys.count)
            keyProperties = Set(keys)
            fields = properties.map { name, schema in
                let own = metadata[["properties", name]]
                let inclusion = own?["inclusion"]?.string ?? schema["inclusion"]?.string
                let selected = own?["selected"]?.boolean ?? schema["selected"]?.boolean
                return Field(
                    name: name, type: schema.typeName,
                    isAvailable: inclusion != "unsupported" && (selected != false || inclusion == "automatic"))
            }
        }
    }

    struct Field: Sendable {
        var name: String
        var type: String?
        /// False if the tap says that it does not give the field, or was told not to.
        var isAvailable: Bool
    }

    private var value: JSONValue
    private(set) var streams: [Stream]

    /// Reads a catalogue.
    ///
    /// - Throws: `malformed` if it is none.
    init(_ bytes: [UInt8]) throws(PortabilityError) {
        let parsed: JSONValue
        do {
            parsed = try JSONValue(parsing: bytes)
        } catch {
            throw PortabilityError(
                .malformed, "the tap's catalogue is not JSON", remedy: "Run the tap with --discover to see what it is")
        }
        try self.init(parsed)
    }

    init(_ value: JSONValue) throws(PortabilityError) {
        guard let list = value["streams"]?.array else {
            throw PortabilityError(
                .malformed, "the tap's catalogue has no list of streams",
                remedy: "Run the tap with --discover to see what it is")
        }
        self.value = value
        streams = []
        for stream in list {
            let name = stream["stream"]?.string
            guard let id = stream["tap_stream_id"]?.string ?? name else {
                throw PortabilityError(.malformed, "a stream of the tap's catalogue has no name")
            }
            if Task.isCancelled { throw PortabilityError(.cancelled, "the export was cancelled") }
            streams.append(try Stream(stream, id: id, name: name ?? id))
        }
    }

    /// The stream that a dataset names.
    ///
    /// - Throws: `drift` if there is none, `configuration` if two have the name.
    func stream(_ name: String, at place: PortabilityError.Place) throws(PortabilityError) -> Stream {
        if let stream = streams.first(where: { $0.id == name }) { return stream }
        let found = streams.filter { $0.name == name }
        if found.count > 1 {
            throw PortabilityError(
                .configuration, "two streams of the tap are called `\(name)`", remedy: "Write the tap_stream_id",
                at: place)
        }
        guard let stream = found.first else {
            let known = streams.map(\.id).filter { isTellable($0.utf8) }
            throw PortabilityError(
                .drift, "the tap has no stream `\(name)`",
                remedy: suggestion(name, known)
                    ?? "It has \(known.isEmpty ? "none" : known.prefix(20).joined(separator: ", "))",
                at: place)
        }
        return stream
    }

    // MARK: selection

    /// The catalogue with the given streams selected and all others not.
    ///
    /// A selected stream is asked for whole (`FULL_TABLE`) unless it is to go on from a state or the tap forces a
    /// method. All of its fields are selected but those that the catalogue's writer took out by hand, those that the tap
    /// does not support and those of `without`, by the stream's id.
    func selecting(_ ids: Set<String>, without: [String: Set<String>], resumes: Bool) -> JSONValue {
        let selected = streams.map { stream in
            let isSelected = ids.contains(stream.id)
            var members = stream.value.members ?? []
            let hasMetadata = stream.value["metadata"] != nil
            var metadata = stream.value["metadata"]?.array ?? []
            if !metadata.contains(where: { $0.breadcrumb == [] }) {
                metadata.append(.object([("breadcrumb", .array([])), ("metadata", .object([]))]))
            }
            let named = Set(metadata.compactMap { $0.breadcrumb })
            if !hasMetadata {
                for field in stream.fields where !named.contains(["properties", field.name]) {
                    metadata.append(
                        .object([
                            ("breadcrumb", .array([.string("properties"), .string(field.name)])),
                            ("metadata", .object([("inclusion", .string("available"))])),
                        ]))
                }
            }
            let isForced = metadata.contains {
                $0.breadcrumb == [] && $0["metadata"]?["forced-replication-method"]?.string?.isEmpty == false
            }
            let isWhole = isSelected && !resumes && !isForced
            metadata = metadata.map { entry in
                guard let breadcrumb = entry.breadcrumb, var own = entry["metadata"] else { return entry }
                if breadcrumb.isEmpty {
                    own.set("selected", .boolean(isSelected))
                    if isWhole { own.set("replication-method", .string("FULL_TABLE")) }
                } else if isSelected, own["inclusion"]?.string != "unsupported",
                    own["selected"]?.boolean != false
                {
                    let isLeftOut =
                        breadcrumb.count == 2 && own["inclusion"]?.string != "automatic"
                        && without[stream.id]?.contains(breadcrumb[1]) == true
                    own.set("selected", .boolean(!isLeftOut))
                }
                var changed = entry
                changed.set("metadata", own)
                return changed
            }
            members.set("metadata", .array(metadata))
            if isWhole { members.set("replication_method", .string("FULL_TABLE")) }
            var schema = stream.value["schema"] ?? .object([])
            schema.set("selected", .boolean(isSelected))
            members.set("schema", schema)
            return JSONValue.object(members)
        }
        var result = value
        result.set("streams", .array(selected))
        return result
    }
}

extension JSONValue {
    /// The `breadcrumb` of an entry of metadata.
    fileprivate var breadcrumb: [String]? { self["breadcrumb"]?.array?.compactMap(\.string) }

    /// A JSON schema's type in words, without `null`: `string date-time`.
    fileprivate var typeName: String? {
        let types = self["type"]?.array?.compactMap(\.string) ?? (self["type"]?.string.map { [$0] } ?? [])
        let words = (types.filter { $0 != "null" } + (self["format"]?.string.map { [$0] } ?? []))
            .filter { isTellable($0.utf8) }.prefix(8)
        return words.isEmpty ? nil : words.joined(separator: " ")
    }

    /// Gives an object's member a value; what is no object becomes one.
    fileprivate mutating func set(_ key: String, _ value: JSONValue) {
        var own = members ?? []
        own.set(key, value)
        self = .object(own)
    }
}

extension [(key: String, value: JSONValue)] {
    fileprivate mutating func set(_ key: String, _ value: JSONValue) {
        if let index = firstIndex(where: { $0.key == key }) { self[index].value = value } else { append((key, value)) }
    }
}
