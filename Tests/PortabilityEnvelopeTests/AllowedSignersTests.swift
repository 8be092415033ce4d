import PortabilityEnvelope
import PortabilityModel
import Testing

@Suite("Files of allowed signers")
struct AllowedSignersTests {
    private static let keys = (0..<3).map { SSHPublicKey(ed25519: [UInt8](repeating: UInt8($0 + 1), count: 32)) }
    private static let key = keys[0]

    private static func read(_ text: String) throws -> AllowedSigners { try AllowedSigners(parsing: Array(text.utf8)) }

    /// What becomes of a signature by the first key.
    private static func judge(
        _ text: String, namespace: String = "portability", at time: Int64 = 1_800_000_000, signer: String? = nil
    ) throws -> Result<String, AllowedSigners.Refusal> {
        let signers = try read(text)
        do throws(AllowedSigners.Refusal) {
            return .success(
                try signers.entry(for: key, namespace: namespace, at: time, signer: signer).principals.text)
        } catch {
            return .failure(error)
        }
    }

    @Test func aLineIsWhoSignsAndTheKey() throws {
        #expect(try Self.judge("a@example.fi \(Self.key.line)\n") == .success("a@example.fi"))
        #expect(try Self.judge("a@example.fi\t\(Self.key.line) with a comment") == .success("a@example.fi"))
        #expect(try Self.judge("\"a@example.fi\" \(Self.key.line)\r\n") == .success("a@example.fi"))
        #expect(try Self.judge("a@example.fi \(Self.keys[1].line)\n") == .failure(.unknownKey))
        #expect(try Self.judge("") == .failure(.unknownKey))
    }

    @Test func commentsAndEmptyLinesSayNothing() throws {
        let signers = try Self.read("# who may sign\n\n  # more\n\t\na@b.fi \(Self.key.line)\n\n")
        #expect(signers.entries.map(\.line) == [5])
    }

