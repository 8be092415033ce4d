import PortabilityModel
import PortabilityScope
import PortabilityText
import Testing

@Suite("What becomes of fields and records")
struct RecordScopeTests {
    @Test("secrets are withheld from every dataset, whatever it declares")
    func secrets() throws {
        for right in Right.allCases {
            let decisions = try FieldDecisions(
                layout: layout("credential"), dataset: dataset("a", entity: "credential"), right: right, scansText: true
            )
            let secret = layout("credential").groups[0].fields.filter { $0.definition.sensitivity == .secret }.map(
                \.name)
            #expect(
                secret.allSatisfy { name in decisions.rules.contains { $0.path == name && $0.action == .withhold } })
        }
    }

    @Test("a withheld field leaves the tape whole: groups and lists that become empty go, counts are right")
    func withheld() throws {
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
        func part(_ code: Value?, _ owners: Bool) -> Value {
            .group(
                (code.map { [("code", $0)] } ?? [])
                    + (owners ? [("owner", .list([.text("x"), .text("y"), .text("z")]))] : []))
        }
        func build(_ owners: Bool) throws -> RecordBatch {
            var builder = BatchBuilder(dataset: 0)
            for index in 0..<3 {
                try record(
                    layout, id: "\(index)",
                    [
                        ("name", .text("n")), ("parts", .list([part(.text("c"), owners), part(nil, owners)])),
                        ("last", .text("l")), ("more", .text("m")),
                    ], into: &builder)
            }
            return builder.take()
        }
        var masked = try build(true)
        var scope = try RecordScope(
            layout: layout, dataset: dataset("a", rules: [FieldRule(.field("parts.owner"), .withhold)]),
            context: context())
        try scope.apply(to: &masked)
        let expected = try build(false)
        #expect(texts(masked, layout) == texts(expected, layout))
        func kinds(_ batch: RecordBatch) -> [[TokenKind]] { batch.records.map { batch.tokens[$0.tokens].map(\.kind) } }
        #expect(kinds(masked) == kinds(expected))
        #expect(masked.records.map(\.tokenCount) == expected.records.map(\.tokenCount))
        #expect(scope.ledger.fields.map(\.count) == [18], "three owners of each of six parts")
    }

    @Test("another's data: kept for a controller or customer, kept where the subject entered them, else masked")
    func others() throws {
        let payer: [(String, Value)] = [
            ("payer_name", .text("Aino Virta")), ("payer_iban", .text("FI2112345600000785")),
        ]
        func payment(_ right: Right, _ origin: Origin, role: Role = .controller) throws -> [String] {
            try scoped(dataset("p", entity: "payment", role: role, origin: origin), context(right), of: [("1", payer)])
                .records[0]
        }
        let whole = ["payer_name=Aino Virta", "payer_iban=FI2112345600000785"]
        let masked = ["payer_name=*****", "payer_iban=FI**************85"]
        let entered = Origin(kind: .provided, by: .subject)
        let received = Origin(kind: .provided, by: .thirdParty)
        #expect(try payment(.access, received) == masked)
        #expect(try payment(.portability, received) == masked)
        #expect(try payment(.access, entered) == whole)
        #expect(try payment(.portability, entered) == whole)
        #expect(try payment(.handover, received, role: .processor) == whole)
        #expect(try payment(.switching, received, role: .processor) == whole)
    }

    @Test("a private payer is masked, a company is not, and a value outside the closed set stops the export")
    func classes() throws {
        let classes = RecordClasses(
            field: "direction", values: [("paid", "company"), ("received", "private")])
        let payments = dataset(
            "p", entity: "payment", origin: Origin(kind: .observed),
            rules: [FieldRule(.others, .keep, classes: ["company"]), FieldRule(.others, .mask, classes: ["private"])],
            classes: classes)
        let fields = layout("payment").groups[0].fields.map(\.name)
        let direction = try #require(fields.contains("direction") ? "direction" : nil)
        let order = { (pairs: [(String, Value)]) in
            pairs.sorted { fields.firstIndex(of: $0.0)! < fields.firstIndex(of: $1.0)! }
        }
        let (records, ledger) = try scoped(
            payments,
            of: [
                ("0", order([(direction, .text("paid")), ("payer_name", .text("Aino Virta"))])),
                ("1", order([(direction, .text("received")), ("payer_name", .text("Aino Virta"))])),
            ])
        #expect(records[0].contains("payer_name=Aino Virta"))
        #expect(records[1].contains("payer_name=*****"))
        let counted = ledger.fields.filter { $0.count > 0 }
        #expect(counted.map(\.rule.recordClass) == ["private"])
        #expect(throws: PortabilityError(.scopeViolation, "")) {
            _ = try scoped(payments, of: [("1", order([(direction, .text("refunded"))]))])
        }
        #expect(throws: PortabilityError(.scopeViolation, "")) { _ = try scoped(payments, of: [("1", [])]) }
        var lenient = payments
        lenient.classes?.otherwise = "private"
        #expect(
            try scoped(lenient, of: [("1", [("payer_name", .text("Aino Virta"))])]).records == [["payer_name=*****"]])
    }

    @Test("whole records are withheld by class and counted by ground")
    func records() throws {
        let classes = RecordClasses(field: "author_class", values: [("user", "user"), ("staff", "staff")])
        let messages = dataset(
            "m", entity: "communication",
            rules: [FieldRule(.record, .withhold, ground: .restrictedByLaw, classes: ["staff"])], classes: classes)
        let (records, ledger) = try scoped(
            messages,
            of: [
                ("1", [("author_class", .text("user"))]), ("2", [("author_class", .text("staff"))]),
                ("3", [("author_class", .text("user"))]),
            ])
        #expect(records.count == 2)
        #expect(ledger.withheld == [.restrictedByLaw: 1])
    }

    @Test("only the days that were asked for, both included; what has no date stays")
    func period() throws {
        let events = dataset("e", entity: "usage_event", origin: Origin(kind: .observed), recordDate: "occurred_at")
        let (records, ledger) = try scoped(
            events, context(period: ("2026-02-01", "2026-02-28")),
            of: [
                ("1", [("occurred_at", .text("2026-01-31T23:59:59+02:00"))]),
                ("2", [("occurred_at", .text("2026-02-01T00:00:00+02:00"))]),
                ("3", [("occurred_at", .text("2026-02-28T23:59:59+02:00"))]),
                ("4", [("occurred_at", .text("2026-03-01T00:00:00+02:00"))]), ("5", []),
            ])
        #expect(records.count == 3)
        #expect(ledger.withheld == [.outsidePeriod: 2])
    }

    @Test(
        "a rule that cannot be applied is a configuration error: a masked amount, masked free text, a label without key"
    )
    func unfit() {
        let payment = layout("payment")
        for rule in [
            FieldRule(.field("amount"), .mask), FieldRule(.field("amount"), .label),
            FieldRule(.field("message"), .mask),
            FieldRule(.field("other"), .mask), FieldRule(.record, .mask),
        ] {
            #expect(throws: PortabilityError(.configuration, "")) {
                _ = try RecordScope(
                    layout: payment, dataset: dataset("p", entity: "payment", rules: [rule]), context: context())
            }
        }
        #expect(throws: PortabilityError(.configuration, "")) {
            _ = try RecordScope(
                layout: payment,
                dataset: dataset("p", entity: "payment", rules: [FieldRule(.field("payer_name"), .label)]),
                context: context(hasKey: false))
        }
    }

    @Test("access never masks more than portability")
    func contradictions() throws {
        let fair = dataset("p", entity: "payment", rules: [FieldRule(.others, .mask, rights: [.portability])])
        #expect(try FieldDecisions.contradictions(layout: layout("payment"), dataset: fair).isEmpty)
        let unfair = dataset("p", entity: "payment", rules: [FieldRule(.field("payer_name"), .mask, rights: [.access])])
        #expect(
            try FieldDecisions.contradictions(layout: layout("payment"), dataset: unfair).map(\.path) == ["payer_name"])
        // By default, for every entity and origin.
        for entity in Catalogue.standard.entities {
            for kind in Origin.Kind.allCases {
                let declared = dataset(
                    "d", entity: entity.name, origin: Origin(kind: kind, by: kind == .provided ? .thirdParty : nil))
                #expect(
                    try FieldDecisions.contradictions(layout: EntityLayout(entity), dataset: declared).isEmpty)
            }
        }
    }

    @Test(
        "the subject's own side of an invoice is the subject's; another's identity code is withheld, a business id kept"
    )
    func ownParty() throws {
        let invoice = layout("invoice")
        let received = dataset(
            "i", entity: "invoice", origin: Origin(kind: .derived), rules: [FieldRule(.field("seller"), .keep)],
            ownParty: "buyer")
        func legal(_ id: String) -> Value { .group([("name", .text("Nimi")), ("legal_id", .text(id))]) }
        let order = invoice.groups[0].fields.map(\.name)
        func parties(_ seller: String) -> [(String, Value)] {
            [("seller", legal(seller)), ("buyer", legal("131052-308T"))].sorted {
                order.firstIndex(of: $0.0)! < order.firstIndex(of: $1.0)!
            }
        }
        let company = try scoped(received, of: [("1", parties("1854047-8"))]).records[0]
        #expect(company.contains("seller.legal_id=1854047-8"))
        #expect(company.contains("buyer.legal_id=131052-308T"), "the subject's own")
        let (person, ledger) = try scoped(received, of: [("1", parties("131052-308T"))])
        #expect(!person[0].contains { $0.hasPrefix("seller.legal_id") })
        #expect(ledger.fields.contains { $0.rule.ground == .identityCode && $0.count == 1 })
    }

    @Test("the subject's own identity code stands verbatim in one dataset, masked in the next")
    func ownCode() throws {
        let fields: [(String, Value)] = [("personal_identity_code", .text("131052-308T"))]
        #expect(try scoped(dataset("a"), of: [("1", fields)]).records == [["personal_identity_code=131052-308T"]])
        #expect(
            try scoped(dataset("b"), duplicates: ["personal_identity_code"], of: [("1", fields)]).records == [
                ["personal_identity_code=******-****"]
            ])
    }
}

