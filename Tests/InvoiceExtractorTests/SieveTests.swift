import InvoiceExtractor
import PortabilityModel
import Testing

/// Files are looked at by their bytes first, on several threads: what is given out, counted and told is what the
/// reading of every file on one thread gives.
@Suite struct SieveTests {
    private static let field = "buyer.identifiers.value"

    /// What a reading gave, to be compared.
    private struct Account: Equatable {
        var records: [TestRecord]
        var findings: [Finding]
        var counts: [Int64]
        var documents: [[UInt8]]

        init(_ reading: Reading) {
            records = reading.records
            findings = reading.findings
            counts = reading.end.records + [reading.end.filesRead, reading.end.bytesRead]
            documents = reading.documents.map(\.bytes)
        }
    }

    /// - Parameter values: The subject's identifiers.
    private func account(
        _ folder: TestFolder, _ values: [String], threads: Int, field: String = SieveTests.field
    ) async throws -> Account {
        let extractor = source(
            path: "invoices/**/*", match: [.init(kind: "customer_number", field: field)], keepOriginals: true,
            threads: threads)
        return Account(
            try await read(
                extractor, in: folder.path, subject: values.map { Identifier(kind: "customer_number", value: $0) }))
    }

    /// An identifier that no invoice has and that no bytes tell: with it, every file is parsed.
    private static let untold = "\u{1}"

    // MARK: Spellings of an identifier

    private static let spellings: [String] = [
        "1001", " 1001\n", "&#49;001", "1&#x30;0&#49;", "<![CDATA[1001]]>", "10<![CDATA[01]]>", "10<!-- -->01",
        "<!-- x --> 10<!-- -->01", "10<?x y?>01", "10<!--a--><!--b-->01", "\t&#49;&#48;<![CDATA[0]]>1",
    ]

    @Test(arguments: spellings)
    func anIdentifierIsFoundHoweverXMLSpellsIt(_ spelling: String) async throws {
        let folder = try TestFolder()
            .write("invoices/a.xml", ublInvoice(number: "1", buyerID: "2002"))
            .write("invoices/b.xml", ublInvoice(number: "2", buyerID: spelling))
        let found = try await account(folder, ["1001"], threads: 1)
        #expect(found.records.map { $0["number"] } == ["2"])
    }

