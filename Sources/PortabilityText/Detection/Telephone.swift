/// Telephone numbers as people write them.
enum Telephone {
    /// How many digits the country code has that begins with these two (ITU-T E.164, list of assigned codes).
    static func countryCodeLength(_ first: UInt8, _ second: UInt8) -> Int {
        switch (first, second) {
        case (1, _), (7, _): 1
        case (2, 0), (2, 7), (3, 0...4), (3, 6), (3, 9), (4, 0), (4, 1), (4, 3...9), (5, 1...8), (6, 0...6), (8, 1),
            (8, 2), (8, 4), (8, 6), (9, 0...5), (9, 8):
            2
        default: 3
        }
    }
}