@Suite("Free text")
struct FreeTextTests {
    private let notes = dataset("notes", entity: "note", origin: Origin(kind: .derived))
    private let staff = [
        StaffMember(id: "S1", name: "Liisa Laine", role: "support agent"),
        StaffMember(name: "Olli Oja", role: "support agent"), StaffMember(name: "Eva Ek", role: "manager"),
    ]

    private func note(_ text: String, _ context: ScopeContext, _ declared: DatasetDeclaration? = nil) throws -> (
        text: String?, ledger: ScopeLedger
    ) {
        let (records, ledger) = try scoped(declared ?? notes, context, of: [("1", [("body", .text(text))])])
        return (records[0].first.map { String($0.dropFirst("body=".count)) }, ledger)
    }

    @Test("others' identifiers are masked for a person and kept for a controller, and counted")
    func masked() throws {
        let text = "Soita 040 123 4567 tai kirjoita aino@example.fi, tili FI21 1234 5600 0007 85."
        let (masked, ledger) = try note(text, context())
        #expect(masked == "Soita *****67 tai kirjoita a***@***.fi, tili FI**************85.")
        #expect(ledger.text.values.reduce(0, +) == 3)
        #expect(ledger.text.keys.allSatisfy { $0.action == .mask && $0.ground == .others })
        #expect(try note(text, context(.handover)).text == text)
    }