    @Test(arguments: ["UTF-16 with a mark", "UTF-16 without", "DOCTYPE", "envelope", "batch", "mark"])
    func anIdentifierIsFoundWhateverTheFileIs(_ kind: String) async throws {
        let invoice = finvoice(details: "<SellersBuyerIdentifier>1001</SellersBuyerIdentifier>")
        let content: [UInt8] =
            switch kind {
            case "UTF-16 with a mark": [0xff, 0xfe] + invoice.utf16.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
            case "UTF-16 without": invoice.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] }
            case "DOCTYPE": Array("<!DOCTYPE Finvoice SYSTEM \"Finvoice.dtd\">\(invoice)".utf8)
            case "envelope":
                Array("<Envelope><Header/></Envelope>\n<?xml version=\"1.0\" encoding=\"UTF-8\"?>\(invoice)".utf8)
            case "batch": Array((ublInvoice(buyerID: "7") + invoice + ublInvoice(buyerID: "8")).utf8)
            default: [0xef, 0xbb, 0xbf] + Array(invoice.utf8)
            }
        let folder = try TestFolder().write("invoices/a.xml", content)
        #expect(try await account(folder, ["1001"], threads: 1).records.map(\.subject) == ["1001"])
    }

    @Test(
        arguments: [
            ("A & B <C>", "A &amp; B &lt;C>"), ("\"Q\" 'q'", "\"Q\" &apos;q'"), ("Åsa Öhman", "Åsa &#214;hman"),
            ("€ 5", "&#x20ac; 5"), ("x\ty", "x\ty"), ("a>b", "a>b"), ("a]b", "a]b"),
        ])
    func valuesOfAllSignsAreFound(_ value: String, _ spelling: String) async throws {
        let folder = try TestFolder()
            .write("invoices/a.xml", ublInvoice(number: "1", buyer: spelling))
            .write("invoices/b.xml", ublInvoice(number: "2"))
        let found = try await account(folder, [value], threads: 1, field: "buyer.name")
        #expect(found.records.map { $0["number"] } == ["1"])
    }

    @Test func lettersAreFoundInTheEncodingOfTheFile() async throws {
        var bytes = Array("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>".utf8)
        for scalar in ublInvoice(buyer: "Åsa").unicodeScalars { bytes.append(UInt8(scalar.value)) }
        let folder = try TestFolder().write("invoices/a.xml", bytes)
        #expect(try await account(folder, ["Åsa"], threads: 1, field: "buyer.name").records.count == 1)
    }

    @Test func onlyTheFieldCountsWhereverElseTheIdentifierStands() async throws {
        let folder = try TestFolder()
            .write("invoices/a.xml", ublInvoice(number: "1001", buyer: "1001", buyerID: "2", head: "<!-- 1001 -->"))
        let found = try await account(folder, ["1001"], threads: 2)
        #expect(found.records.isEmpty)
        #expect(found.counts.dropFirst().first == 1)
    }

    // MARK: What is told of files of others

    @Test(
        arguments: [
            "no XML", "", "<a/>", "<Invoice/>", "<Invoice xmlns='urn:x'/>", "<Envelope/>", "<Finvoice>", "<Finvoice/><",
            "<Finvoice a='1' a='2'/>", "<Finvoice>&x;</Finvoice>", "<Finvoice>]]></Finvoice>",
            "<Finvoice>\u{8}</Finvoice>",
            "<Finvoice></finvoice>", "<Finvoice a=1/>", "<Finvoice a='<'/>", "<Finvoice/>x",
            "<Finvoice><!-- -- --></Finvoice>",
            "<Finvoice><?xml x?></Finvoice>", "<Finvoice>&#1;</Finvoice>", "<Finvoice>\u{FFFF}</Finvoice>",
            "<Finvoice><1/></Finvoice>", "<Finvoice a='1'b='2'/>", "<Finvoice/><?xml version='1.0'?>",
            "<!DOCTYPE x [<!ENTITY y 'z'>]><Finvoice/>", "<?xml version='1.0' encoding='EBCDIC-FI'?><Finvoice/>",
            "<Envelope/><FinvoiceAttachments/>", "<Finvoice/><Envelope/>", "<Finvoice/ >", "< Finvoice/>",
            "<Finvoice / >",
            "<Finvoice>&amp</Finvoice>", "<Finvoice>&#xD800;</Finvoice>", "<Finvoice>&#x110000;</Finvoice>",
            "<Finvoice x='&'/>", "<Finvoice x='\u{1}'/>", "<Finvoice/><!-- ", "<Finvoice/><? ?>",
        ])
    func whatIsWrongWithAFileIsToldWhosesoeverItIs(_ content: String) async throws {
        let folder = try TestFolder().write("invoices/a.xml", content)
        let found = try await account(folder, ["1001"], threads: 1)
        #expect(found == (try await account(folder, ["1001", Self.untold], threads: 1)))
        #expect(found.findings.count == 1)
    }

    @Test func depthIsLimitedAlsoInFilesOfOthers() async throws {
        for depth in [127, 128, 129, 240, 300] {
            let content =
                "<Finvoice>" + String(repeating: "<a>", count: depth - 1)
                + String(repeating: "</a>", count: depth - 1) + "</Finvoice>"
            let folder = try TestFolder().write("invoices/a.xml", content)
            let found = try await account(folder, ["1001"], threads: 1)
            #expect(found.findings.count == (depth > 128 ? 1 : 0))
        }
    }

    @Test func elementsThatNoInvoiceHasAreLimitedAlsoInFilesOfOthers() async throws {
        for count in [19_990, 20_010] {
            let folder = try TestFolder().write(
                "invoices/a.xml", ublInvoice(head: String(repeating: "<x>1</x>", count: count)))
            let found = try await account(folder, ["7"], threads: 1)
            #expect(found.findings.map(\.kind) == (count > 20_000 ? [.tooLarge] : []))
        }
    }

    // MARK: Random files

    @Test(arguments: [1, 2, 3])
    func filesChangedAtRandomGiveTheSameAtAnyNumberOfThreads(_ seed: UInt64) async throws {
        var random = Mutations(seed)
        let folder = try TestFolder()
        for index in 0..<400 { try folder.write("invoices/\(index % 7)/\(index).xml", random.file()) }
        let all = try await account(folder, ["1001", Self.untold], threads: 1)
        #expect(all.records.count > 20)
        #expect(all.findings.count > 100)
        for threads in [1, 2, 7] {
            #expect(try await account(folder, ["1001"], threads: threads) == all)
        }
    }

    /// A comment that our own scanner leaves to libxml2: it makes nothing of it.
    private static let doubt = Array("<!--\u{FFFD}-->".utf8)

    @Test(arguments: [4, 5, 6])
    func ourOwnScannerReadsWhatLibxml2Reads(_ seed: UInt64) async throws {
        var random = Mutations(seed)
        let folder = try TestFolder()
        var files: [[UInt8]] = []
        while files.count < 250 {
            let file = random.file()
            // Behind a document in another encoding, or a broken one, it would be something else.
            if file.starts(with: [0xff]) || file.last != 0x3e { continue }
            files.append(file)
            try folder.write("own/\(files.count).xml", file)
            try folder.write("other/\(files.count).xml", file + Self.doubt)
        }
        func read(_ name: String) async throws -> Reading {
            try await InvoiceExtractorTests.read(
                source(path: "{folder}/*", kinds: ["folder"]), in: folder.path,
                subject: [Identifier(kind: "folder", value: name)])
        }
        let (own, other) = (try await read("own"), try await read("other"))
        #expect(own.records.count > 100)
        #expect(own.records.map(\.lines) == other.records.map(\.lines))
        #expect(own.records.map(\.file) == other.records.map(\.file))
        #expect(own.findings == other.findings)
    }

    // MARK: Threads

    @Test func filesOfAllSizesComeInOrder() async throws {
        let folder = try TestFolder()
        // Small ones, such as are read before their turn but not parsed, and such as are not even read.
        for index in 100..<220 {
            let size = index == 130 ? 5 << 20 : index % 10 == 0 ? 300 << 10 : 100
            let text = String(repeating: "x", count: size)
            try folder.write("invoices/\(index).xml", ublInvoice(number: "\(index)", head: "<Note>\(text)</Note>"))
        }
        let one = try await account(folder, ["1001"], threads: 1)
        #expect(one.records.map { $0["number"] } == (100..<220).map(String.init))
        for threads in [2, 5] { #expect(try await account(folder, ["1001"], threads: threads) == one) }
    }

    @Test func aReadingThatIsGivenUpEndsItsThreads() async throws {
        let folder = try TestFolder()
        for index in 0..<300 { try folder.write("invoices/\(index).xml", ublInvoice(number: "\(index)")) }
        let extractor = source(
            path: "invoices/*", match: [.init(kind: "customer_number", field: Self.field)], threads: 4)
        let session = try await extractor.open(
            ExtractionContext(
                source: "billing", baseDirectory: folder.path,
                catalogue: Catalogue(version: "1.0", entities: [Catalogue.invoice]), batchLimits: BatchLimits(rows: 1)))
        let reading = Task {
            try await session.extract(
                ExtractionRequest(
                    datasets: ["invoices"], subject: SubjectKeys([Identifier(kind: "customer_number", value: "1001")])),
                into: CancellingSink())
        }
        await #expect(throws: CancellationError.self) { _ = try await reading.value }
    }
}

