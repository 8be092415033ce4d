import PortabilityModel
import Testing

@testable import Portability

@Suite("What a right covers")
struct ScopeTests {
    private func decision(
        _ right: Right, _ dataset: DatasetDeclaration, _ change: (inout ExportRequest) -> Void = { _ in }
    )
        -> Ground?
    {
        var request = request(right: right)
        change(&request)
        return ScopeRules(request: request, configuration: configuration([])).ground(for: dataset)
    }

    @Test("access: everything that is held as controller, whatever its basis, origin and means")
    func access() {
        #expect(decision(.access, dataset("a")) == nil)
        #expect(decision(.access, dataset("a", origin: Origin(kind: .inferred), purposes: ["development"])) == nil)
        #expect(decision(.access, dataset("a", means: .manual)) == nil)
        #expect(decision(.access, dataset("a", role: .processor)) == .processor)
    }

    @Test("portability: provided by the subject or observed, by contract or consent, automated")
    func portability() {
        #expect(decision(.portability, dataset("a")) == nil)
        #expect(decision(.portability, dataset("a", origin: Origin(kind: .observed))) == nil)
        #expect(decision(.portability, dataset("a", origin: Origin(kind: .provided, by: .customer))) == .origin)
        #expect(decision(.portability, dataset("a", origin: Origin(kind: .derived))) == .origin)
        #expect(decision(.portability, dataset("a", purposes: ["development"])) == .basis)
        #expect(decision(.portability, dataset("a", purposes: ["development", "service"])) == nil)
        #expect(decision(.portability, dataset("a", means: .manual)) == .means)
        #expect(decision(.portability, dataset("a", role: .processor)) == .processor)
    }

    @Test("switching: both roles, nothing derived, contract only")
    func switching() {
        #expect(decision(.switching, dataset("a", role: .processor)) == nil)
        #expect(decision(.switching, dataset("a", origin: Origin(kind: .provided, by: .colleague))) == nil)
        #expect(decision(.switching, dataset("a", origin: Origin(kind: .inferred))) == .origin)
        #expect(decision(.switching, dataset("a", purposes: ["marketing"])) == .basis)
    }

    @Test("handover: only what is processed for the controller")
    func handover() {
        #expect(decision(.handover, dataset("a", role: .processor)) == nil)
        #expect(decision(.handover, dataset("a")) == .controller)
    }

    @Test("categories that were not asked for are left out, by request of the subject")
    func categories() {
        #expect(decision(.access, dataset("a", category: .usage)) { $0.exclude = [.usage] } == .notRequested)
        #expect(decision(.access, dataset("a", category: .usage)) { $0.include = [.device] } == .notRequested)
        #expect(decision(.access, dataset("a", category: .usage)) { $0.include = [.usage] } == nil)
    }

    @Test("that a password exists is told under access only")
    func credentials() {
        #expect(decision(.access, dataset("a", entity: "credential")) == nil)
        for right in [Right.portability, .switching] {
            #expect(decision(right, dataset("a", entity: "credential")) == .secret)
        }
    }

    @Test("secrets are withheld from every dataset, whatever it declares")
    func secrets() {
        let entity = Entity(
            name: "login", ordinal: 1, label: someText, meaning: someText,
            fields: [
                Field("name", .value(.string), fi: "n", sv: "n", en: "n"),
                Field("hash", .value(.string), fi: "h", sv: "h", en: "h", sensitivity: .secret),
            ])
        let mask = FieldMask(layout: EntityLayout(entity), dataset: dataset("a"))
        #expect(mask.rules.map(\.path) == ["hash"])
        #expect(mask.rules.map(\.ground) == [.secret])
    }

    @Test("a withheld field leaves the tape whole: groups and lists that become empty go, counts are right")
    func mask() throws {
        let entity = Entity(
            name: "thing", ordinal: 1, label: someText, meaning: someText,
            fields: [
                Field("name", .value(.string), fi: "n", sv: "n", en: "n"),
                Field(
                    "parts",
                    .group([
                        Field("code", .value(.string), fi: "c", sv: "c", en: "c"),
                        Field("owner", .value(.string), list: true, fi: "o", sv: "o", en: "o"),
                    ]), list: true, fi: "p", sv: "p", en: "p"),
                Field("last", .value(.string), fi: "l", sv: "l", en: "l"),
            ])
        let layout = EntityLayout(entity)
        func build(_ owners: Bool) throws -> RecordBatch {
            var builder = BatchBuilder(dataset: 0)
            let text = Array("x".utf8)
            for index in 0..<3 {
                let id = Array("\(index)".utf8)
                builder.beginRecord(id: id.span, subject: text.span)
                builder.value(0, .string, text.span)
                builder.beginList(1)
                for part in 0..<2 {
                    builder.beginGroup(1)
                    if part == 0 { builder.value(0, .string, text.span) }
                    if owners {
                        builder.beginList(1)
                        for _ in 0..<3 { builder.value(1, .string, text.span) }
                        builder.endList()
                    }
                    builder.endGroup()
                }
                builder.endList()
                builder.value(2, .string, text.span)
                builder.other(text.span, .string, text.span)
                try builder.endRecord()
            }
            return builder.take()
        }
        let mask = FieldMask(
            layout: layout, dataset: dataset("a", withheld: [.init(path: "parts.owner", ground: .others)]))
        var masked = try build(true)
        var counts: [Int64] = [0]
        mask.apply(to: &masked, layout: layout, counts: &counts)
        let expected = try build(false)
        #expect(masked.tokens.map(\.kind) == expected.tokens.map(\.kind))
        #expect(masked.tokens.map(\.field) == expected.tokens.map(\.field))
        #expect(
            zip(masked.tokens, expected.tokens).allSatisfy { $0.kind.value != nil || $0.length == $1.length })
        #expect(masked.records.map(\.tokenCount) == expected.records.map(\.tokenCount))
        #expect(counts == [6], "six lists of owners were withheld")
    }
}
