import PortabilityText
import Testing

struct DetectionMaskTests {
    private func mask(_ kind: DetectedKind, _ value: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        Masks.append(kind, value.span, into: &out)
        return out
    }

    @Test(
        "Masks are readable and tell no more than they should",
        arguments: [
            (DetectedKind.identityCode, "131052-308T", "******-****"), (.identityCode, "198112189876", "******-****"),
            (.identityCode, "131052-308T@example.fi", "******-****"),
            (.iban, "FI2112345600000785", "FI**************85"),
            (.iban, "fi21 1234 5600 0007 85", "FI**************85"),
            (.iban, "not an iban", "*****"), (.iban, "FI21", "*****"),
            (.card, "4111 1111 1111 1111", "**** **** **** 1111"),
            (.card, "378282246310005", "**** **** **** 0005"), (.card, "12", "*****"),
            (.email, "matti@example.fi", "m***@***.fi"), (.email, "m@e.fi", "m***@***.fi"),
            (.email, "äiti@päivä.fi", "ä***@***.fi"), (.email, "=cmd@example.fi", "****@***.fi"),
            (.email, "x@localhost", "x***@***"), (.email, "x@example.<b>", "x***@***"), (.email, "matti", "*****"),
            (.telephone, "+358 40 123 4567", "(+358) *****67"), (.telephone, "00358401234567", "(+358) *****67"),
            (.telephone, "+1 (555) 123-4567", "(+1) *****67"), (.telephone, "(+46) 8-123 456 78", "(+46) *****78"),
            (.telephone, "040 123 4567", "*****67"), (.telephone, "soita", "*****"),
            (.name, "Matti Meikäläinen", "*****"),
            (.name, "", ""), (.iban, "", ""),
        ])
    func masks(kind: DetectedKind, value: String, expected: String) {
        #expect(String(decoding: mask(kind, Array(value.utf8)), as: UTF8.self) == expected)
    }

    @Test("Text of no known kind is five stars, whatever its length")
    func text() {
        for length in 1...50 {
            var out = Array("x: ".utf8)
            Masks.appendText([UInt8](repeating: 0x41, count: length).span, into: &out)
            #expect(String(decoding: out, as: UTF8.self) == "x: *****")
        }
    }

    @Test("Whatever the value, a mask is well-formed and begins no formula")
    func anyBytes() {
        var random = SplitMix(seed: 11)
        let pieces = Array("=+-@\t\r.@09azAZ ()*".utf8) + [0x00, 0x80, 0xc3, 0xa4, 0xe2, 0x80, 0x93, 0xf0, 0xff]
        for _ in 0..<20_000 {
            let value = (0..<random.below(30)).map { _ in pieces[random.below(pieces.count)] }
            for kind in DetectedKind.allCases {
                let out = mask(kind, value)
                let isValid = isValidUTF8(out.span)
                #expect(isValid)
                #expect(out.isEmpty == value.isEmpty)
                if let first = out.first { #expect(!Array("=+-@\t\r".utf8).contains(first)) }
            }
        }
    }
}
