import CSVExtractor
import Glibc
import PortabilityModel
import PortabilityTesting
import Testing

@Suite("CSV: files, encodings, what is found out")
struct FileTests {
    /// Text in UTF-16.
    private func utf16(_ text: String, bigEndian: Bool) -> [UInt8] {
        text.utf16.flatMap {
            bigEndian ? [UInt8($0 >> 8), UInt8($0 & 255)] : [UInt8($0 & 255), UInt8($0 >> 8)]
        }
    }

    private func sniffing() -> Source {
        var source = Source()
        source.dialect.delimiter = nil
        source.encoding = .sniff
        return source
    }

    @Test(
        "The delimiter is found out, and told",
        arguments: [
            ("customer,x,y\n1042,a;b,c\n", ","), ("customer;x;y\n1042;1,5;2,5\n7;1,5;2,5\n", ";"),
            ("customer\tx, y\n1042\ta, b\n", "tab"), ("customer|x\n1042|\"a|b, c\"\n", "|"), ("customer\n1042\n", ","),
            ("customer;x\n1042;\"a,b\nc,d\"\n", ";"),
        ])
    func delimiters(text: String, sign: String) async throws {
        var source = sniffing()
        source.encoding = .utf8
        let reading = try await source.read(text)
        #expect(reading.records().count == 1)
        #expect(reading.oddities.map(\.message) == ["no delimiter is declared; `\(sign)` was assumed"])
        #expect(reading.oddities.allSatisfy { $0.kind == .nonconforming && !$0.losesRecords })
    }

    @Test("What a spreadsheet writes into the first line is understood", arguments: ["\n", "\r\n", "\r"])
    func separatorLine(lineEnd: String) async throws {
        var source = sniffing()
        source.encoding = .utf8
        let text = ["sep=|", "customer|x", "1042|a", "1042|b|c"].joined(separator: lineEnd)
        var reading = try await source.read(text)
        #expect(reading.outlines() == ["x=a", "column_3=c x=b"])
        #expect(reading.oddities.map(\.place.line) == [4])
        reading = try await source.read([0xff, 0xfe] + utf16(text, bigEndian: false))
        #expect(reading.outlines() == ["x=a", "column_3=c x=b"])
        // A declared delimiter is not overruled.
        source.dialect.delimiter = UInt8(ascii: ",")
        #expect(try await source.read(text).findings.contains { $0.losesRecords })
    }

    @Test("Byte order marks tell the encoding, whatever is declared", arguments: CSVConfiguration.Encoding.allCases)
    func marks(declared: CSVConfiguration.Encoding) async throws {
        var source = Source()
        source.encoding = declared
        let text = "customer,x\n1042,Åström €😀\n"
        for bytes in [
            [0xef, 0xbb, 0xbf] + Array(text.utf8), [0xff, 0xfe] + utf16(text, bigEndian: false),
            [0xfe, 0xff] + utf16(text, bigEndian: true),
        ] {
            let reading = try await source.read(bytes)
            #expect(reading.outlines() == ["x=Åström €😀"])
            #expect(reading.oddities.isEmpty)
        }
    }

