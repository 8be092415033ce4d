/// Tells what kind of file the first bytes announce.
public enum EncryptedFile {
    /// The first line of a file in the age v1 format (age-encryption.org/v1, "Header").
    public static let ageVersionLine = Array("age-encryption.org/v1\n".utf8)

    /// True if a file that begins so is encrypted with age.
    public static func isAge(_ head: some Collection<UInt8>) -> Bool { head.starts(with: ageVersionLine) }
}
