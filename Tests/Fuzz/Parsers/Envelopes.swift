import PortabilityEnvelope
import PortabilityModel

/// What was read of an age header is written as it stood there.
@Sendable
func readAgeHeader(_ input: [UInt8]) {
    guard let header = try? AgeHeader(parsing: input) else { return }
    guard header.text.elementsEqual(input.prefix(header.length)) else {
        finding("a header is written otherwise than it was read")
    }
    var made = AgeHeader(stanzas: header.stanzas)
    made.mac = header.mac
    guard made.text == header.text else { finding("a header that is made anew is another one") }
}

/// Armor gives the same bytes whole and piece by piece.
@Sendable
func readAgeArmor(_ input: [UInt8]) {
    guard let armor = try? AgeArmor(HeldBytes(input)) else { return }
    guard let whole = try? armor.bytes(Int(armor.size), at: 0) else { return }
    guard Int64(whole.count) == armor.size else { finding("armor does not hold as many bytes as it says") }
    for offset in stride(from: 0, to: whole.count, by: 7) {
        guard let piece = try? armor.bytes(11, at: Int64(offset)), piece.elementsEqual(whole[offset...].prefix(11))
        else { finding("armor gives other bytes in pieces") }
    }
}

/// Lists of recipients and identities, and single ones.
@Sendable
func readAgeKeys(_ input: [UInt8]) {
    _ = try? AgeRecipient.file(input)
    _ = try? AgeIdentity.file(input)
    guard let text = String(validating: input, as: UTF8.self), let (prefix, bytes) = Bech32.decode(text) else { return }
    guard Bech32.encode(prefix: prefix, bytes).lowercased() == text.lowercased() else {
        finding("Bech32 is written otherwise than it was read")
    }
}

/// Signatures in OpenSSH's format.
@Sendable
func readSSHSignature(_ input: [UInt8]) {
    guard let signature = try? SSHSignature(parsing: input) else { return }
    guard let again = try? SSHSignature(parsing: signature.text), again == signature else {
        finding("a signature that is written is read as another one")
    }
}

/// Private keys, public keys and what an agent answers.
@Sendable
func readSSHKeys(_ input: [UInt8]) {
    _ = try? input.withUnsafeBytes { try OpenSSHPrivateKey(parsing: $0) }
    _ = try? SSHPublicKey(line: input)
    _ = try? SSHPublicKey(blob: input)
    _ = try? SSHAgentMessages.identities(in: input)
    _ = try? SSHAgentMessages.signature(in: input)
}

/// Lists of allowed signers.
@Sendable
func readAllowedSigners(_ input: [UInt8]) { _ = try? AllowedSigners(parsing: input) }
