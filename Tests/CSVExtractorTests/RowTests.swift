import CSVExtractor
import PortabilityModel
import PortabilityTesting
import Testing

@Suite("CSV: rows and cells")
struct RowTests {
    @Test("Lines may end with LF, CR LF, CR, in one file, and the last without")
    func lineEnds() async throws {
        let reading = try await Source().read("customer,x\n1042,a\r\n1042,b\r1042,c\n\n\r\n\r1042,d\r\r1042,e")
        #expect(reading.outlines() == ["x=a", "x=b", "x=c", "x=d", "x=e"])
        #expect(reading.oddities.isEmpty)
        #expect(reading.records().map(\.position) == [11, 19, 26, 37, 45])
    }

    @Test("Quoted cells hold delimiters, quotes and line ends of every kind")
    func quotes() async throws {
        let reading = try await Source().read(
            "customer,x\n1042,\"a,\"\"b\"\"\r\nc\rd\n\n\"\n1042,\"\"\n\"1042\",\"\"\"\"\n")
        #expect(reading.records().map { $0["other:x"] } == ["a,\"b\"\r\nc\rd\n\n", nil, "\""])
        #expect(reading.oddities.isEmpty)
    }

    @Test("Bad rows are told with the line they begin on, however many lines stand before")
    func lineNumbers() async throws {
        let reading = try await Source().read(
            "customer,x\r\n\r\n1042,\"a\r\nb\rc\nd\"\r\n1,2,3\n1042,b\r7\n")
        #expect(reading.outlines() == ["x=a\r\nb\rc\nd", "x=b"])
        #expect(reading.findings.filter { $0.kind == .malformed }.map(\.place.line) == [7, 9])
        #expect(reading.findings.filter { $0.kind == .malformed }.map(\.place.byte) == [31, 44])
    }

    @Test("A short row lacks its last cells, a long one keeps what it has too much; both are counted and may be lost")
    func raggedRows() async throws {
        let reading = try await Source().read("x,customer,y\na,1042\nb,1042,c,d,,e\nf\ng,1042,h\ni,7,j,k\n")
        #expect(reading.outlines() == ["x=a", "column_4=d column_6=e x=b y=c", "x=g y=h"])
        let bad = reading.findings.filter { $0.kind == .malformed }
        #expect(bad.map(\.place.line) == [2, 3, 4, 6])
        #expect(bad.allSatisfy { $0.losesRecords && $0.place.fileOrdinal == 1 && $0.place.source == "exports" })
    }

    @Test("Delimiters too many at the end of rows, or of the header, are nothing")
    func trailingDelimiters() async throws {
        #expect(try await Source().read("customer,x\n1042,a,,\n").oddities.isEmpty)
        let reading = try await Source().read("customer,x,,\n1042,a\n1042,b,c\n1042,d,,e\n")
        #expect(reading.outlines() == ["x=a", "column_3=c x=b", "column_4=e x=d"])
        #expect(reading.oddities.isEmpty)
    }