    @Test func whoSignsIsAListOfPatterns() throws {
        let line = "*@example.fi,!guest@example.fi,root \(Self.key.line)"
        for (signer, isAllowed) in [
            ("a@example.fi", true), ("root", true), ("guest@example.fi", false), ("a@example.org", false),
            ("A@EXAMPLE.FI", false), ("", false), ("@example.fi", true),
        ] {
            #expect(
                try Self.judge(line, signer: signer)
                    == (isAllowed ? .success("*@example.fi,!guest@example.fi,root") : .failure(.otherSigner)),
                "\(signer)")
        }
        #expect(try Self.judge("a?b \(Self.key.line)", signer: "axb") == .success("a?b"))
        #expect(try Self.judge("a?b \(Self.key.line)", signer: "ab") == .failure(.otherSigner))
    }

    @Test func aKeyMayBeForSomePurposesOnly() throws {
        for (list, isAllowed) in [
            ("portability", true), ("git,portability", true), ("port*", true), ("git", false),
            ("*,!portability", false),
            ("", nil),
        ] as [(String, Bool?)] {
            let line = "a@b.fi namespaces=\"\(list)\" \(Self.key.line)"
            if let isAllowed {
                #expect(try Self.judge(line) == (isAllowed ? .success("a@b.fi") : .failure(.otherNamespace)), "\(list)")
            } else {
                #expect(throws: PortabilityError.self) { try Self.judge(line) }
            }
        }
    }

    @Test func aKeyIsValidFromADayToADayBothIncluded() throws {
        let line = "a@b.fi valid-after=\"20260101Z\",valid-before=\"202612312359Z\" \(Self.key.line)"
        let (first, last): (Int64, Int64) = (1_767_225_600, 1_798_761_540)
        #expect(try Self.judge(line, at: first) == .success("a@b.fi"))
        #expect(try Self.judge(line, at: last) == .success("a@b.fi"))
        #expect(try Self.judge(line, at: first - 1) == .failure(.notYetValid))
        #expect(try Self.judge(line, at: last + 1) == .failure(.expired))
    }

    @Test func timesWithoutAZoneAreLocal() throws {
        func validity(_ text: String) throws -> Int64? {
            try AllowedSigners(
                parsing: Array("a valid-after=\"\(text)\" \(Self.key.line)".utf8),
                seconds: { Int64($0.hour * 3600 + $0.minute * 60 + $0.second) + ($0.isUTC ? 0 : 1_000_000) }
            ).entries[0].validAfter
        }
        #expect(try validity("20260601") == 1_000_000)
        #expect(try validity("202606010102") == 1_003_720)
        #expect(try validity("20260601010203") == 1_003_723)
        #expect(try validity("20260601010203Z") == 3_723)
        #expect(try validity("20260601UTC") == 0)
    }

    @Test func timesAreDaysThatThereAre() {
        for text in [
            "", "Z", "2026", "202606", "2026060", "20260631", "20260001", "20261301", "20250229", "2026060124",
            "202606012400", "202606010060", "20260601000060", "2026-06-01", "20260601T00", "20260601ZZ", "+2026060",
            "20260601 ", "19690101Z",
        ] { #expect(SignerTime(text) == nil, "\(text)") }
        #expect(SignerTime("20240229Z")?.unixSeconds == 1_709_164_800)
        #expect(SignerTime("20380119031408Z")?.unixSeconds == 2_147_483_648)
    }

    @Test func ofSeveralEntriesOneThatAllowsIsEnough() throws {
        let expired = "a@b.fi valid-before=\"20200101Z\" \(Self.key.line)\n"
        #expect(try Self.judge(expired) == .failure(.expired))
        #expect(try Self.judge(expired + "c@b.fi \(Self.key.line)\n") == .success("c@b.fi"))
        #expect(try Self.judge(expired + "c@b.fi \(Self.keys[1].line)\n") == .failure(.expired))
        #expect(try Self.judge(expired + "c@b.fi \(Self.key.line)\n", signer: "a@b.fi") == .failure(.expired))
    }

    @Test(
        "A line that cannot be read is an error with its number",
        arguments: [
            "a@b.fi", "a@b.fi ", "a@b.fi ssh-ed25519", "a@b.fi ssh-ed25519 AAAA", "a@b.fi ssh-ed25519 \u{E4}",
            "KEY", "a@b.fi,,c KEY", "a@b.fi, KEY", "\"a@b.fi KEY", "a\"b KEY", "a@b.fi unknown KEY",
            "a@b.fi namespaces KEY", "a@b.fi namespaces= KEY", "a@b.fi namespaces=portability KEY",
            "a@b.fi namespaces=\"a KEY", "a@b.fi namespaces=\"a\",namespaces=\"b\" KEY", "a@b.fi namespaces=\"a\"x KEY",
            "a@b.fi namespaces=\"a\", KEY", "a@b.fi namespaces=\"a\" valid-after=\"20260101\" KEY",
            "a@b.fi valid-after=\"yesterday\" KEY", "a@b.fi valid-after KEY",
            "a@b.fi valid-after=\"20260201\",valid-before=\"20260101\" KEY", "a@b.fi ssh-rsa ED25519",
            "a@b.fi \u{1} KEY",
        ])
    func wrongLines(_ line: String) {
        let blob = String(Self.key.line.dropFirst("ssh-ed25519 ".count))
        let text = line.replacing("KEY", with: Self.key.line).replacing("ED25519", with: blob)
        let error = #expect(throws: PortabilityError.self) { try Self.read("# first\n\(text)\n") }
        #expect(error?.code == .malformed)
        #expect(error?.place.line == 2)
    }

    @Test func certificateAuthoritiesAreRefusedAndNotPassedOver() {
        let error = #expect(throws: PortabilityError.self) {
            try Self.read("*@example.fi cert-authority \(Self.key.line)")
        }
        #expect(error?.code == .unsupported)
        #expect(error?.message.contains("certificate authorities") == true)
        #expect(error?.place.line == 1)
    }

    @Test func optionsAreReadInAnyLetters() throws {
        #expect(try Self.judge("a@b.fi Namespaces=\"git\" \(Self.key.line)") == .failure(.otherNamespace))
    }

    @Test func patternsTakeNoTimeThatGrowsWithoutBound() {
        let pattern = PatternList(String(repeating: "*a", count: 500) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 2000)))
    }

    @Test func aPublicKeyIsOneLineOfOneAlgorithm() throws {
        let line = Self.key.line
        #expect(try SSHPublicKey(line: Array(line.utf8)) == Self.key)
        for wrong in [
            "", "ssh-ed25519", "ssh-rsa \(line.dropFirst(12))", "\(line)A", String(line.dropLast()),
            line.replacing("ssh-ed25519 ", with: "ssh-ed25519"),
        ] {
            #expect(throws: PortabilityError.self) { try SSHPublicKey(line: Array(wrong.utf8)) }
        }
    }

    @Test func aFingerprintIsOneThatAKeyCanHave() {
        #expect(SSHPublicKey.isFingerprint("SHA256:wHpdstT0yjIdO6utKsBa2bWOPoleVTf8s9aaTEDdiqA"))
        for wrong in [
            "", "SHA256:", "MD5:00", "wHpdstT0yjIdO6utKsBa2bWOPoleVTf8s9aaTEDdiqA",
            "SHA256:wHpdstT0yjIdO6utKsBa2bWOPoleVTf8s9aaTEDdiqB", "SHA256:wHpdstT0yjIdO6utKsBa2bWOPoleVTf8s9aaTEDdiq",
            "SHA256:wHpdstT0yjIdO6utKsBa2bWOPoleVTf8s9aaTEDdiqA=",
        ] { #expect(!SSHPublicKey.isFingerprint(wrong), "\(wrong)") }
    }
}
