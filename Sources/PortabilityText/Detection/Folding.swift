/// What is the same letter in names: capital or small, composed (NFC) or with its marks apart (NFD).
///
/// A letter is folded to units: its small base letter and its combining marks, each a UTF-16 code unit. Small letters
/// are those of Unicode's locale-independent mapping of one letter to one. Marks are taken apart in Latin, Greek
/// (without the letters of antiquity) and Cyrillic letters.
enum Folding {
    /// The units of the letter or digit that begins at `index` and is `length` bytes long; 0 for those it has not.
    @inline(__always)
    static func units(_ text: TextBytes, _ index: Int, _ length: Int) -> (UInt16, UInt16, UInt16) {
        if length == 1 {
            let byte = text[index]
            return (UInt16(ASCII.isLetter(byte) ? byte | 0x20 : byte), 0, 0)
        }
        let scalar = scalar(text, index, length)
        let place = place(of: scalar)
        if place < 0 {
            return scalar < 0x10000
                ? (UInt16(scalar), 0, 0) : (UInt16(0xd7c0 + scalar >> 10), UInt16(0xdc00 + scalar & 0x3ff), 0)
        }
        let entry = table[place]
        return (entry.0, entry.1, entry.2)
    }

    /// True if the letter that begins at `index` is a capital.
    static func isCapital(_ text: TextBytes, _ index: Int) -> Bool {
        let byte = text[index]
        if byte < 0x80 { return byte &- 0x41 < 26 }
        let length = text.letterOrDigit(at: index)
        guard length > 1, let scalar = Unicode.Scalar(scalar(text, index, length)) else { return false }
        return scalar.properties.isUppercase || scalar.properties.generalCategory == .titlecaseLetter
    }

    private static func scalar(_ text: TextBytes, _ index: Int, _ length: Int) -> UInt32 {
        var value = UInt32(text[index]) & (0x7f >> UInt32(length))
        for step in 1..<length { value = value << 6 | UInt32(text[index + step] & 0x3f) }
        return value
    }

    // Latin-1 letters to Cyrillic, and Latin Extended Additional.
    private static let first: UInt32 = 0xc0
    private static let firstEnd: UInt32 = 0x530
    private static let second: UInt32 = 0x1e00
    private static let secondEnd: UInt32 = 0x1f00

    /// Where a scalar stands in the table; -1 for one that has no place there.
    @inline(__always)
    private static func place(of scalar: UInt32) -> Int {
        switch scalar {
        case first..<firstEnd: Int(scalar - first)
        case second..<secondEnd: Int(scalar - second + firstEnd - first)
        default: -1
        }
    }

    private static let table: [(UInt16, UInt16, UInt16)] = {
        let scalars = Array(first..<firstEnd) + Array(second..<secondEnd)
        var apart: [(base: UInt16, mark: UInt16)] = scalars.map { (UInt16($0), 0) }
        for (mark, pairs) in marked {
            var letters = pairs.unicodeScalars.makeIterator()
            while let base = letters.next(), let whole = letters.next() {
                apart[place(of: whole.value)] = (UInt16(base.value), mark)
            }
        }
        return scalars.map { scalar in
            var base = small(scalar)
            var marks: (UInt16, UInt16) = (0, 0)
            while case let place = place(of: UInt32(base)), place >= 0, apart[place].mark > 0 {
                marks = (apart[place].mark, marks.0)
                base = apart[place].base
            }
            return (small(UInt32(base)), marks.0, marks.1)
        }
    }()

    /// The small letter of a scalar that has one, which for a letter with two forms is always the same of them.
    private static func small(_ value: UInt32) -> UInt16 {
        switch value {
        case 0x17f: return 0x73  // ſ, s
        case 0x3c2: return 0x3c3  // ς, σ
        default:
            guard let scalar = Unicode.Scalar(value) else { return UInt16(value) }
            var letters = scalar.properties.lowercaseMapping.unicodeScalars.makeIterator()
            guard let letter = letters.next(), letters.next() == nil else { return UInt16(value) }
            return UInt16(letter.value)
        }
    }

    /// By combining mark: each letter without it, and with it. These are the canonical decompositions of Unicode's
    /// small letters, whose own first letters can be taken apart in turn; and that of İ, whose small letter is two.
    private static let marked: [(mark: UInt16, letters: String)] = [
        (0x300, "aàeèiìoòuùüǜnǹеѐиѝēḕōṑwẁâầăằêềôồơờưừyỳ"),
        (0x301, "aáeéiíoóuúyýcćlĺnńrŕsśzźüǘgǵåǻæǽøǿϊΐαάεέηήιίϋΰοόυύωώϒϓгѓкќçḉēḗïḯkḱmḿõṍōṓpṕũṹwẃâấăắêếôốơớưứ"),
        (0x302, "aâeêiîoôuûcĉgĝhĥjĵsŝwŵyŷzẑạậẹệọộ"),
        (0x303, "aãnñoõiĩuũvṽâẫăẵeẽêễôỗơỡưữyỹ"),
        (0x304, "aāeēiīoōuūüǖäǟȧǡæǣǫǭöȫõȭȯȱyȳиӣуӯgḡḷḹṛṝ"),
        (0x306, "aăeĕgğiĭoŏuŭийуўжӂаӑеӗȩḝạặ"),
        (0x307, "cċeėgġiİzżaȧoȯbḃdḋfḟhḣmṁnṅpṗrṙsṡśṥšṧṣṩtṫwẇxẋyẏſẛ"),
        (0x308, "aäeëiïoöuüyÿιϊυϋϒϔеёіїаӓәӛжӝзӟиӥоӧөӫэӭуӱчӵыӹhḧõṏūṻwẅxẍtẗ"),
        (0x309, "aảâẩăẳeẻêểiỉoỏôổơởuủưửyỷ"),
        (0x30a, "aåuůwẘyẙ"),
        (0x30b, "oőuűуӳ"),
        (0x30c, "cčdďeělľnňrřsštťzžaǎiǐoǒuǔüǚgǧkǩʒǯjǰhȟ"),
        (0x30f, "aȁeȅiȉoȍrȑuȕѵѷ"),
        (0x311, "aȃeȇiȋoȏrȓuȗ"),
        (0x31b, "oơuư"),
        (0x323, "bḅdḍhḥkḳlḷmṃnṇrṛsṣtṭvṿwẉzẓaạeẹiịoọơợuụưựyỵ"),
        (0x324, "uṳ"),
        (0x325, "aḁ"),
        (0x326, "sștț"),
        (0x327, "cçgģkķlļnņrŗsştţeȩdḑhḩ"),
        (0x328, "aąeęiįuųoǫ"),
        (0x32d, "dḓeḙlḽnṋtṱuṷ"),
        (0x32e, "hḫ"),
        (0x330, "eḛiḭuṵ"),
        (0x331, "bḇdḏkḵlḻnṉrṟtṯzẕhẖ"),
    ]
}