    @Test("Repeated and missing names of columns are told apart")
    func columnNames() async throws {
        let reading = try await Source().read("customer,x,,x,x#2,,x,column_3\n1042,1,2,3,4,5,6,7\n")
        #expect(
            Set(reading.records()[0].values.map { "\($0.path)=\($0.text)" })
                == [
                    "other:x=1", "other:column_3#2=2", "other:x#3=3", "other:x#2=4", "other:column_6=5", "other:x#4=6",
                    "other:column_3=7",
                ])
    }

    @Test("A lone quote never gives one person what is another's")
    func loneQuote() async throws {
        // The quote opens in the subject's row; the next quote of the file closes it, in another's.
        var reading = try await Source().read(
            "customer,x,y\n1042,\"a,b\n7,secret,c\n8,\"d\",e\n1042,f,g\n")
        #expect(reading.outlines() == ["x=f y=g"])
        #expect(reading.findings.filter { $0.losesRecords }.map(\.place.line) == [2])
        // It closes before a delimiter: the row is too short or too long.
        reading = try await Source().read("customer,x,y\n1042,\"a,b\n7,secret,c\n8,\",d\",e\n1042,f,g\n")
        #expect(reading.outlines() == ["x=f y=g"])
        #expect(reading.findings.filter { $0.losesRecords }.map(\.place.line) == [2])
        // It never closes.
        reading = try await Source().read("customer,x,y\n1042,f,g\n1042,\"a,b\n7,secret,c\n1042,h,i\n")
        #expect(reading.outlines() == ["x=f y=g"])
        #expect(reading.findings.filter { $0.losesRecords }.map(\.place.line) == [3])
        for finding in reading.findings { #expect(!finding.message.contains("secret")) }
    }

    @Test(
        "A row that a missing quote may have swallowed is given to nobody, though the number of cells is right",
        arguments: [
            // A quote too many in two rows; the closing one stands alone in a cell.
            ("id,customer,x,y\n1,1042,\"a,b\n2,7,secret,c\n3,1042,\",d\n4,1042,e,f\n", "id=4 x=e y=f"),
            // Inches close it, in the middle of another's row.
            ("id,customer,x,y\n1,1042,\"big TV,b\n2,7,secret TV 55\",c\n4,1042,e,f\n", "id=4 x=e y=f"),
            ("customer,x\n1042,\"a\n7,secret\n1042,\"\n1042,e\n", "x=e"),
            // It opens in the first cell, and takes a row of somebody else before the subject's key.
            ("id,customer,x\n\"1,7,secret\n2\",1042,b\n3,1042,e\n", "id=3 x=e"),
            // Columns without a name may be missing at a row's end.
            ("id,customer,x,,\n1,1042,\"a\n2,7,secret\n3,1042,\",,\n4,1042,e\n", "id=4 x=e"),
        ])
    func swallowedRows(text: String, outline: String) async throws {
        let reading = try await Source().read(text)
        #expect(reading.outlines() == [outline])
        let lost = reading.findings.filter { $0.losesRecords }
        #expect(lost.map(\.kind) == [.malformed])
        #expect(lost.map(\.place.line) == [2])
        for finding in reading.findings { #expect(!finding.message.contains("secret")) }
    }

    @Test("Notes of several lines are read; one with a line like a row's only if the dialect trusts them")
    func notesOfManyLines() async throws {
        let sound = """
            x,customer,y,z
            "Dear, Maija
            regards",1042,"a, b, c, d
            e","f,
            g, h"
            "i
            j",1042,"k, l","m, n"

            """
        var reading = try await Source().read(sound)
        #expect(reading.records().count == 2)
        #expect(reading.findings.filter { $0.losesRecords }.isEmpty)

        let doubtful = "customer,x\n1042,\"Milk, bread\nand eggs, please\"\n"
        reading = try await Source().read(doubtful)
        #expect(reading.records().isEmpty)
        #expect(reading.findings.filter { $0.losesRecords }.map(\.place.line) == [2])
        var source = Source()
        source.dialect.trustsLines = true
        reading = try await source.read(doubtful)
        #expect(reading.outlines() == ["x=Milk, bread\nand eggs, please"])
        #expect(reading.findings.filter { $0.losesRecords }.isEmpty)

        // One column: nothing can be known.
        source = Source()
        reading = try await source.read("customer\n\"7\n1042\"\n1042\n")
        #expect(reading.records().count == 1)
    }

    @Test("Quotes in the middle, text and spaces after a closing quote are read and counted")
    func oddQuotes() async throws {
        let reading = try await Source().read(
            "customer,x\n1042,5\" pipe\n1042, \"a\"\n1042,\"a\"b\"c\"\n1042,\"a\" \t\n\"1042\" ,d\n1042,\"a\"\"b\" \"c\n"
        )
        #expect(
            reading.records().map { $0["other:x"] } == ["5\" pipe", " \"a\"", "ab\"c\"", "a", "d", "a\"b \"c"])
        #expect(reading.oddities.allSatisfy { $0.kind == .nonconforming && !$0.losesRecords })
        #expect(
            reading.oddities.map { "\($0.count) \($0.message.prefix(6))" } == ["4 quotes", "2 spaces", "2 text a"])
    }

    @Test("Without quotes in the dialect a quote is a sign like others")
    func noQuotes() async throws {
        var source = Source()
        source.dialect.quote = nil
        let reading = try await source.read("customer,x\n1042,\"a\n1042,b\"\n")
        #expect(reading.outlines() == ["x=\"a", "x=b\""])
        #expect(reading.oddities.isEmpty)
    }

    @Test("An escape takes the meaning from the next sign, in quotes and outside")
    func escapes() async throws {
        var source = Source()
        source.dialect.escape = UInt8(ascii: "\\")
        source.dialect.null = "\\N"
        let reading = try await source.read(
            #"customer,x,y"# + "\n" + #"1042,a\,b\"c\\,"d\"e,f\\""# + "\n" + #"1042,g\"# + "\nh,\\N\n"
                + #"1042,"\N",i\"#)
        #expect(reading.records().map { $0["other:x"] } == [#"a,b"c\"#, "g\nh", "N"])
        #expect(reading.records().map { $0["other:y"] } == [#"d"e,f\"#, nil, "i"])
        #expect(reading.oddities.isEmpty)
    }

    @Test("Comments are no rows; spaces are trimmed if the dialect says so")
    func commentsAndTrimming() async throws {
        var source = Source()
        source.dialect.comment = UInt8(ascii: "#")
        source.dialect.trims = true
        let reading = try await source.read(
            "# 1042,\"\n customer ,x\n  1042 ,  \"a, b\" \t,\n#\n1042,# c d \n\t 7 , e\n 1042,\" f \"\n")
        #expect(reading.outlines() == ["x=a, b", "x=# c d", "x= f "])
        #expect(reading.oddities.isEmpty)
    }

    @Test("NUL characters are carried and counted")
    func nul() async throws {
        let reading = try await Source().read("customer,x\n1042,a\0b\n7,\0\n")
        #expect(reading.records().map { $0["other:x"] } == ["a\0b"])
        #expect(reading.oddities.map(\.count) == [1])
    }

    @Test("A row above the limit is told and skipped; a quote that never closes takes the rest with it")
    func tooLarge() async throws {
        var source = Source()
        source.limits.lineBytes = 1000
        let long = String(repeating: "long,", count: 600_000)
        var reading = try await source.read("customer,x\n1042,a\n1042,\(long)\n1042,b\n1042,\"\(long)\n\"\n1042,c\n")
        #expect(reading.outlines() == ["x=a", "x=b", "x=c"])
        #expect(reading.findings.filter { $0.kind == .tooLarge }.map(\.place.line) == [3, 5])
        #expect(reading.findings.filter { $0.losesRecords }.count == 2)
        reading = try await source.read("customer,x\n1042,a\n1042,\"\(long)\n1042,c\n")
        #expect(reading.outlines() == ["x=a"])
        #expect(reading.findings.filter { $0.losesRecords }.map(\.place.line) == [3])
        // Cells cost memory beyond their bytes.
        source.limits.lineBytes = 16 << 20
        reading = try await source.read("customer,x\n1042,\(String(repeating: ",", count: 70_000))\n1042,b\n")
        #expect(reading.outlines() == ["x=b"])
        #expect(reading.findings.filter { $0.kind == .tooLarge }.map(\.place.line) == [2])
    }

    @Test("What is read does not depend on where blocks end", arguments: 0..<50)
    func blocks(shift: Int) async throws {
        // The beginning of a file, which is looked at first, ends after 64 KiB: within these rows.
        let rows = "1042,\"a\"\"b\r\nc\"\r\n1042,\"d\"  \r\n7,\"e\"\r\n1042,f\r1042,\"g\"\"\"\n"
        let filler = "7," + String(repeating: "s", count: 65_536 - 60 + shift) + "\n"
        let reading = try await Source().read("customer,x\n" + filler + rows + rows)
        let expected = ["a\"b\r\nc", "d", "f", "g\""]
        #expect(reading.records().map { $0["other:x"] } == expected + expected)
        #expect(reading.records()[0].position == UInt64(11 + filler.utf8.count))
        #expect(reading.oddities.map(\.count) == [2])
    }
}
