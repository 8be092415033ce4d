import ManualExtractor
import PortabilityModel
import Testing

@Suite("Scans and their descriptions")
struct ScanTests {
    @Test("A scan goes out with all that its description says, in the order of the names")
    func whole() async throws {
        let folder = try TestFolder().scan(
            "b.png",
            description(
                kind: "contract", others: "present",
                more: """
                    date: 2019-03-04
                    place: "Cabinet 2: top"
                    provided_by: third-party
                    language: sv
                    pages: 3
                    description: |
                      Two lines,
                      as written.
                    """)
        ).scan("a.pdf")
        let reading = try await Papers().read(folder)
        #expect(reading.findings.isEmpty)
        #expect(reading.end.records == [2])
        #expect(reading.end.filesRead == 4)
        #expect(
            reading.records.map(\.values) == [
                [
                    "path": "data/documents/1", "media_type": "application/pdf", "kind": "letter", "title": "A paper",
                    "shows_others": "false",
                ],
                [
                    "path": "data/documents/2", "media_type": "image/png", "kind": "contract", "title": "A paper",
                    "shows_others": "true", "dated_on": "2019-03-04", "kept_in": "Cabinet 2: top",
                    "provided_by": "third-party", "language": "sv", "pages": "3",
                    "description": "Two lines,\nas written.",
                ],
            ])
        #expect(reading.records.map(\.subject) == ["20042", "20042"])
        #expect(reading.documents.map(\.role) == [.scan, .scan])
        #expect(reading.documents.map(\.originalName) == ["a.pdf", "b.png"])
        #expect(reading.documents.map(\.showsOthers) == [false, true])
        #expect(reading.documents.map(\.recordID) == reading.records.map(\.id))
        #expect(reading.documents[1].bytes == png)
    }

    @Test(
        "Each kind of scan is known by its first bytes; a name that says otherwise is told",
        arguments: [
            ("a.pdf", "%PDF-1.7\n%%EOF", "application/pdf"), ("a.PDF", "%PDF-1.7\n%%EOF\r\n", "application/pdf"),
            ("a.jpg", "\u{ff}\u{d8}\u{ff}\u{e0}", "image/jpeg"), ("a.jpeg", "\u{ff}\u{d8}\u{ff}", "image/jpeg"),
            ("a.tif", "II*\0", "image/tiff"), ("a.tiff", "MM\0*", "image/tiff"),
            ("a.webp", "RIFF\u{4}\0\0\0WEBP", "image/webp"), ("a.heic", "\0\0\0\u{18}ftypheic", "image/heic"),
            ("a.pdf", "\u{ff}\u{d8}\u{ff}", nil), ("a.png", "", nil), ("a.webp", "RIFF\u{4}\0\0\0WAVE", nil),
            ("a.tif", "II", nil),
        ] as [(String, String, String?)])
    func types(name: String, content: String, type: String?) async throws {
        let bytes = content.unicodeScalars.map { UInt8($0.value) }
        let folder = try TestFolder().write("papers/20042/\(name)", bytes)
            .write("papers/20042/a.yaml", description())
        let reading = try await Papers().read(folder)
        #expect(reading.records.map { $0["media_type"] } == (type.map { [$0] } ?? []))
        #expect(reading.findings(.malformed).map(\.place.fileOrdinal) == (type == nil ? [1] : []))
    }

    @Test(
        "A scan of which the end is missing is told, where its kind lets that be seen",
        arguments: [
            ("a.pdf", pdf.dropLast(8)), ("a.pdf", (pdf + [UInt8](repeating: 10, count: 1100))[...]),
            ("a.png", png.dropLast()),
            ("a.webp", Array("RIFF\u{5}\0\0\0WEBP".utf8)[...]),
        ])
    func cut(name: String, content: ArraySlice<UInt8>) async throws {
        let folder = try TestFolder().write("papers/20042/\(name)", Array(content))
            .write("papers/20042/a.yaml", description())
        let reading = try await Papers().read(folder)
        #expect(reading.records.isEmpty && reading.documents.isEmpty)
        #expect(reading.findings.map(\.kind) == [.truncated])
        #expect(reading.isPartial)
    }

    @Test("Ids come from what a scan holds, not from what it is called; identical scans have their own")
    func ids() async throws {
        func ids(_ names: [String]) async throws -> [String] {
            let folder = try TestFolder()
            for name in names {
                try folder.write("papers/20042/\(name).png", png).write("papers/20042/\(name).yaml", description())
            }
            return try await Papers().read(folder).records.map(\.id)
        }
        let two = try await ids(["a", "b"])
        #expect(Set(two).count == 2)
        #expect(try await ids(["x"]) == [two[0]])
        #expect(two.allSatisfy { $0.utf8.count == 32 })
    }

    @Test("Several numbers of one person are several folders")
    func severalFolders() async throws {
        let folder = try TestFolder().scan("a.pdf").scan("b.pdf", description("20043"), of: "20043")
            .scan("c.pdf", description("20044"), of: "20044")
        let reading = try await Papers().read(folder, customers: ["20042", "20043"])
        #expect(reading.records.map(\.subject) == ["20042", "20043"])
        #expect(reading.records.map(\.file) == [0, 2])
    }

    @Test("A processor's papers carry the tenant")
    func tenant() async throws {
        let reading = try await Papers(tenant: "customer_number").read(TestFolder().scan("a.pdf"))
        #expect(reading.records.map(\.tenant) == ["20042"])
    }

    @Test("Without documents, or where they are not given out, the record says what there is")
    func withoutDocuments() async throws {
        let folder = try TestFolder().scan("a.pdf")
        for (takes, wants) in [(false, true), (true, false)] {
            let reading = try await Papers().read(folder, takesDocuments: takes, wantsDocuments: wants)
            #expect(reading.records.map { $0["path"] } == [nil])
            #expect(reading.records.map { $0["title"] } == ["A paper"])
            #expect(reading.documents.isEmpty == !wants)
        }
    }

    @Test("Datasets take the kinds they name; one takes the rest; what is not asked for is not read")
    func kinds() async throws {
        let folder = try TestFolder().scan("a.pdf", description(kind: "contract")).scan("b.pdf")
            .scan("c.pdf", description(kind: "form"))
        var papers = Papers(
            datasets: [.init(id: "contracts", kinds: ["contract"]), .init(id: "papers")])
        let both = try await papers.read(folder)
        #expect(both.end.records == [1, 2])
        #expect(both.records.map(\.dataset) == [0, 1, 1])
        let one = try await papers.read(folder, datasets: ["contracts"])
        #expect(one.end.records == [1])
        #expect(one.documents.count == 1)
        #expect(one.findings.isEmpty)
        // Where nothing takes the rest, what is left over is told.
        papers.datasets = [.init(id: "contracts", kinds: ["contract"]), .init(id: "letters", kinds: ["letter"])]
        let rest = try await papers.read(folder)
        #expect(rest.end.records == [1, 1])
        #expect(rest.findings(.malformed).map(\.place.field) == ["kind"])
        #expect(rest.isPartial)
    }

    @Test("Batches are cut where the limits say", arguments: [1, 2, 3, 4])
    func batches(rows: Int) async throws {
        let folder = try TestFolder().scan("a.pdf").scan("b.pdf").scan("c.pdf")
        let reading = try await Papers().read(folder, batchLimits: BatchLimits(rows: rows))
        #expect(reading.records.count == 3)
        #expect(reading.batches == (3 + rows - 1) / rows)
    }

    @Test("About how many there are is told where one dataset takes all")
    func estimate() async throws {
        let folder = try TestFolder().scan("a.pdf").scan("b.png").write("papers/20042/note.txt", "x")
            .write("papers/20042/attestation.yaml", attestation("found"))
        let subject = SubjectKeys([Identifier(kind: "customer_number", value: "20042")])
        #expect(try await Papers().open(folder).estimate("papers", for: subject) == 2)
        let two = Papers(datasets: [.init(id: "contracts", kinds: ["contract"]), .init(id: "papers")])
        #expect(try await two.open(folder).estimate("papers", for: subject) == nil)
    }

    @Test("Every key of a description is exported, and nothing is unknown")
    func coverage() async throws {
        let folder = try TestFolder().scan("a.pdf")
        let items = try #require(try await Papers().open(folder).coverage(.schema))
        let fields = items.compactMap { item -> String? in
            guard case .exported("papers", let field) = item.use else { return "?" }
            return item.name.map { "\($0) \(field ?? "-")" }
        }
        #expect(
            fields == [
                "about -", "kind kind", "title title", "date dated_on", "place kept_in", "provided_by provided_by",
                "language language", "pages pages", "description description", "others shows_others",
            ])
        let known = Set(try #require(Catalogue.standard.entity(named: "document")).fields.map(\.name))
        for item in items {
            if case .exported(_, let field?) = item.use { #expect(known.contains(field)) }
        }
    }
}