    @Test("the subject's own values stay, whatever their spelling; the own identity code is masked there")
    func own() throws {
        var own = OwnValues()
        own.insert("+358401234567", as: .telephone)
        own.insert("aino@example.fi", as: .email)
        own.insert("FI2112345600000785", as: .iban)
        own.insert("131052-308T", as: .identityCode)
        let text = "Soita 040 123 4567 tai kirjoita Aino@Example.fi, tili FI21 1234 5600 0007 85."
        #expect(try note(text, context(own: own)).text == text)
        let (code, ledger) = try note("Hetu 131052-308T", context(own: own))
        #expect(code == "Hetu ******-****")
        #expect(ledger.text.keys.map(\.ground) == [.duplicate])
        #expect(try note("Hetu 131052-308T", context()).ledger.text.keys.map(\.ground) == [.identityCode])
    }

    @Test("an identity code is masked for a person whatever the profile says")
    func identityCodes() throws {
        let keep = FreeTextProfile(actions: [.access: [.identityCode: .keep]])
        #expect(try note("131052-308T", context(freeText: keep)).text == "******-****")
    }

    @Test("a reviewer who masks, masks all that was found, in what the subject entered too")
    func reviewedEntered() throws {
        let own = dataset("messages", entity: "communication")
        let profile = FreeTextProfile(actions: [.access: [.email: .review, .telephone: .mask]])
        let book = ReviewBook()
        let fields: [(String, Value)] = [("body", .text("aino@example.fi, 040 123 4567"))]
        _ = try scoped(own, context(freeText: profile, review: book), of: [("1", fields)])
        var item = try #require(book.pending.first)
        item.decision = .mask
        #expect(
            try scoped(own, context(freeText: profile, review: ReviewBook([item])), of: [("1", fields)]).records == [
                ["body=a***@***.fi, *****67"]
            ])
    }

    @Test("what the subject entered is not masked, whoever it is about; an identity code of another is")
    func entered() throws {
        let own = dataset("messages", entity: "communication")
        func body(_ text: String, _ right: Right, _ profile: FreeTextProfile = FreeTextProfile()) throws -> [String] {
            try scoped(own, context(right, freeText: profile), of: [("1", [("body", .text(text))])]).records[0]
        }
        let text = "Maksoin tilille FI21 1234 5600 0007 85, soita 040 123 4567"
        for right in [Right.access, .portability] {
            #expect(try body(text, right) == ["body=\(text)"])
            #expect(try body(text, right, FreeTextProfile(actions: [right: [.iban: .mask]])) == ["body=\(text)"])
            #expect(try body("131052-308T", right) == ["body=******-****"])
        }
    }

    @Test("staff become roles in notes, stay in messages; the same person has the same label throughout an archive")
    func staffNames() throws {
        let (text, ledger) = try note("Liisa Laine ja Laine Liisa soittivat; Olli Oja ei.", context(staff: staff))
        let labels = try #require(text).split(separator: " ")
        #expect(!labels.contains("Liisa"))
        #expect(ledger.text.keys.allSatisfy { $0.action == .label && $0.ground == .staff })
        let first = try scoped(
            dataset("n", entity: "note", rules: [FieldRule(.field("staff_name"), .label, ground: .staff)]),
            context(staff: staff),
            of: [("1", [("staff_name", .text("Liisa Laine"))]), ("2", [("staff_name", .text("Olli Oja"))])]
        ).records
        let liisa = String(first[0][0].dropFirst("staff_name=".count))
        #expect(["support agent 1", "support agent 2"].contains(liisa))
        #expect(first[0] != first[1])
        #expect(text?.hasPrefix("\(liisa) ja \(liisa) soittivat") == true)
        var messages = notes
        messages.keepsStaffNames = true
        #expect(try note("Liisa Laine soitti", context(staff: staff), messages).text == "Liisa Laine soitti")
    }

    @Test("who is on no list gets a pseudonym: stable within an archive, unlinkable between archives")
    func pseudonyms() throws {
        let declared = dataset("n", entity: "note", rules: [FieldRule(.field("staff_name"), .label, ground: .staff)])
        let rows: [Fields] = [
            ("1", [("staff_name", .text("Kuka Lie"))]), ("2", [("staff_name", .text("Kuka Lie"))]),
            ("3", [("staff_name", .text("Muu Nimi"))]),
        ]
        let one = try scoped(declared, context(secret: 1), of: rows).records.map { $0[0] }
        let again = try scoped(declared, context(secret: 1), of: rows).records.map { $0[0] }
        let other = try scoped(declared, context(secret: 2), of: rows).records.map { $0[0] }
        #expect(one[0] == one[1] && one[0] != one[2])
        #expect(one == again)
        #expect(Set(one).isDisjoint(with: other))
        #expect(one[0].hasPrefix("staff_name=person-"))
    }

    @Test("a name that a record masks is masked in its free text too")
    func otherParty() throws {
        let payments = dataset("p", entity: "payment", origin: Origin(kind: .observed))
        let order = layout("payment").groups[0].fields.map(\.name)
        let fields: [(String, Value)] = [
            ("payer_name", .text("Aino Virta")), ("message", .text("Terveisin Aino Virta")),
        ].sorted { order.firstIndex(of: $0.0)! < order.firstIndex(of: $1.0)! }
        let masked = try scoped(payments, of: [("1", fields)]).records[0]
        #expect(masked.contains("payer_name=*****"))
        #expect(masked.contains("message=Terveisin *****"))
    }

    @Test("a name is looked through like a value; names stay in order and apart")
    func unmappedNames() throws {
        let (records, ledger) = try scoped(
            notes,
            of: [
                (
                    "1",
                    [("anna@example.fi", .text("1")), ("b", .text("2")), ("alma@example.fi", .text("3"))].sorted {
                        $0.0 < $1.0
                    }
                )
            ])
        #expect(records[0] == ["other.a***@***.fi=3", "other.a***@***.fi 2=1", "other.b=2"])
        #expect(ledger.text.map { ($0.key.field, $0.value) }.map(\.1) == [2])
    }

    @Test("an own telephone number is known as it is dialled at home and from abroad, and is no other country's")
    func ownTelephone() throws {
        func isKept(_ text: String, own number: String) throws -> Bool {
            var own = OwnValues()
            own.insert(number, as: .telephone)
            return try note(text, context(own: own)).text == text
        }
        for (known, written) in [
            ("+358 40 123 4567", "040 123 4567"), ("040 1234567", "+358 40 123 4567"),
            ("+358401234567", "00358 40 123 4567"), ("0401234567", "040-1234567"),
        ] { #expect(try isKept(written, own: known), "\(known) \(written)") }
        for (known, written) in [("+358459900001", "+46 45 990 0001"), ("+358401234567", "040 123 4568")] {
            #expect(try !isKept(written, own: known), "\(known) \(written)")
        }
    }

    @Test("fields that no one mapped are looked through too")
    func unmapped() throws {
        let (records, ledger) = try scoped(
            notes, of: [("1", [("body", .text("x")), ("extra", .text("aino@example.fi"))])])
        #expect(records[0].contains("other.extra=a***@***.fi"))
        #expect(ledger.text.keys.map(\.field) == ["other.extra"])
        let withheld = dataset("n", entity: "note", rules: [FieldRule(.field("other"), .withhold)])
        #expect(try scoped(withheld, of: [("1", [("extra", .text("x"))])]).records == [[]])
    }

    @Test("a review stops at what nobody has decided, takes decisions back, and stops again when a value changes")
    func review() throws {
        let profile = FreeTextProfile(actions: [.access: [.email: .review, .telephone: .mask]])
        let text = "aino@example.fi, 040 123 4567"
        let book = ReviewBook()
        _ = try note(text, context(freeText: profile, review: book))
        let item = try #require(book.pending.first)
        #expect(book.pending.count == 1)
        #expect(item.key.dataset == "notes" && item.key.recordID == "1" && item.key.field == "body")
        #expect(item.excerpt == text)
        for (decision, expected) in [
            (ReviewItem.Decision.keep, "aino@example.fi, *****67"), (.mask, "a***@***.fi, *****67"), (.withhold, nil),
        ] {
            var decided = item
            decided.decision = decision
            let reviewed = ReviewBook([decided])
            #expect(try note(text, context(freeText: profile, review: reviewed)).text == expected)
            #expect(reviewed.pending.isEmpty)
            #expect(reviewed.used.map(\.key) == [item.key])
            _ = try note(text + ".", context(freeText: profile, review: reviewed))
            #expect(reviewed.pending.count == 1, "the value is another one now")
        }
    }
}

