import PortabilityFormats
import PortabilityModel
import PortabilityText
import Testing

@Suite("Comparing documents with schemas")
struct SchemaCheckerTests {
    private func faults(_ document: String, _ schema: String, isLenient: Bool = false) throws -> [String] {
        try SchemaChecker.faults(
            in: JSONValue(parsing: Array(document.utf8)), schema: Array(schema.utf8), isLenient: isLenient
        ).map { "\($0.place): \($0.message)" }
    }

    @Test(
        "finds what a validator would find",
        arguments: [
            (#"{"type": "string"}"#, #""a""#, "1"), (#"{"type": "integer"}"#, "1", "1.5"),
            (#"{"type": "boolean"}"#, "true", "null"), (#"{"type": "null"}"#, "null", "0"),
            (#"{"enum": ["a", "b"]}"#, #""b""#, #""c""#), (#"{"enum": ["a"]}"#, #""a""#, "1"),
            (#"{"type": "string", "minLength": 1}"#, #""a""#, #""""#), (#"{"minimum": 0}"#, "0", "-1"),
            (#"{"pattern": "^(a|b)$"}"#, #""a""#, #""ab""#), (#"{"items": {"type": "string"}}"#, "[]", "[1]"),
            (#"{"minItems": 1}"#, "[1]", "[]"), (#"{"required": ["a"]}"#, #"{"a": 1}"#, #"{"b": 1}"#),
            (#"{"properties": {"a": {"type": "string"}}}"#, #"{"a": "x", "b": 1}"#, #"{"a": 1}"#),
            (#"{"properties": {"a": {}}, "additionalProperties": false}"#, #"{"a": 1}"#, #"{"b": 1}"#),
            (#"{"additionalProperties": {"type": "integer"}}"#, #"{"a": 1}"#, #"{"a": "1"}"#),
            (#"{"propertyNames": {"enum": ["a"]}}"#, #"{"a": 1}"#, #"{"b": 1}"#),
            (#"{"anyOf": [{"type": "string"}, {"type": "null"}]}"#, "null", "1"),
            (#"{"type": "object"}"#, #"{"a": 1}"#, #"{"a": 1, "a": 2}"#),
        ])
    func keywords(_ schema: String, _ good: String, _ bad: String) throws {
        #expect(try faults(good, schema) == [])
        #expect(try faults(bad, schema).count == 1)
    }

    @Test("tells the place, never a value")
    func place() throws {
        let schema = #"{"properties": {"a": {"items": {"properties": {"b": {"type": "string", "pattern": "^x$"}}}}}}"#
        #expect(try faults(#"{"a": [{}, {"b": "secret"}]}"#, schema) == ["a[1].b: it is not spelled as it must be"])
        #expect(
            try faults(#"{"secret": 1}"#, #"{"additionalProperties": {"type": "null"}}"#)[0].contains("secret") == false
        )
    }

    @Test("lets pass what a newer minor version may add, if it is told to")
    func lenient() throws {
        let schema = #"{"properties": {"a": {"enum": ["x"]}}, "additionalProperties": false}"#
        #expect(try faults(#"{"a": "y", "b": 1}"#, schema).count == 2)
        #expect(try faults(#"{"a": "y", "b": 1}"#, schema, isLenient: true) == [])
        #expect(try faults(#"{"a": 1}"#, schema, isLenient: true).count == 1)
    }

    @Test("knows every keyword that our schemas of documents use")
    func ourKeywords() throws {
        func collect(_ schema: JSONValue, into found: inout Set<String>) {
            for (keyword, value) in schema.members ?? [] {
                found.insert(keyword)
                switch keyword {
                case "properties": for (_, member) in value.members ?? [] { collect(member, into: &found) }
                case "anyOf": for choice in value.array ?? [] { collect(choice, into: &found) }
                default: collect(value, into: &found)
                }
            }
        }
        var found: Set<String> = []
        for (path, bytes) in generateSchemas(.standard)
        where ["manifest.schema.json", "processing-information.schema.json"].contains(path) {
            collect(try JSONValue(parsing: bytes), into: &found)
        }
        #expect(found.count > 8)
        #expect(found.isSubset(of: SchemaChecker.keywords), "\(found.subtracting(SchemaChecker.keywords))")
    }

    @Test("stops when there is enough to tell")
    func limit() throws {
        let many = "[\(Array(repeating: "1", count: 5000).joined(separator: ","))]"
        #expect(try faults(many, #"{"items": {"type": "string"}}"#).count == 100)
    }
}
