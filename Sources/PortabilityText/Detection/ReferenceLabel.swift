/// Words that tell that the number after them is a reference and no person's number.
enum ReferenceLabel {
    /// True if such a word stands before `start`: `viite: 123`, `lasku nro 123`, `OVT-tunnus 123`, `Ref. 12 34567 123`.
    ///
    /// Between word and number may stand a few signs, and the groups, of at most five digits, of the same number.
    static func stands(before start: Int, in text: TextBytes) -> Bool {
        var index = start
        for _ in 0..<4 {
            let end = skipSigns(before: index, in: text)
            if text.letterOrDigit(before: end) == 0 { return false }
            if !ASCII.isDigit(text[end - 1]) { return endsLabel(end, in: text) }
            if index - end != 1 || text[end] != ASCII.space { return false }
            index = end
            while end - index < 6, ASCII.isDigit(text[index - 1]) { index -= 1 }
            if end - index > 5 { return false }
        }
        return false
    }

    private static func skipSigns(before start: Int, in text: TextBytes) -> Int {
        var index = start
        while start - index < 6 {
            let byte = text[index - 1]
            if signs.contains(byte) || ASCII.isSpace(byte) {
                index -= 1
            } else if byte == 0xa0, text[index - 2] == 0xc2 {
                index -= 2
            } else {
                break
            }
        }
        return index
    }

    private static let signs = Array(":.#=-('\"*>".utf8)

    private static func endsLabel(_ end: Int, in text: TextBytes) -> Bool {
        let word = word(before: end, in: text)
        if labels.contains(word) || labelBeginnings.contains(where: { word.starts(with: $0) }) { return true }
        var start = end - word.count
        if word == [UInt8(ascii: "o")], text[start - 1] == ASCII.colon, text[start - 2] | 0x20 == UInt8(ascii: "n") {
            start -= 2
        } else if !numerals.contains(word) {
            return false
        }
        let end = skipSigns(before: start, in: text)
        let owner = self.word(before: end, in: text)
        return end < start && owners.contains { owner.starts(with: $0) }
    }

    /// The letters and hyphens that end at `end`, at most 24 bytes, in lower case as far as the Nordic letters go.
    private static func word(before end: Int, in text: TextBytes) -> [UInt8] {
        var start = end
        while end - start < 24 {
            let length = text[start - 1] == ASCII.minus ? 1 : text.letterOrDigit(before: start)
            if length == 0 { break }
            start -= length
        }
        return (start..<end).map { text[$0] | 0x20 }
    }

    // The bytes of words are compared with 0x20 set, as those of the text are: that folds ASCII, and å, ä and ö in UTF-8.
    private static func folded(_ words: String) -> [[UInt8]] {
        words.utf8.split(separator: ASCII.space).map { $0.map { $0 | 0x20 } }
    }

    private static let labels = folded(
        """
        ref lasku laskun laskut laskulle laskuun laskulla laskussa faktura fakturan invoice inv tilaus tilauksen order \
        beställning edi vat vat-id vatid
        """)
    private static let labelBeginnings = folded(
        """
        viite viitt referens reference ovt y-tunnu ytunnu ly-tunnu fo-n laskunum laskunro laskunr lasku-n fakturanum \
        fakturanr faktura-n invoicen invoice-n tilausnum tilausnro tilausnr tilaus-n ordernum ordernr orderno order-n \
        asiakasnum asiakasnro asiakasnr kundnum kundnr customerno sopimusnum sopimusnro avtalsnum avtalsnr beställningsn \
        ocr arkistointitunnu alv-n alv-t momsn momsreg verkkolaskuosoi verkkolaskutunnu e-laskuosoi e-faktura
        """)
    private static let numerals = folded("nro nr no num numero nummer number id tunnus")
    private static let owners = folded(
        """
        viite viitt referen ref lasku faktura invoice tilau order beställning asiakas asiakkaan kund customer sopimu \
        avtal contract bill business company yrity
        """)
}
