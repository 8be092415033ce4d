import PortabilityExchange
import PortabilityModel
import Testing

@Suite("vCard 4.0 (RFC 6350)")
struct VCardTests {
    @Test("A person's card has the contact points and addresses that carry the same user_id")
    func person() throws {
        let output = try make(
            VCardMaker(),
            [
                (
                    "telephones", "contact_point",
                    [
                        [
                            ("user_id", "7"), ("kind", "mobile"), ("telephone", "+358 40 1234567"),
                            ("is_primary", "true"),
                        ],
                        [("user_id", "7"), ("email", "aino@example.fi")],
                        [("user_id", "8"), ("email", "other@example.fi")],
                    ]
                ),
                (
                    "addresses", "address",
                    [
                        [
                            ("user_id", "7"), ("street", "Kotikatu 1; rappu B"), ("postal_code", "00100"),
                            ("town", "Helsinki"), ("country", "FI"),
                        ]
                    ]
                ),
                (
                    "person", "person",
                    [
                        [
                            ("user_id", "7"), ("given_name", "Aino"), ("family_name", "Mäkelä, os. Virta"),
                            ("birth_date", "1985-04-12"), ("language", "fi"), ("job_title", "Toimitusjohtaja"),
                        ]
                    ]
                ),
            ])
        #expect(output.files.map(\.name) == ["contacts.vcf"])
        #expect(
            output.text
                == [
                    "BEGIN:VCARD", "VERSION:4.0", "PRODID:-//portability//1.0//EN", "KIND:individual",
                    "UID;VALUE=text:person/1", "FN:Aino Mäkelä\\, os. Virta", "N:Mäkelä\\, os. Virta;Aino;;;",
                    "BDAY:19850412", "LANG:fi", "TITLE:Toimitusjohtaja", "TEL;TYPE=cell;PREF=1:+358 40 1234567",
                    "EMAIL:aino@example.fi", "ADR:;;Kotikatu 1\\; rappu B;Helsinki;;00100;FI", "END:VCARD", "",
                ].joined(separator: "\r\n"))
        // The address of somebody of whom there is no card is not passed over in silence.
        #expect(output.notes.map(\.kind) == [.dropped])
        #expect(output.notes.map(\.record) == [3])
        #expect(output.notes.map(\.dataset) == ["telephones"])
    }

    @Test("Lines are folded at 75 bytes, never inside a character, and unfold to what they were")
    func folding() throws {
        let name = String(repeating: "å", count: 100) + String(repeating: "🦊", count: 50)
        let text = try make(VCardMaker(), [("person", "person", [[("full_name", name)]])]).text
        for line in text.split(separator: "\r\n") { #expect(line.utf8.count <= 75) }
        #expect(text.contains("\r\n "))
        let unfolded = text.replacing("\r\n ", with: "")
        #expect(unfolded.contains("FN:\(name)\r\n"))
    }

    @Test("What a card cannot hold is told, without the value")
    func notes() throws {
        let output = try make(
            VCardMaker(),
            [
                (
                    "person", "person",
                    [
                        [("personal_identity_code", "010203-123X"), ("nickname", "A\u{1}B")],
                        [("full_name", "B"), ("personal_identity_code", "010203-999Y")],
                    ]
                )
            ])
        #expect(
            output.notes.map { "\($0.kind.rawValue) \($0.record) \($0.term)" } == [
                "missing 1 FN", "dropped 1 text", "dropped 1 personal_identity_code",
            ])
        #expect(output.notes.last?.message.hasSuffix("records that have it: 2") == true)
        #expect(output.notes.allSatisfy { !$0.message.contains("010203") })
        #expect(output.text.contains("NICKNAME:A\u{FFFD}B\r\n"))
    }

    @Test("A company's customers and contact points belong to its own card")
    func organisations() throws {
        let output = try make(
            VCardMaker(),
            [
                ("phones", "contact_point", [[("customer_number", "42"), ("telephone", "09 123")]]),
                (
                    "company", "organisation",
                    [[("customer_number", "42"), ("name", "Oy Ab"), ("website", "https://example.fi")]]
                ),
                ("person", "person", [[("user_id", "7"), ("customer_number", "42"), ("full_name", "A")]]),
                (
                    "customers", "customer",
                    [
                        [
                            ("customer_number", "42"), ("name", "Asiakas Oy"), ("contact_name", "C"),
                            ("street", "X"), ("note", "a\r\nb"),
                        ],
                        [("name", "Yksityinen")],
                    ]
                ),
            ])
        let cards = output.text.components(of: "BEGIN:VCARD")
        #expect(cards.count == 4)
        #expect(cards[0].contains("KIND:org\r\n") && cards[0].contains("TEL:09 123\r\n"))
        #expect(cards[0].contains("URL:https://example.fi\r\n"))
        #expect(cards[1].contains("ORG:Oy Ab\r\n") && !cards[1].contains("TEL"))
        #expect(cards[2].contains("RELATED;TYPE=contact;VALUE=text:C\r\n") && cards[2].contains("NOTE:a\\nb\r\n"))
        #expect(cards[3].contains("KIND:individual\r\n") && cards[3].contains("FN:Yksityinen\r\n"))
    }

    @Test("What names nobody is the person's if there is one person, and nobody's if there are two")
    func unnamed() throws {
        func cards(_ names: [String]) throws -> MemoryOutput {
            try make(
                VCardMaker(),
                [
                    ("emails", "contact_point", [[("email", "a@example.fi")]]),
                    ("person", "person", names.map { [("full_name", $0)] }),
                    ("customers", "customer", [[("name", "C")]]),
                ])
        }
        let one = try cards(["A"])
        #expect(one.text.contains("FN:A\r\nEMAIL:a@example.fi\r\n") && one.notes.isEmpty)
        let two = try cards(["A", "B"])
        #expect(!two.text.contains("EMAIL") && two.notes.map(\.dataset) == ["emails"])
        for output in [one, two] {
            #expect(output.text.components(of: "FN:").map { $0.prefix(1) }.joined() == (output === one ? "AC" : "ABC"))
        }
    }

    @Test(
        "A postal, visiting or billing address that names nobody is the only organisation's, else the only person's",
        arguments: ["postal", "Postiosoite", "besöksadress", "käynti", "billing", "laskutus", "faktureringsadress"])
    func business(_ kind: String) throws {
        func cards(organisations: Int) throws -> MemoryOutput {
            try make(
                VCardMaker(),
                [
                    (
                        "emails", "contact_point",
                        [[("kind", kind), ("email", "a@example.fi")], [("telephone", "09 1")]]
                    ),
                    ("addresses", "address", [[("kind", kind), ("town", "B")], [("kind", "koti"), ("town", "H")]]),
                    ("companies", "organisation", (0..<organisations).map { [("name", "O\($0)")] }),
                    ("person", "person", [[("full_name", "A")]]),
                ])
        }
        let one = try cards(organisations: 1)
        let pair = one.text.components(of: "BEGIN:VCARD")
        #expect(pair.count == 2)
        #expect(pair[0].contains("FN:O0\r\n") && pair[0].contains("EMAIL:a@example.fi\r\n"))
        #expect(pair[0].contains("ADR;TYPE=work:;;;B;;;\r\n") && !pair[0].contains("TEL"))
        #expect(pair[1].contains("FN:A\r\nTEL:09 1\r\nADR;TYPE=home:;;;H;;;\r\n"))
        #expect(one.notes.isEmpty)
        for count in [0, 2] {
            let output = try cards(organisations: count)
            let cards = output.text.components(of: "BEGIN:VCARD")
            #expect(cards.count == count + 1)
            #expect(cards.dropLast().allSatisfy { !$0.contains("ADR") && !$0.contains("EMAIL") })
            #expect(cards[count].contains("ADR:;;;B;;;\r\n") && cards[count].contains("ADR;TYPE=home:;;;H;;;\r\n"))
            // A person's card has no word for the kind of such an address.
            #expect(output.notes.map { "\($0.dataset) \($0.record) \($0.term)" } == ["addresses 1 kind"])
        }
    }

    @Test("A kind of address that no card has a word for is told")
    func unknownKind() throws {
        let output = try make(
            VCardMaker(),
            [
                ("addresses", "address", [[("kind", "work"), ("town", "B")], [("kind", "cottage"), ("town", "C")]]),
                ("person", "person", [[("full_name", "A")]]),
            ])
        #expect(output.text.contains("ADR;TYPE=work:;;;B;;;\r\nADR:;;;C;;;\r\n"))
        #expect(output.notes.map { "\($0.record) \($0.term)" } == ["2 kind"])
        #expect(output.notes.first?.message.hasSuffix("first seen here; records that have it: 1") == true)
    }

    @Test("More contact points than may be held are told, not held")
    func bounded() throws {
        let output = try make(
            VCardMaker(limit: 1000),
            [
                (
                    "points", "contact_point",
                    (0..<20).map { [("user_id", "7"), ("email", "address-\($0)@example.fi")] }
                ), ("person", "person", [[("user_id", "7"), ("full_name", "A")]]),
            ])
        #expect(output.text.components(of: "EMAIL").count == 3)
        #expect(output.notes.count == 17)
    }

    @Test("Without a record there is no file")
    func empty() throws {
        #expect(try make(VCardMaker(), [("person", "person", [])]).files.isEmpty)
    }
}

extension String {
    /// The pieces behind each place where a text stands.
    fileprivate func components(of text: String) -> [String] {
        self.split(separator: text, omittingEmptySubsequences: false).dropFirst().map(String.init)
    }
}