@Suite("Files of records")
struct DocumentGateTests {
    private func file(_ role: Document.Role, _ text: String, type: String? = nil) -> Document {
        Document(recordID: "1", role: role, originalName: nil, mediaType: type, bytes: Array(text.utf8))
    }

    private let fees = dataset("f", entity: "invoice", origin: Origin(kind: .derived))

    @Test("an original goes with its record: in if nothing of it is masked, out if anything is")
    func originals() throws {
        let gate = DocumentGate(dataset: fees, context: context())
        guard case .withRecord = gate.admit(file(.original, "<Invoice/>")) else { return #expect(Bool(false)) }
        let plain: [(String, Value)] = [("original", .text("data/documents/f-000001.xml"))]
        #expect(try scoped(fees, gate: gate, of: [("1", plain)]).records == [["original=data/documents/f-000001.xml"]])
        #expect(!gate.isStruck("data/documents/f-000001.xml"))
        let order = layout("invoice").groups[0].fields.map(\.name)
        let masked = (plain + [("seller", .group([("name", .text("Aino Virta"))]))]).sorted {
            order.firstIndex(of: $0.0)! < order.firstIndex(of: $1.0)!
        }
        #expect(try scoped(fees, gate: gate, of: [("1", masked)]).records == [["seller.name=*****"]])
        #expect(gate.isStruck("data/documents/f-000001.xml"))
        #expect(gate.withheld == [.notRedactable: 1])
    }

    @Test("an original stays out with its attachment, or when a comment shows what no field does")
    func hidden() {
        func admits(_ text: String, after attachment: Document? = nil) -> Bool {
            let gate = DocumentGate(dataset: fees, context: context())
            if let attachment { _ = gate.admit(attachment) }
            if case .withRecord = gate.admit(file(.original, text)) { return true }
            return false
        }
        #expect(admits("<?xml version=\"1.0\"?><Invoice><!-- made by hand > --><a>x</a></Invoice>"))
        #expect(!admits("<Invoice><!-- a > b aino@example.fi --></Invoice>"))
        #expect(!admits("<Invoice><?note aino@example.fi?></Invoice>"))
        #expect(!admits("<Invoice><!-- aino@example.fi"))
        #expect(!admits("<\u{0}I", after: nil), "an encoding that cannot be looked through")
        #expect(!admits("<Invoice/>", after: file(.attachment, "%PDF\u{0}", type: "application/pdf")))
    }

    @Test("a reviewer can give an original in spite of a mask, or another file in its place")
    func reviewedOriginal() throws {
        let profile = FreeTextProfile(actions: [.access: [.email: .review]])
        let book = ReviewBook()
        let gate = DocumentGate(dataset: fees, context: context(freeText: profile, review: book))
        let original = file(.original, "<Invoice/>")
        #expect(gate.decided(original) == nil)
        gate.wait("data/documents/f-000001.xml", original)
        let order = layout("invoice").groups[0].fields.map(\.name)
        let fields: [(String, Value)] = [
            ("original", .text("data/documents/f-000001.xml")), ("seller", .group([("name", .text("Aino Virta"))])),
        ].sorted { order.firstIndex(of: $0.0)! < order.firstIndex(of: $1.0)! }
        _ = try scoped(fees, context(freeText: profile, review: book), gate: gate, of: [("1", fields)])
        var item = try #require(book.pending.first)
        item.decision = .replace
        item.replacement = "redacted.xml"
        let again = DocumentGate(dataset: fees, context: context(freeText: profile, review: ReviewBook([item])))
        guard case .replaced(by: "redacted.xml") = again.decided(original) else { return #expect(Bool(false)) }
    }

    @Test("a scan stays out until it was reviewed, or if files are declared harmless and it shows nobody else")
    func scans() throws {
        func scan(showsOthers: Bool, _ text: String = "%PDF-1.4 plain", type: String = "application/pdf") -> Document {
            Document(
                recordID: "1", role: .scan, originalName: nil, mediaType: type, bytes: Array(text.utf8),
                showsOthers: showsOthers)
        }
        let papers = dataset("p", entity: "document", origin: Origin(kind: .provided, by: .subject))
        var harmless = papers
        harmless.rules = [FieldRule(.documents, .keep)]
        for showsOthers in [false, true] {
            // No field of the record repeats what a scan says: that it is free of NUL and comments means nothing.
            let gate = DocumentGate(dataset: papers, context: context())
            #expect(gate.admit(scan(showsOthers: showsOthers)) == .withheld)
            #expect(gate.withheld == [.notRedactable: 1])
            let declared = DocumentGate(dataset: harmless, context: context())
            #expect(declared.admit(scan(showsOthers: showsOthers)) == (showsOthers ? .withheld : .always))
            // Text that can be looked through does not outweigh what somebody saw.
            let text = DocumentGate(dataset: papers, context: context())
            let transcript = scan(showsOthers: showsOthers, "plain", type: "text/plain")
            #expect(text.admit(transcript) == (showsOthers ? .withheld : .withRecord))
        }
        // A controller gets all of it, and answers for the people in it; a person does not, even where hits are kept.
        for (right, admission) in [(Right.access, DocumentGate.Admission.withheld), (.handover, .withRecord)] {
            let keeps = FreeTextProfile(
                actions: [right: Dictionary(uniqueKeysWithValues: DetectedKind.allCases.map { ($0, .keep) })])
            let gate = DocumentGate(dataset: papers, context: context(right, freeText: keeps))
            #expect(gate.admit(scan(showsOthers: true)) == admission)
        }
        let book = ReviewBook()
        let profile = FreeTextProfile(actions: [.access: [.email: .review]])
        _ = DocumentGate(dataset: harmless, context: context(freeText: profile, review: book))
            .admit(scan(showsOthers: true))
        var item = try #require(book.pending.first)
        item.decision = .keep
        let reviewed = DocumentGate(dataset: harmless, context: context(review: ReviewBook([item])))
        #expect(reviewed.admit(scan(showsOthers: true)) == .always)
    }

    @Test("an attachment that cannot be looked through stays out, unless it was reviewed or is declared harmless")
    func attachments() throws {
        let pdf = file(.attachment, "%PDF\u{0}", type: "application/pdf")
        let gate = DocumentGate(dataset: fees, context: context())
        guard case .withheld = gate.admit(pdf) else { return #expect(Bool(false)) }
        #expect(gate.withheld == [.notRedactable: 1])
        guard case .withRecord = gate.admit(file(.attachment, "a;b", type: "text/csv")) else {
            return #expect(Bool(false))
        }
        guard case .withheld = gate.admit(file(.attachment, "aino@example.fi", type: "text/plain")) else {
            return #expect(Bool(false))
        }
        // Types of text that hide signs behind others cannot be looked through.
        for type in ["text/html", "message/rfc822", "application/json"] {
            guard case .withheld = gate.admit(file(.attachment, "aino&#64;example.fi", type: type)) else {
                return #expect(Bool(false))
            }
        }
        let book = ReviewBook()
        let profile = FreeTextProfile(actions: [.access: [.email: .review]])
        _ = DocumentGate(dataset: fees, context: context(freeText: profile, review: book)).admit(pdf)
        var item = try #require(book.pending.first)
        #expect(item.key.field == "(document)")
        item.decision = .keep
        let reviewed = DocumentGate(dataset: fees, context: context(review: ReviewBook([item])))
        guard case .always = reviewed.admit(pdf) else { return #expect(Bool(false)) }
        var own = fees
        own.rules = [FieldRule(.documents, .keep)]
        guard case .always = DocumentGate(dataset: own, context: context()).admit(pdf) else {
            return #expect(Bool(false))
        }
        guard case .withRecord = DocumentGate(dataset: fees, context: context(.handover)).admit(pdf) else {
            return #expect(Bool(false))
        }
    }
}
