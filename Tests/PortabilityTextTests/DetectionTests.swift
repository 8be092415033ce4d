import PortabilityText
import Testing

/// What is and what is not an identifier, kind by kind.
struct DetectionTests {
    private let detectors = TextDetectors()

    @Test(
        "Finnish personal identity codes",
        arguments: [
            // Published by the Digital and Population Data Services Agency for tests; individual numbers from 900 on
            // are given to nobody.
            "010594Y9032", "010594Y9021", "020594X903P", "020594X902N", "030594W903B", "030694W9024", "040594V9030",
            "040594V902Y", "050594U903M", "050594U902L", "010516B903X", "010516B902W", "020516C903K", "020516C902J",
            "030516D9037", "030516D9026", "010501E9032", "020502E902X", "020503F9037", "020504A902E", "020504B904H",
            // The example of the agency's page on the check character.
            "131052-308T", "131052-308t", "020504a902e", "131052–308T", "131052+308T",
        ])
    func finnish(code: String) {
        #expect(detectors.found(in: "Tunnus on \(code).") == [Found(.identityCode, code)])
    }

    @Test(
        "No Finnish personal identity codes",
        arguments: [
            "131052-308U", "131052-308", "131052-308TA", "A131052-308T", "1131052-308T", "131052-3080T", "131052G308T",
            "131052 308T", "321052-308T", "131352-308T", "001052-308T", "300294-900C", "290295-9001", "131052-001P",
            "131052-000N", "ä131052-308T", "131052-308Tä", "131052--308T",
        ])
    func notFinnish(text: String) {
        #expect(!detectors.found(in: "Tunnus on \(text).").contains { $0.kind == .identityCode })
    }

    @Test("The 29th of February counts in leap years of the century that the sign tells")
    func leapDays() {
        let maker = NumberMaker(seed: 1)
        func code(_ date: String, _ sign: String) -> String {
            date + sign + "900" + String(Array("0123456789ABCDEFHJKLMNPRSTUVWXY")[Int(date + "900")! % 31])
        }
        #expect(detectors.found(in: code("290200", "A")).count == 1)
        #expect(detectors.found(in: code("290200", "-")).isEmpty)
        #expect(detectors.found(in: code("290296", "-")).count == 1)
        #expect(detectors.found(in: maker.broken(code("290296", "-"))).isEmpty)
    }

    @Test(
        "Identity codes of the neighbours",
        arguments: [
            // Examples of the tax agency of Sweden and of Estonian, Lithuanian and Norwegian descriptions of the check.
            "811218-9876", "811218+9876", "19811218-9876", "198112189876", "670919-9530", "701063-2391", "37605030299",
            "38001085718", "33309240064", "13097248022",
        ])
    func neighbours(code: String) {
        #expect(detectors.found(in: "nr \(code), tack") == [Found(.identityCode, code)])
    }

    @Test(
        "No identity codes of the neighbours",
        arguments: [
            "8112189876", "811218-9877", "811318-9876", "811232-9876", "198112189877", "178112189876", "556036-0793",
            "37605030298", "97605030299", "13097248023", "811218-98760",
        ])
    func notNeighbours(text: String) {
        #expect(!detectors.found(in: "nr \(text), tack").contains { $0.kind == .identityCode })
    }

    @Test(
        "IBANs, compact and printed",
        arguments: [
            // Examples of the registry.
            "FI2112345600000785", "FI21 1234 5600 0007 85", "fi21 1234 5600 0007 85",
            "FI21\u{a0}1234\u{a0}5600 0007 85",
            "SE4550000000058398257466", "SE45 5000 0000 0583 9825 7466", "EE382200221020145685", "NO9386011117947",
            "GB29NWBK60161331926819", "GB29 NWBK 6016 1331 9268 19", "DE89370400440532013000", "LT121000011101001000",
            "MT84MALT011000012345MTLCAST001S", "LC55HEMM000100010012001200023015", "FR1420041010050500013M02606",
            "RU0304452522540817810538091310419", "DK5000400440116243", "LV80BANK0000435195001",
        ])
    func ibans(number: String) {
        #expect(detectors.found(in: "Tili \(number), kiitos") == [Found(.iban, number)])
        #expect(detectors.found(in: "(\(number))") == [Found(.iban, number)])
    }

    @Test(
        "No IBANs",
        arguments: [
            "FI2112345600000786", "FI21 1234 5600 0007 8", "FI21  1234 5600 0007 85", "XX2112345600000785",
            "AFI2112345600000785", "FI21123456000007850", "FI2112345600000785A", "FI21-1234-5600-0007-85", "FI21",
            "ZZ00", "SE21123456000007",
        ])
    func notIBANs(text: String) {
        #expect(!detectors.found(in: "Tili \(text), kiitos").contains { $0.kind == .iban })
    }

