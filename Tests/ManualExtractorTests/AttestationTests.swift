import ManualExtractor
import PortabilityModel
import Testing

@Suite("Attestations of the search by hand")
struct AttestationTests {
    private let required = Papers(attestation: .required, attestationFile: "searches/{customer_number}.yaml")

    private func folder() throws -> TestFolder {
        let folder = try TestFolder()
        folder.makeFolder("papers")
        folder.makeFolder("searches")
        return folder
    }

    private static let told = Attestation(
        places: ["Archive room", "Front office"], role: "privacy officer", date: "2026-11-03", result: .found)

    @Test("An attestation in the folder tells where, by which role, when and with which result")
    func found() async throws {
        let folder = try folder().scan("a.pdf").write("papers/20042/attestation.yaml", attestation("found"))
        let reading = try await required.read(folder)
        #expect(reading.end.attestations == [Self.told])
        #expect(reading.records.count == 1)
        #expect(reading.findings.isEmpty)
    }

    @Test("Where there is no folder, that nothing was found is attested beside the folders")
    func nothingFound() async throws {
        let folder = try folder().write("searches/20042.yaml", attestation("nothing-found"))
        let reading = try await required.read(folder)
        #expect(reading.end.attestations.map(\.result) == [.nothingFound])
        #expect(reading.end.records == [0])
        #expect(!reading.isPartial)
    }

    @Test("One that is required and missing makes the result partial, and the remedy names the file")
    func missing() async throws {
        let folder = try folder().scan("a.pdf")
        let reading = try await required.read(folder)
        #expect(reading.records.count == 1)
        #expect(reading.end.attestations.isEmpty)
        let finding = try #require(reading.findings(.unattested).first)
        #expect(finding.losesRecords)
        #expect(finding.message.contains("`papers/{customer_number}/attestation.yaml`"))
        #expect(finding.message.contains("`searches/{customer_number}.yaml`"))
        let optional = try await Papers().read(folder)
        #expect(optional.findings.isEmpty)
    }

    @Test("Each number of a person needs its own")
    func each() async throws {
        let folder = try folder().write("searches/20042.yaml", attestation("nothing-found"))
        let reading = try await required.read(folder, customers: ["20042", "20043"])
        #expect(reading.end.attestations.count == 1)
        #expect(reading.findings(.unattested).count == 1)
        try folder.write("searches/20043.yaml", attestation("nothing-found", about: "20043"))
        let both = try await required.read(folder, customers: ["20042", "20043"])
        #expect(!both.isPartial)
    }

    @Test(
        "A search from before the request was received is none for it",
        arguments: [
            ("2026-11-01", "2026-11-02T09:14:00+02:00", true), ("2026-11-02", "2026-11-02T09:14:00+02:00", false),
            ("2026-11-02", "2026-11-02", false), ("2025-12-31", "2026-01-01", true), ("1999-01-01", nil, false),
        ] as [(String, String?, Bool)])
    func old(date: String, received: String?, isOld: Bool) async throws {
        let folder = try folder().write("searches/20042.yaml", attestation("nothing-found", date: date))
        let reading = try await required.read(folder, received: received)
        #expect(reading.isPartial == isOld)
        #expect(reading.end.attestations.isEmpty == isOld)
        #expect(reading.findings(.unattested).map(\.place.field) == (isOld ? ["date"] : []))
        // Where none is required, an old one is told and loses nothing.
        var optional = required
        optional.attestation = .optional
        let told = try await optional.read(folder, received: received)
        #expect(!told.isPartial && told.findings.count == (isOld ? 1 : 0) && told.end.attestations.isEmpty == isOld)
    }

    @Test("A newer one makes up for an old one")
    func renewed() async throws {
        let folder = try folder().scan("a.pdf")
            .write("papers/20042/attestation.yaml", attestation("found", date: "2024-01-01"))
            .write("searches/20042.yaml", attestation("found"))
        let reading = try await required.read(folder)
        #expect(reading.end.attestations == [Self.told])
        #expect(reading.findings.isEmpty)
    }

    @Test("One that the scans belie is none, required or not", arguments: [true, false], [true, false])
    func contradiction(hasScan: Bool, isRequired: Bool) async throws {
        let folder = try folder().write("searches/20042.yaml", attestation(hasScan ? "nothing-found" : "found"))
        if hasScan { try folder.scan("a.pdf") }
        var papers = required
        papers.attestation = isRequired ? .required : .optional
        let reading = try await papers.read(folder)
        #expect(reading.records.count == (hasScan ? 1 : 0))
        #expect(reading.end.attestations.isEmpty)
        #expect(reading.findings.map(\.kind) == [.unattested])
        #expect(reading.findings.map(\.place.field) == ["result"])
        #expect(reading.isPartial)
    }

    @Test(
        "One that is wrong is told with its key and never with a value",
        arguments: [
            ("places: x\nrole: x\ndate: 2026-11-03\nresult: found", "about"),
            ("about: 20042\nrole: x\ndate: 2026-11-03\nresult: found", "places"),
            ("about: 20042\nplaces: []\nrole: x\ndate: 2026-11-03\nresult: found", "places"),
            ("about: 20042\nplaces: x\ndate: 2026-11-03\nresult: found", "role"),
            ("about: 20042\nplaces: x\nrole: x\nresult: found", "date"),
            ("about: 20042\nplaces: x\nrole: x\ndate: Virtanen\nresult: found", "date"),
            ("about: 20042\nplaces: x\nrole: x\ndate: 2026-11-03", "result"),
            ("about: 20042\nplaces: x\nrole: x\ndate: 2026-11-03\nresult: Virtanen", "result"),
            ("about: 20042\nplaces: x\nrole: x\ndate: 2026-11-03\nresult: found\nVirtanen: x", nil),
            ("Virtanen", nil), (attestation("found", about: "20043"), "about"),
        ] as [(String, String?)])
    func wrong(text: String, key: String?) async throws {
        let reading = try await required.read(
            folder().scan("a.pdf").write("papers/20042/attestation.yaml", text))
        #expect(reading.records.count == 1)
        #expect(reading.end.attestations.isEmpty)
        let finding = try #require(reading.findings.first)
        #expect(reading.findings.count == 1 && finding.kind == .unattested && finding.losesRecords)
        #expect(finding.place.field == key)
        #expect(finding.place.fileOrdinal == 3)
        for value in ["Virtanen", "20043", "20042"] { #expect(!"\(finding)".contains(value)) }
    }

    @Test("One that is a link or too large is told, and is no attestation")
    func unreadable() async throws {
        let linked = try folder().write("elsewhere.yaml", attestation("nothing-found"))
        linked.link("searches/20042.yaml", to: "../elsewhere.yaml")
        let large = try folder().write(
            "searches/20042.yaml", attestation("nothing-found") + "# " + String(repeating: "x", count: 65_536))
        for folder in [linked, large] {
            let reading = try await required.read(folder)
            #expect(reading.end.attestations.isEmpty && reading.isPartial)
        }
    }
}
