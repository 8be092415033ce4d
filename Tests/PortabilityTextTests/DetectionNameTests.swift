import PortabilityText
import Testing

struct DetectionNameTests {
    private func names(_ names: [String], in text: String) -> [String] {
        TextDetectors(kinds: [.name], names: [NameSet(names)]).found(in: text).map(\.text)
    }

    @Test(
        "A name in any order, case, normalisation and white space",
        arguments: [
            "Maija Meikäläinen", "MAIJA MEIKÄLÄINEN", "maija meikäläinen", "Meikäläinen Maija", "Meikäläinen, Maija",
            "Meikäläinen,Maija", "Maija  \n\t Meikäläinen", "Maija\u{a0}Meikäläinen", "Meika\u{308}la\u{308}inen Maija",
            "MAIJA MEIKA\u{308}LA\u{308}INEN", "maija.meikäläinen", "maija_meikäläinen",
        ])
    func forms(text: String) {
        for entry in ["Maija Meikäläinen", "Meikäläinen, Maija", "MAIJA MEIKA\u{308}LA\u{308}INEN"] {
            #expect(names([entry], in: text) == [text])
            #expect(names([entry], in: "(\(text)), ”\(text)”. \(text)") == [text, text, text])
        }
    }

    @Test(
        "No name within other words",
        arguments: [
            "Maijas Meikäläinen", "AMaija Meikäläinen", "Maija Meikäläinenkin", "Maija, Meikäläinen",
            "Maija Meikalainen",
            "MaijaMeikäläinen", "Maija / Meikäläinen", "Maija Meikäläinen2", "Maija", "Anna-Maija Meikäläinen",
            "Maija Meikäläinen-Aho", "éMaija Meikäläinen", "Maija Meikäläinene\u{301}",
        ])
    func notNames(text: String) {
        #expect(names(["Maija Meikäläinen"], in: "Tässä \(text) on") == [])
    }

    @Test("A hyphen before a small letter ends a name, as Finnish suffixes do")
    func suffix() {
        #expect(names(["Maija Virta"], in: "Maija Virta-niminen") == ["Maija Virta"])
    }