    @Test(
        "Card numbers",
        arguments: [
            // Numbers that the brands and payment services publish for tests.
            "4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111", "4222222222222", "4012888888881881",
            "5555555555554444", "5105105105105100", "2223003122003222", "378282246310005", "3714 496353 98431",
            "30569309025904", "3852 0000 0232 37", "6011111111111117", "3530111333300000", "6200000000000005",
            "6304000000000000", "6759649826438453",
        ])
    func cards(number: String) {
        #expect(detectors.found(in: "Kortti \(number) hävisi") == [Found(.card, number)])
    }

    @Test(
        "No card numbers",
        arguments: [
            "4111111111111112", "411111111111", "41111111111111111111", "1111111111111117", "4111 1111 11111111 1",
            "4111 1111-1111 1111", "41 11 11 11 11 11 11 11", "4111111111111111.50", "4111111111111111A",
            "X4111111111111111", "A-4111111111111111", "9999999999999995", "0000000000000000", "4111\n\n1111 1111 1111",
        ])
    func notCards(text: String) {
        #expect(!detectors.found(in: "Summa \(text) ja muuta").contains { $0.kind == .card })
    }

    @Test("A card's expiry date and the words about it are not of it")
    func cardInText() {
        #expect(
            detectors.found(in: "VISA 4111 1111 1111 1111 12/27, nimi kortissa")
                == [Found(.card, "4111 1111 1111 1111")])
    }

    @Test(
        "E-mail addresses",
        arguments: [
            "matti@example.fi", "m.m@example.co.uk", "a+b@example.com", "x@y.fi", "MATTI_1@EXAMPLE.FI",
            "äiti.öljy@päivä.fi", "user@xn--pivl-5qab.fi", "o'brien@example.ie", "a-b@c-d.fi", "用户@例子.公司",
            "1@2.fi", "_x@example.fi",
        ])
    func addresses(address: String) {
        for text in [
            "Osoite \(address).", "<\(address)>", "mailto:\(address)?subject=x", "“\(address)”,", "**\(address)**",
        ] {
            #expect(detectors.found(in: text) == [Found(.email, address)], "\(text)")
        }
    }

    @Test(
        "No e-mail addresses",
        arguments: [
            "a@b", "@example.fi", "matti@", "matti@.fi", "matti.@example.fi", "matti@1.2", "a @ b.fi",
            "matti@example.f",
            "matti@-", "@@@", "hinta 5 kpl @ 2.50", "name@host:25", "matti@[10.0.0.1]",
        ])
    func notAddresses(text: String) {
        #expect(detectors.found(in: "Teksti \(text) loppu") == [])
    }

    @Test(
        "Telephone numbers",
        arguments: [
            "+358 40 123 4567", "+358401234567", "+358-40-1234567", "+358 (0)40 123 4567", "(+358) 40 123 4567",
            "+358 9 1234567", "+46 8 123 456 78", "+46 (0)70-123 45 67", "+1 (555) 123-4567", "+372 5123 4567",
            "+44 20 7946 0958", "+49 30 901820", "00358 40 123 4567", "00358401234567", "0046701234567",
            "+358\u{a0}40\u{a0}123\u{a0}4567", "040 123 4567", "0401234567", "040-1234567", "040-123 4567",
            "040.123.4567", "040/1234567", "0457 123 4567", "050 1234", "09 123 4567", "(09) 123 4567", "09-1234567",
            "010 123 4567", "0800 12345", "08-123 456 78", "070-123 45 67", "0701234567", "0400123456", "019 123456",
        ])
    func telephones(number: String) {
        #expect(detectors.found(in: "Soita \(number)!") == [Found(.telephone, number)])
        #expect(detectors.found(in: "puh:\(number), kiitos") == [Found(.telephone, number)])
    }

    @Test(
        "No telephone numbers: dates, times, amounts, addresses of machines, versions, codes",
        arguments: [
            "01.02.2024", "1.2.2024", "01-02-2024", "01/02/2024", "01 02 2024", "01022024", "010220241530",
            "2024-01-02",
            "2024-01-02T09:15:00", "2024-01-02 09:15:00", "09:15:30", "09.15", "08.00-16.00", "0800-1630", "0900–1700",
            "0,50", "0.5", "1 234 567,89", "1234567", "10 000 000 €", "0012345", "+1500000 €", "+25 000 000 kr",
            "+1234567,50", "+100 %", "192.168.0.1", "010.010.010.010", "0.9.1", "v0.12.345", "01.23.45.67",
            "550e8400-e29b-41d4-a716-044665544000", "0123456789abcdef", "abc0401234567", "ä0401234567",
            "00100 Helsinki",
            "FI01120389", "01120389X", "0112038-9", "0112038-8", "1:040123456", "12-0401234567", "+358", "+358 40",
            "040 123", "01234 56789 01234 56789",
        ])
    func notTelephones(text: String) {
        #expect(detectors.found(in: "Arvo \(text) tässä") == [])
    }

    @Test("A telephone number ends where the next number begins")
    func neighbouringNumbers() {
        #expect(
            detectors.found(in: "0401234567 0509876543")
                == [Found(.telephone, "0401234567"), Found(.telephone, "0509876543")])
        #expect(
            detectors.found(in: "03 1234567 040 123 4567")
                == [Found(.telephone, "03 1234567"), Found(.telephone, "040 123 4567")])
        #expect(detectors.found(in: "00100 0401234567") == [Found(.telephone, "0401234567")])
        #expect(detectors.found(in: "040 123 4567 20 kpl") == [Found(.telephone, "040 123 4567")])
        #expect(detectors.found(in: "040 123 4567 12kpl") == [Found(.telephone, "040 123 4567")])
    }

    @Test(
        "Digits of references count for nothing",
        arguments: [
            "viite 4111 1111 1111 1111", "Viitenumero: 0401234567", "viitteellä 0401234567", "Referens: 0401234567",
            "referensnummer 4111111111111111", "Reference no. 0401234567", "ref. 12 04012 34567", "REF#0401234567",
            "lasku nro 0401234567", "Laskun numero 0401234567", "laskunumero=0401234567", "lasku n:o 0401234567",
            "faktura nr 0401234567", "fakturanummer 198112189876", "invoice no 0401234567",
            "Invoice number: 0401234567",
            "order number 0401234567", "tilausnumero 0401234567", "beställning nr 0401234567", "OVT 0037 0112 0389",
            "OVT-tunnus: 003701120389", "003701120389", "003701120389A1234", "EDI 0216:003701120389", "0037011203891",
            "Y-tunnus 0112038-9", "FO-nummer 0112038-9", "RF18 5390 0754 7034", "RF18539007547034", "OCR 38001085718",
            "asiakasnumero 38001085718", "lasku nro 811218-9876", "ALV-numero FI01120389", "\"viite\": \"0401234567\"",
            "Viitenumero\n0401234567",
        ])
    func references(text: String) {
        #expect(detectors.found(in: text) == [])
    }

    @Test(
        "What is no reference counts even beside such words",
        arguments: [
            ("viite 1234561, puh. 0401234567", Found(.telephone, "0401234567")),
            ("viite 1234561, 0401234567", Found(.telephone, "0401234567")),
            ("lasku: +358401234567", Found(.telephone, "+358401234567")),
            ("viite 131052-308T", Found(.identityCode, "131052-308T")),
            ("viite FI2112345600000785", Found(.iban, "FI2112345600000785")),
            ("puhelin nro 0401234567", Found(.telephone, "0401234567")),
            ("kortin numero 4111111111111111", Found(.card, "4111111111111111")),
        ])
    func beside(text: String, hit: Found) {
        #expect(detectors.found(in: text) == [hit])
    }

    @Test("The more specific of two hits wins, and an address that holds one is one hit")
    func overlaps() {
        #expect(detectors.found(in: "131052-308T@example.fi") == [Found(.identityCode, "131052-308T@example.fi")])
        #expect(detectors.found(in: "0401234567@example.fi") == [Found(.email, "0401234567@example.fi")])
        let named = TextDetectors(names: [NameSet(["Matti Meikäläinen"])])
        #expect(named.found(in: "matti.meikäläinen@example.fi") == [Found(.email, "matti.meikäläinen@example.fi")])
        // Digits that a name has taken go to the number.
        let digits = TextDetectors(names: [NameSet(["Tunnus 131052"])])
        #expect(digits.found(in: "Tunnus 131052-308T") == [Found(.identityCode, "131052-308T")])
    }

    @Test("Only the kinds asked for are reported, and no digits of others are taken for them")
    func kinds() {
        let text = "131052-308T FI21 1234 5600 0007 85 4111 1111 1111 1111 x@y.fi 040 123 4567"
        for kind in DetectedKind.allCases {
            let hits = TextDetectors(kinds: [kind]).found(in: text)
            #expect(hits.map(\.kind) == (kind == .name ? [] : [kind]))
        }
        #expect(detectors.found(in: text).map(\.kind) == [.identityCode, .iban, .card, .email, .telephone])
        #expect(TextDetectors(kinds: []).found(in: text).isEmpty)
    }

    @Test("Hits are appended to those the caller has")
    func appends() {
        let earlier = Detection(kind: .name, range: 0..<100, set: 3, entry: 4)
        var hits = [earlier]
        detectors.scan(Array("x@y.fi".utf8).span, into: &hits)
        #expect(hits == [earlier, Detection(kind: .email, range: 0..<6)])
    }

    @Test("Names of kinds are read back")
    func kindNames() {
        #expect(DetectedKind.allCases.map(\.name) == ["identity-code", "iban", "card", "email", "telephone", "name"])
        #expect(DetectedKind.allCases.allSatisfy { DetectedKind(name: $0.name) == $0 })
        #expect(DetectedKind(name: "ssn") == nil)
    }
}