/// Cancels the task that it is used by.
private actor CancellingSink: RecordSink {
    func push(_ batch: consuming RecordBatch) async throws { withUnsafeCurrentTask { $0?.cancel() } }
    func document(_ document: Document, dataset: Int) async throws -> String? { nil }
    func report(_ finding: Finding) async {}
}

/// Files like those of an archive, some of them changed at random. The same seed gives the same files.
private struct Mutations {
    private var random: SplitMix

    init(_ seed: UInt64) { random = SplitMix(state: seed) }

    private static let snippets = [
        "<!-- x -->", "<!--", "-->", "<![CDATA[1001]]>", "]]>", "&#49;", "&amp;", "&lt;", "&x;", "&", "<?pi x?>",
        "<?xml?>",
        "\0", "\u{B}", "\r\n", "\r", "\u{FFFD}", "\u{FFFE}", "ä", "<", ">", "\"", "'", "/", "=", " ", "</", "/>",
        "1001",
        "<a b=\"1\" b=\"2\"/>", "<a xml:lang=\"fi\">x</a>", "<x:y/>", " xmlns:x=\"y\"", "<!DOCTYPE Finvoice>", "<é/>",
        "<a x='1' y='2'>1001</a>", "<Finvoice/>", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "]]", "<a\n b = 'c' />",
        "<a:b:c/>", "xmlns", "<a b='&lt;\n'>x</a>", "&#xE4;", "<!ELEMENT a>", "<?xml-stylesheet href='a'?>",
        "<?XMLx y?>",
    ]

