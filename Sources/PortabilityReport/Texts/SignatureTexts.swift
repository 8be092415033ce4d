import PortabilityModel

/// Who signed an archive, and how anyone can check it.
public enum SignatureTexts {
    static let title = LocalizedText(
        fi: "Kuka paketin on allekirjoittanut", sv: "Vem som har undertecknat paketet", en: "Who signed the package")
    /// `{controller}`.
    static let what = LocalizedText(
        fi:
            "{controller} on allekirjoittanut tarkistussummat. Allekirjoitus osoittaa, kuka paketin on koonnut ja ettei "
            + "mitään ole muutettu matkalla. Sen tarkistaminen on vapaaehtoista.",
        sv:
            "{controller} har undertecknat kontrollsummorna. Underskriften visar vem som har sammanställt paketet och att "
            + "inget har ändrats på vägen. Det är frivilligt att kontrollera den.",
        en: "{controller} has signed the checksums. The signature shows who made the package, and that nothing was "
            + "changed on the way. You need not check it.")
    /// `{address}`.
    static let published = LocalizedText(
        fi:
            "Paketissa itsessään oleva avain ei todistaisi mitään. Julkinen avain haetaan osoitteesta {address} (osoite "
            + "kirjoitetaan selaimeen itse).",
        sv: "En nyckel i själva paketet skulle inte bevisa något. Hämta den öppna nyckeln från {address} (skriv in "
            + "adressen i webbläsaren själv).",
        en: "A key in the package itself would prove nothing. Get the public key from {address} (type the address into "
            + "the browser yourself).")
    /// `{contact}`.
    static let asked = LocalizedText(
        fi:
            "Paketissa itsessään oleva avain ei todistaisi mitään. Julkista avainta kysytään rekisterinpitäjältä tavalla, "
            + "jonka tietää oikeaksi ({contact}).",
        sv:
            "En nyckel i själva paketet skulle inte bevisa något. Fråga efter den öppna nyckeln på ett sätt som du vet är "
            + "rätt ({contact}).",
        en:
            "A key in the package itself would prove nothing. Ask for the public key by a way that you know to be right "
            + "({contact}).")
    /// `{principal}`.
    static let line = LocalizedText(
        fi: "Avain kirjoitetaan tiedostoon allowed_signers puretun kansion viereen, yhdelle riville: {principal}, "
            + "välilyönti ja avain (ssh-ed25519 ja merkit sen perässä). Sitten annetaan puretussa kansiossa komento:",
        sv:
            "Skriv nyckeln i filen allowed_signers bredvid den uppackade mappen, på en rad: {principal}, ett mellanslag och "
            + "nyckeln (ssh-ed25519 och tecknen efter det). Ge sedan i den uppackade mappen kommandot:",
        en:
            "Write the key into a file allowed_signers beside the unpacked folder, on one line: {principal}, a space, and "
            + "the key (ssh-ed25519 and the characters after it). Then give this command in the unpacked folder:")
    /// `{fingerprint}`.
    static let result = LocalizedText(
        fi: "Vastauksen alussa pitää lukea Good ja lopussa {fingerprint}. Saman sormenjäljen pitää olla myös siellä, "
            + "mistä avain on saatu. Allekirjoitus koskee tiedostoa tagmanifest-sha256.txt; se varmistaa tiedoston "
            + "manifest-sha256.txt ja tämä tiedot, joten lopuksi tarkistetaan vielä tarkistussummat:",
        sv:
            "Svaret ska börja med Good och sluta med {fingerprint}. Samma fingeravtryck ska stå där nyckeln kommer från. "
            + "Underskriften gäller filen tagmanifest-sha256.txt; den säkrar filen manifest-sha256.txt och den i sin tur "
            + "uppgifterna, så kontrollera till sist kontrollsummorna:",
        en:
            "The answer must begin with Good and end in {fingerprint}. The same fingerprint must stand where the key came "
            + "from. The signature is of tagmanifest-sha256.txt; that file vouches for manifest-sha256.txt, and that one "
            + "for the data, so last of all check the checksums:")

    /// The last two commands, which complete the chain.
    static let chain = ["sha256sum -c tagmanifest-sha256.txt", "sha256sum -c manifest-sha256.txt"]

    /// The command that checks the signature with OpenSSH.
    ///
    /// The file of keys lies outside the folder: within it, it would be one that no manifest lists.
    public static func command(principal: String) -> String {
        "ssh-keygen -Y verify -f ../allowed_signers -I \(principal) -n portability "
            + "-s tagmanifest-sha256.txt.sig < tagmanifest-sha256.txt"
    }

    /// What page and README.txt say, in order: texts, and after the second text and at the end commands.
    static func instructions(
        _ signer: ArchiveSummary.Signer, controller: String, contact: String, _ language: Language
    ) -> (paragraphs: [String], command: String, result: String) {
        let source =
            signer.publishedAt.map { published.filled(language, ["address": $0]) }
            ?? asked.filled(language, ["contact": contact])
        return (
            [
                what.filled(language, ["controller": controller]), source,
                line.filled(language, ["principal": signer.principal]),
            ], command(principal: signer.principal), result.filled(language, ["fingerprint": signer.fingerprint])
        )
    }
}