@Suite("Slips of the hand")
struct SlipTests {
    /// What is left out, and told with the number of the file, and never with a name or a value.
    private func expectSlip(
        _ folder: TestFolder, _ kind: Finding.Kind, file: Int? = nil, line: Int64? = nil, key: String? = nil,
        says text: String, records: Int = 1, limits: SourceLimits = SourceLimits(),
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let reading = try await Papers().read(folder, limits: limits)
        #expect(reading.records.count == records, sourceLocation: sourceLocation)
        #expect(reading.isPartial, sourceLocation: sourceLocation)
        try #require(reading.findings.count == 1, "\(reading.findings)", sourceLocation: sourceLocation)
        let finding = reading.findings[0]
        #expect(finding.kind == kind, sourceLocation: sourceLocation)
        #expect(finding.message.contains(text), "\(finding.message)", sourceLocation: sourceLocation)
        #expect(finding.place.fileOrdinal == file, sourceLocation: sourceLocation)
        #expect(finding.place.line == line, sourceLocation: sourceLocation)
        #expect(finding.place.field == key, sourceLocation: sourceLocation)
        #expect(finding.place.dataset == "papers", sourceLocation: sourceLocation)
        for secret in ["Virtanen", "20042"] {
            #expect(!"\(finding)".contains(secret), sourceLocation: sourceLocation)
        }
    }