    @Test("A name of one word only with a capital")
    func oneWord() {
        #expect(
            names(["Ranta"], in: "Ranta, ranta, rantaan, RANTA, Rantanen, Itä-Ranta, Ranta-aho, “Ranta”")
                == ["Ranta", "RANTA", "Ranta", "Ranta"])
        #expect(names(["Öhman"], in: "Öhman öhman “Öhman”O\u{308}hman") == ["Öhman", "Öhman", "O\u{308}hman"])
        #expect(names(["Anna-Liisa"], in: "anna-liisa Anna-Liisa") == ["Anna-Liisa"])
    }

    @Test("Letters of the Sámi languages and others fold")
    func letters() {
        for name in [
            "Čáppa Šaddu", "Đorđe Ŋaŋŋa", "Žižek Émile", "Ægir Østergård", "Straße Weiß", "Nguyễn Ậm", "Łukasz Ǯoǯǯa",
        ] {
            let text = "x \(name.uppercased().replacingSS(in: name)) y \(name.lowercased()) z \(decomposed(name)) å"
            #expect(names([name], in: text).count == 3, "\(name)")
        }
        #expect(names(["Йорген Ёлкин"], in: "ЙОРГЕН ЁЛКИН, И\u{306}орген Е\u{308}лкин").count == 2)
    }

    @Test("A letter that Unicode takes apart is found in either form, small and capital, with one mark or two")
    func decompositions() {
        let letters = [0x41..<0x5b, 0x61..<0x7b, 0xc0..<0x530, 0x1e00..<0x1f00].joined()
            .compactMap { Unicode.Scalar($0 as UInt32) }.filter(\.properties.isAlphabetic)
        // Keys are equal in any normalisation.
        let wholes = Dictionary(letters.map { (String($0), $0) }) { first, _ in first }
        var parts: [Unicode.Scalar: [Unicode.Scalar]] = [:]
        for base in letters {
            for mark in (0x300...0x331).compactMap({ Unicode.Scalar($0 as UInt32) }) {
                if let whole = wholes["\(base)\(mark)"] { parts[whole] = [base, mark] }
            }
        }
        /// All marks of a letter apart, in canonical order.
        func apart(_ letter: Unicode.Scalar) -> [Unicode.Scalar] {
            guard let pair = parts[letter] else { return [letter] }
            let marked = apart(pair[0]) + pair[1...]
            return marked[..<1]
                + marked[1...].sorted {
                    $0.properties.canonicalCombiningClass < $1.properties.canonicalCombiningClass
                }
        }
        var missed: [String] = []
        for whole in parts.keys.sorted() {
            let capital = whole.properties.uppercaseMapping
            let forms =
                [String(whole), apart(whole).map(String.init).joined()]
                + (capital.unicodeScalars.count == 1 ? [capital] : [])
            let names = forms.map { "Ka\($0)ri Öhman" }
            let text = names.joined(separator: "; ")
            for name in names where self.names([name], in: text).count != names.count { missed.append(name) }
        }
        #expect(missed == [])
        #expect(parts.count > 400)
    }

    /// Base letters with their marks apart, found by canonical equivalence.
    private func decomposed(_ name: String) -> String {
        let apart: [Character: String] = [
            "Č": "C\u{30c}", "á": "a\u{301}", "Š": "S\u{30c}", "Ž": "Z\u{30c}", "ž": "z\u{30c}", "É": "E\u{301}",
            "å": "a\u{30a}", "ễ": "e\u{302}\u{303}", "Ậ": "A\u{323}\u{302}", "Ǯ": "Ʒ\u{30c}", "ǯ": "ʒ\u{30c}",
        ]
        let result = name.map { apart[$0] ?? String($0) }.joined()
        precondition(result == name)
        return result
    }

    @Test("Entries and texts may differ in normalisation from their first letter on")
    func normalisation() {
        for (composed, apart) in [("Äijä Öhman", "A\u{308}ija\u{308} O\u{308}hman"), ("Bö Ek", "Bo\u{308} Ek")] {
            for entry in [composed, apart] {
                for text in [composed, apart] { #expect(names([entry], in: "“\(text)”") == [text]) }
            }
        }
    }

    @Test("Middle names may be left out, and joined words stay together")
    func parts() {
        let entry = ["Maija Anneli Meikäläinen"]
        for text in [
            "Maija Anneli Meikäläinen", "Maija Meikäläinen", "Meikäläinen Maija", "Meikäläinen, Maija Anneli",
            "Meikäläinen Maija Anneli",
        ] {
            #expect(names(entry, in: text) == [text])
        }
        #expect(names(entry, in: "Anneli Meikäläinen") == [])
        #expect(names(["Carl von Essen"], in: "von Essen, Carl") == ["von Essen, Carl"])
        #expect(names(["Anna-Liisa O'Brien"], in: "O’Brien, Anna Liisa") == ["O’Brien, Anna Liisa"])
        #expect(names(["J. Virtanen"], in: "J.Virtanen, J Virtanen, J. Virtanen").count == 3)
        #expect(names(["3 Vettä Oy"], in: "yhtiö 3 Vettä Oy maksoi") == ["3 Vettä Oy"])
    }

    @Test("A hit tells the set and the entry; the longest wins, then the first")
    func entries() {
        let staff = NameSet(["Aino Aalto", "Bo Ek", "Aino Aalto"])
        let party = NameSet(["Bo Ek", "Aino Aalto Oy", "", "–", "X"])
        let hits = TextDetectors(names: [NameSet([]), staff, party]).scan(
            Array("Bo Ek, Aino Aalto Oy, Aino Aalto".utf8))
        #expect(
            hits == [
                Detection(kind: .name, range: 0..<5, set: 1, entry: 1),
                Detection(kind: .name, range: 7..<20, set: 2, entry: 1),
                Detection(kind: .name, range: 22..<32, set: 1, entry: 0),
            ])
    }

    @Test("Empty sets and entries without two letters find nothing")
    func empty() {
        #expect(NameSet([]).isEmpty)
        #expect(NameSet(["", " ", "–", "X", "?!"]).isEmpty)
        #expect(!NameSet(["Bo"]).isEmpty)
        #expect(names(["", "X"], in: "X on X") == [])
    }
}

extension String {
    /// Upper case keeps ß, which full mapping would turn into two letters.
    fileprivate func replacingSS(in original: String) -> String {
        original.contains("ß") ? original.map { $0 == "ß" ? "ẞ" : $0.uppercased() }.joined() : self
    }
}