    @Test("Encodings that nothing declares are found out, and told")
    func encodings() async throws {
        var source = sniffing()
        source.dialect.delimiter = UInt8(ascii: ",")
        for bigEndian in [true, false] {
            let reading = try await source.read(utf16("customer,x\n1042,Åström\n", bigEndian: bigEndian))
            #expect(reading.outlines() == ["x=Åström"])
            #expect(
                reading.oddities.map(\.message)
                    == ["no encoding is declared; utf-16\(bigEndian ? "be" : "le") was assumed"])
        }
        // A cell that is not valid UTF-8 is Windows-1252, also in the name of a column, and where the rest is UTF-8.
        let mixed: [UInt8] =
            Array("customer,n".utf8) + [0xe4] + Array("me\n1042,".utf8) + [0xc5] + Array("str\u{f6}m\n1042,Åbo\n".utf8)
        let reading = try await source.read(mixed)
        #expect(reading.outlines() == ["näme=ÅstrÃ¶m", "näme=Åbo"])
        #expect(reading.oddities.map(\.count) == [1, 2])
        #expect(reading.oddities.allSatisfy { $0.kind == .nonconforming })
    }

    @Test("Declared encodings are read as they are; what they do not have is replaced and counted")
    func declaredEncodings() async throws {
        var source = Source()
        let head = Array("customer,x\n1042,".utf8)
        for (encoding, byte, text) in [
            (CSVConfiguration.Encoding.windows1252, 0x80 as UInt8, "€"), (.latin1, 0x80, "€"), (.latin9, 0xa4, "€"),
            (.latin1, 0xe4, "ä"), (.utf8, 0xe4, "\u{fffd}"),
        ] {
            source.encoding = encoding
            let reading = try await source.read(head + [byte, 0x0a])
            #expect(reading.outlines() == ["x=" + text])
            #expect(reading.oddities.map(\.kind) == (encoding == .utf8 ? [.invalidText] : []))
        }
        source.encoding = .utf16LE
        let lone = utf16("customer,x\n1042,", bigEndian: false) + [0x3d, 0xd8, 0x61, 0x00, 0x0a]
        let reading = try await source.read(lone)
        #expect(reading.outlines() == ["x=\u{fffd}a\u{fffd}"])
        // A file of whole characters has an even length: this one was cut too.
        #expect(reading.oddities.map(\.count).sorted() == [1, 2])
    }

    @Test("UTF-16 that ends in the middle of a character was cut, and is not complete", arguments: [true, false])
    func cutUTF16(isCut: Bool) async throws {
        let whole = "customer,x\n1042,a\n".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        let reading = try await Source(encoding: .utf16LE).read(isCut ? whole + [0x31] : whole)
        #expect(reading.outlines() == ["x=a"])
        #expect(reading.findings.contains { $0.kind == .truncated && $0.losesRecords } == isCut)
    }

    @Test("A subject's key is compared in the file's encoding")
    func keysBeyondASCII() async throws {
        var source = Source()
        source.subject = ["customer": ["Å\"1"]]
        source.encoding = .latin1
        let rows = Array("customer,x\n\"".utf8) + [0xc5] + Array("\"\"1\",a\n".utf8) + [0xc5] + Array("\"1,b\n".utf8)
        #expect(try await source.read(rows).outlines() == ["x=a", "x=b"])
    }

    @Test("Files are read in the order of their paths' bytes; each has its own columns, in one pass for all datasets")
    func order() async throws {
        let folder = Folder()
        folder.write("crm/b.csv", "x,customer\nb,1042\n")
        folder.write("crm/a/z.csv", "customer,x\n1042,az\n")
        folder.write("crm/a.csv", "customer,x\n1042,a\n7,no\n")
        folder.write("crm/B.csv", "customer,y\n1042,B\n")
        folder.write("crm/.hidden.csv", "customer,x\n1042,hidden\n")
        folder.write("other.csv", "customer,x\n1042,other\n")
        var source = Source()
        source.folder = "crm"
        source.datasets = [
            .init(id: "orders", path: "**/*.csv", match: source.match, fields: []),
            .init(id: "visits", path: "?.csv", match: source.match, fields: []),
        ]
        let reading = try await source.read(folder)
        #expect(reading.outlines(0) == ["y=B", "x=a", "x=az", "x=b"])
        #expect(reading.records(0).map(\.file) == [0, 1, 2, 3])
        #expect(reading.outlines(1) == ["y=B", "x=a", "x=b"])
        #expect(reading.records(1).map(\.file) == [0, 1, 3])
        #expect(reading.end.filesRead == 4)
        #expect(reading.end.bytesRead == 17 + 19 + 24 + 18)
    }

    @Test("gzip is told by content; what a fault of it takes is missed")
    func gzip() async throws {
        let folder = Folder()
        for name in ["two-members", "truncated"] {
            folder.write("\(name).csv", bytes(of: dataFolder + "gzip-crafted/\(name).jsonl.gz"))
        }
        var source = Source()
        source.dialect = .init(delimiter: UInt8(ascii: "|"), quote: nil, hasHeader: false)
        source.match = [.init(kind: "customer", column: "column_1", isUnique: true)]
        source.subject = ["customer": [#"{"a":1}"#, #"{"n":1}"#]]
        source.exclusions = []
        let reading = try await source.read(folder)
        #expect(reading.records().contains { $0.file == 1 })
        #expect(reading.oddities.map(\.kind).contains(.truncated))
        #expect(reading.oddities.allSatisfy { $0.place.fileOrdinal == 1 })
    }

    @Test("A file that lacks what the configuration names is told; one without any identifier is not read")
    func drift() async throws {
        let folder = Folder()
        folder.write("a.csv", "customer,x\n1042,a\n")
        folder.write("b.csv", "kunde,x,price\n1042,b,1\n")
        folder.write("c.csv", "Smith 131052-308T,1042\n1042,c\n")
        var source = Source()
        source.fields = [.init(field: "price", column: "price")]
        let reading = try await source.read(folder)
        #expect(reading.outlines() == ["x=a"])
        let expected = [
            "drift customer 2 true: files without this column, which tells whose the rows are, were not read",
            "drift price 2 false: files lack this column, which the configuration names",
        ]
        func outline(_ findings: [Finding]) -> [String] {
            findings.filter { $0.kind == .drift }
                .map { "\($0.kind) \($0.place.field ?? "") \($0.count) \($0.losesRecords): \($0.message)" }.sorted()
        }
        #expect(outline(reading.findings) == expected)
        let session = try await source.open(folder)
        #expect(outline(try await session.check()) == expected)
        #expect(!"\(reading.findings)".contains("131052"))
    }

    @Test("Files that hold nothing, or no readable first row, are told")
    func emptyFiles() async throws {
        var source = Source()
        for text in ["", "\u{feff}", "\n\r\n", "\"customer,x\n1042,a\n"] {
            let reading = try await source.read(text)
            #expect(reading.records().isEmpty)
            #expect(reading.findings.filter { $0.losesRecords }.count == 1, "\(text)")
            let folder = Folder()
            folder.write("a.csv", text)
            #expect(try await source.open(folder).check().filter { $0.losesRecords }.count == 1, "\(text)")
        }
        // Of what holds nothing, nothing is assumed.
        #expect(try await sniffing().read("").findings.map(\.kind) == [.truncated])
        source.dialect.hasHeader = false
        #expect(try await !source.read("").findings.contains { $0.losesRecords })
        source.dialect.hasHeader = true
        #expect(try await source.read("customer,x\n").findings.isEmpty)
    }

    @Test("A dataset without files is an error unless the source is optional; so is a folder that is not there")
    func missing() async throws {
        let folder = Folder()
        var source = Source()
        await #expect(throws: PortabilityError(.unavailable, "")) { try await source.open(folder) }
        source.isOptional = true
        #expect(try await source.read(folder).end.records == [0])
        source.folder = "gone"
        await #expect(throws: PortabilityError(.unavailable, "")) { try await source.open(folder) }
    }

    @Test("Links are followed within the folder, others are told; what is no file is told, and never waited for")
    func links() async throws {
        let outside = Folder()
        outside.write("secret.csv", "customer,x\n1042,outside\n")
        let folder = Folder()
        folder.write("real/a.csv", "customer,x\n1042,inside\n")
        symlink("real/a.csv", folder.path + "/b.csv")
        symlink(outside.path + "/secret.csv", folder.path + "/c.csv")
        mkfifo(folder.path + "/d.csv", 0o600)
        let reading = try await Source().read(folder)
        #expect(reading.outlines() == ["x=inside", "x=inside"])
        #expect(reading.oddities.map(\.kind) == [.unreadable, .unreadable])
        #expect(reading.oddities.allSatisfy { $0.losesRecords })
    }

    @Test("A file that is written to while it is read makes the result partial")
    func changed() async throws {
        let folder = Folder()
        let rows = String(repeating: "1042,\(String(repeating: "x", count: 1000))\n", count: 3000)
        folder.write("a.csv", "customer,x\n" + rows)
        var source = Source()
        source.batchLimits.rows = 10
        let sink = CollectingSink { number in
            if number == 1 { truncate(folder.path + "/a.csv", 2_000_000) }
        }
        let end = try await source.extract(folder, into: sink)
        #expect(end.records[0] < 3000)
        #expect(sink.findings.contains { $0.kind == .truncated && $0.losesRecords })
    }

    @Test("Coverage reads the first rows, and counts files that nobody reads without naming them")
    func coverage() async throws {
        let folder = Folder()
        folder.write("orders-1.csv", "id,customer,x,hush,internal\n")
        folder.write("orders-2.csv", "id,customer,new column,x\n")
        folder.write("visits.csv", "Maija Meikäläinen,131052-308T\n")
        folder.write("old/maija-meikalainen.csv.gz", "")
        folder.write("old/matti.csv.gz", "")
        folder.write("131052-308T/scan.pdf", "")
        folder.write("readme", "")
        folder.write("dump.zip", "")
        var source = Source()
        source.recordID = "id"
        source.fields = [.init(field: "note", column: "x")]
        source.exclusions = ["hush"]
        source.sourceExclusions = [
            .init(column: "internal", ground: .notPersonal),
            .init(column: "*.zip", ground: .duplicate, heldIn: "orders", isContainer: true),
        ]
        source.path = "orders-*.csv"
        let session = try await source.open(folder)
        let items = try #require(try await session.coverage(.schema))
        func outline(_ item: CoverageItem) -> String {
            let use =
                switch item.use {
                case .exported(let dataset, let field): "exported \(dataset) \(field ?? "key")"
                case .excluded(let ground, let heldIn): "excluded \(ground.rawValue) \(heldIn ?? "")"
                case .unknown: "unknown"
                }
            return "\(item.container) \(item.name ?? item.type ?? ""): \(use)"
        }
        #expect(
            items.map(outline) == [
                "orders-*.csv id: exported orders key", "orders-*.csv customer: exported orders other",
                "orders-*.csv x: exported orders note", "orders-*.csv hush: excluded secret ",
                "orders-*.csv internal: excluded not-personal-data ", "orders-*.csv column_6: exported orders other",
                "* 1 file: unknown", "*.csv 1 file: unknown", "*.zip 1 file: excluded held-elsewhere orders",
                "*/*.pdf 1 file: unknown", "old/*.csv.gz 2 files: unknown",
            ])
        #expect(items.prefix(6).allSatisfy { $0.candidate == "orders" })
    }

    @Test("Cancelling stops within a block; an error of the sink passes")
    func cancelling() async throws {
        let folder = Folder()
        folder.write("a.csv", "customer,x\n" + String(repeating: "1042,a\n", count: 20_000))
        var source = Source()
        source.batchLimits.rows = 10
        let running = source
        let task = Task.detached {
            try await running.extract(
                folder, into: CollectingSink { _ in withUnsafeCurrentTask { $0?.cancel() } })
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        await #expect(throws: PortabilityError(.scopeViolation, "")) {
            try await running.extract(
                folder, into: CollectingSink { _ in throw PortabilityError(.scopeViolation, "refused") })
        }
    }
}