    private mutating func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }

    private mutating func invoice() -> String {
        let buyer = ["1001", "1002", "2001", "10<!-- -->01", "&#49;001", "<![CDATA[1001]]>", "1001 ", "1 001"][below(8)]
        let texts = [
            "", "<cbc:Note>A &amp; B &#228; &lt;x></cbc:Note>", "<!-- c --><x:y xmlns:x='urn:x' x:z='1'>t</x:y>",
        ]
        switch below(5) {
        case 0:
            return finvoice(
                number: "\(below(99))", details: "<SellersBuyerIdentifier>\(buyer)</SellersBuyerIdentifier>")
        case 1:
            return finvoice(
                number: "\(below(99))", details: "<SellersBuyerIdentifier>\(buyer)</SellersBuyerIdentifier>",
                rows: "<InvoiceRow><ArticleName>Lauta\r\n&quot;12&quot;</ArticleName></InvoiceRow>",
                rest: "<SpecificationDetails><SpecificationFreeText/></SpecificationDetails>")
        case 2:
            return "<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\"><SOAP-ENV:Header/>"
                + "</SOAP-ENV:Envelope>\n<?xml version=\"1.0\" encoding=\"ISO-8859-15\"?>"
                + finvoice(details: "<SellersBuyerIdentifier>\(buyer)</SellersBuyerIdentifier>")
        default: return ublInvoice(number: "\(below(99))", buyerID: buyer, head: texts[below(texts.count)])
        }
    }

    /// One file.
    mutating func file() -> [UInt8] {
        var bytes = Array(invoice().utf8)
        if below(6) == 0 { bytes = Array("<?xml version='1.0' encoding='UTF-8' ?>\n<!-- first -->\n".utf8) + bytes }
        if below(12) == 0 { bytes += Array(("\n" + invoice()).utf8) }
        if below(20) == 0 { bytes = [0xef, 0xbb, 0xbf] + bytes }
        for _ in 0..<[0, 0, 0, 1, 1, 2, 4][below(7)] {
            let place = below(bytes.count)
            switch below(6) {
            case 0: bytes[place] = UInt8(below(256))
            case 1: bytes.removeSubrange(place..<min(bytes.count, place + 1 + below(20)))
            case 2: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 1 + below(60))], at: place)
            default: bytes.insert(contentsOf: Array(Self.snippets[below(Self.snippets.count)].utf8), at: place)
            }
            if bytes.isEmpty { bytes = [0x3c] }
        }
        switch below(20) {
        case 0: bytes.removeLast(below(bytes.count))
        case 1:
            let text = String(decoding: bytes, as: UTF8.self)
            bytes = [0xff, 0xfe] + text.utf16.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
        default: break
        }
        return bytes
    }
}

/// Numbers that look random (Steele, Lea and Flood's SplitMix64).
private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }
}