    /// One good scan, `a`, with files 1 and 2.
    private func good() throws -> TestFolder { try TestFolder().scan("a.pdf") }

    @Test("A scan without description, a description without scan")
    func pairs() async throws {
        try await expectSlip(
            good().write("papers/20042/Virtanen.pdf", pdf), .malformed, file: 1, says: "without a description")
        try await expectSlip(
            good().write("papers/20042/b.yaml", description()), .malformed, file: 3, says: "without a scan")
        try await expectSlip(
            good().write("papers/20042/a.yml", description()), .malformed, file: 1, says: "two descriptions",
            records: 0)
    }

    @Test("Two scans of one name: neither is guessed to be the one described")
    func sameName() async throws {
        let reading = try await Papers().read(good().write("papers/20042/a.png", png))
        #expect(reading.records.isEmpty)
        #expect(reading.findings(.malformed).count == 2)
        #expect(reading.isPartial)
    }

    @Test(
        "A description that is wrong is told with its line and key",
        arguments: [
            ("kind: letter\ntitle: x\nothers: none", nil, "about", "lacks a key"),
            ("about: 20042\ntitle: x\nothers: none", nil, "kind", "lacks a key"),
            ("about: 20042\nkind: letter\nothers: none", nil, "title", "lacks a key"),
            ("about: 20042\nkind: letter\ntitle: x", nil, "others", "lacks a key"),
            ("about: 20042\nkind: Virtanen\ntitle: x\nothers: none", 2, "kind", "known: letter, contract"),
            ("about: 20042\nkind: letter\ntitle: x\nothers: Virtanen", 4, "others", "known: none, present"),
            (description(more: "date: 4.3.2019"), 5, "date", "YYYY-MM-DD"),
            (description(more: "date: 2019-02-30"), 5, "date", "YYYY-MM-DD"),
            (description(more: "pages: Virtanen"), 5, "pages", "number of pages"),
            (description(more: "pages: 0"), 5, "pages", "number of pages"),
            (description(more: "language: på svenska"), 5, "language", "language tag"),
            (description(more: "provided_by: Virtanen"), 5, "provided_by", "known: subject"),
            (description(more: "Virtanen: x"), 5, nil, "not known here"),
            (description(more: "place:"), 5, "place", "has no value"),
            (description(more: "place: ~"), 5, "place", "has no value"),
            (description(more: "place: [Virtanen, x]"), 5, "place", "no plain value"),
            (description(more: "place: {Virtanen: x}"), 5, "place", "no plain value"),
            (description(more: "place: &anchor Virtanen"), 5, nil, "an anchor or alias"),
            (description(more: "kind: letter"), 2, nil, "a key twice"),
            (description(more: "place: \"Virtanen"), 5, nil, "not well-formed YAML"),
            ("Virtanen", nil, nil, "`key: value`"), ("", nil, nil, "`key: value`"), ("- a", nil, nil, "`key: value`"),
            ("a: 1\n---\nb: 2\n", 2, nil, "not well-formed YAML"),
            (String(repeating: "[", count: 5000), nil, nil, "not well-formed YAML"),
        ] as [(String, Int64?, String?, String)])
    func descriptions(text: String, line: Int64?, key: String?, says: String) async throws {
        let folder = try good().scan("b.pdf", text)
        let reading = try await Papers().read(folder)
        #expect(reading.records.count == 1)
        let finding = try #require(reading.findings.first)
        #expect(reading.findings.count == 1 && finding.kind == .malformed && finding.losesRecords)
        #expect(finding.place.fileOrdinal == 4)
        #expect(finding.place.field == key)
        #expect(finding.message.contains(says), "\(finding.message)")
        if let line { #expect(finding.place.line == line) }
        #expect(!"\(finding)".contains("Virtanen"))
    }

    @Test("A description that is no UTF-8, or larger than a description is")
    func unreadableDescriptions() async throws {
        try await expectSlip(
            good().scan("b.pdf").write("papers/20042/b.yaml", [0x61, 0x3a, 0x20, 0xe4]), .malformed, file: 4,
            says: "not valid UTF-8")
        try await expectSlip(
            good().scan("b.pdf", description(more: "place: " + String(repeating: "x", count: 65_536))), .tooLarge,
            file: 4, says: "larger than 65536 bytes")
    }

    @Test("A scan above the limit, one that may not be read, a pipe")
    func unreadableScans() async throws {
        var limits = SourceLimits()
        limits.documentBytes = 100
        let large = try good().scan("b.pdf").write("papers/20042/b.pdf", pdf + [UInt8](repeating: 32, count: 100))
        try await expectSlip(large, .tooLarge, file: 3, says: "larger than 100 bytes", limits: limits)
        let pipe = try good().write("papers/20042/b.yaml", description())
        pipe.makePipe("papers/20042/b.pdf")
        try await expectSlip(pipe, .unreadable, file: 3, says: "no regular file")
    }

    @Test("A file of another kind, a scan called as attestations are, a folder within the folder, a link")
    func others() async throws {
        try await expectSlip(
            good().write("papers/20042/Virtanen.docx", "x"), .unreadable, file: 1, says: "neither a scan")
        try await expectSlip(
            good().write("papers/20042/attestation.pdf", pdf), .unreadable, file: 3, says: "rename it")
        try await expectSlip(
            good().write("papers/20042/Virtanen/old/c.pdf", pdf), .unreadable, says: "move them up")
        let linked = try good().write("elsewhere.pdf", pdf)
        linked.link("papers/20042/b.pdf", to: "../../elsewhere.pdf")
        try await expectSlip(linked, .unreadable, says: "symbolic links")
        // What a desktop leaves behind is nobody's paper.
        #expect(try await !Papers().read(good().write("papers/20042/.DS_Store", "x")).isPartial)
    }

    @Test("More files than the limit")
    func tooMany() async throws {
        var limits = SourceLimits()
        limits.files = 2
        try await expectSlip(good().scan("b.pdf"), .tooLarge, says: "more files", limits: limits)
    }

    @Test("A scan that its description says is another's ends the export, whatever else there is")
    func anothers() async throws {
        let folder = try good().scan("b.pdf", description("20043"))
        await #expect(throws: PortabilityError(.scopeViolation, "")) { try await Papers().read(folder) }
        do {
            _ = try await Papers().read(folder)
        } catch let error as PortabilityError {
            #expect(error.place.fileOrdinal == 4 && error.place.field == "about")
            #expect(!"\(error)".contains("20043") && !"\(error)".contains("20042"))
        }
    }

    @Test("A folder that is a link is not entered; an identifier that climbs is refused", arguments: ["..", "a/b", ""])
    func climbing(value: String) async throws {
        let folder = try good()
        await #expect(throws: PortabilityError(.scopeViolation, "")) {
            try await Papers().read(folder, customers: [value])
        }
        folder.link("papers/20099", to: "20042")
        let reading = try await Papers().read(folder, customers: ["20099"])
        #expect(reading.records.isEmpty && reading.isPartial)
    }

    @Test("Without the folder of folders there is no source; paths without an identifier are refused")
    func opening() async throws {
        let folder = try good()
        await #expect(throws: PortabilityError(.unavailable, "")) {
            try await Papers(path: "nowhere/{customer_number}").open(folder)
        }
        await #expect(throws: PortabilityError(.unavailable, "")) {
            try await Papers(attestationFile: "nowhere/{customer_number}.yaml").open(folder)
        }
        for papers in [
            Papers(path: "papers"), Papers(path: "papers/{user_id}"), Papers(attestationFile: "papers/all.yaml"),
            Papers(path: "papers/../{customer_number}"),
        ] {
            await #expect(throws: PortabilityError(.configuration, "")) { try await papers.open(folder) }
        }
        let session = try await Papers().open(folder)
        #expect(try await session.check().isEmpty)
        folder.rename("papers", to: "gone")
        #expect(try await session.check().map(\.kind) == [.unreadable])
    }
}
