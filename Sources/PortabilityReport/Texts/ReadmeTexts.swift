import PortabilityModel

/// What only README.txt says.
enum ReadmeTexts {
    static let open = LocalizedText(
        fi: "Ensin kannattaa avata tiedosto index.html kaksoisnapsauttamalla. Se kertoo tavallisella "
            + "kielellä, mitä paketissa on, mitä siinä ei ole ja miksi, ja mitä oikeuksia tietoihin on. Se "
            + "toimii ilman verkkoyhteyttä.",
        sv: "Öppna först filen index.html genom att dubbelklicka på den. Den berättar i klartext vad paketet "
            + "innehåller, vad det inte innehåller och varför, och vilka rättigheter det finns. Den fungerar "
            + "utan nätanslutning.",
        en: "First open the file index.html by a double click. It tells in plain language what is in the "
            + "package, what is not and why, and which rights there are. It works without a network.")
    static let partial = LocalizedText(
        fi:
            "PAKETTI ON VAJAA. Kaikkea ei voitu lukea; index.html kertoo, mitä voi puuttua. Täydennystä voi pyytää: {contact}.",
        sv: "PAKETET ÄR OFULLSTÄNDIGT. Allt kunde inte läsas; index.html berättar vad som kan saknas. Be om en "
            + "komplettering: {contact}.",
        en:
            "THIS PACKAGE IS INCOMPLETE. Not everything could be read; index.html tells what may be missing. Ask for the "
            + "missing part: {contact}.")
    static let contents = LocalizedText(fi: "Mitä paketissa on", sv: "Innehåll", en: "What is here")
    static let page = LocalizedText(
        fi: "yleiskuva, josta kannattaa aloittaa", sv: "översikten, börja här", en: "the overview; begin here")
    static let manifest = LocalizedText(
        fi: "luettelo ohjelmille: lähteet, määrät, syyt, tarkistussummat",
        sv: "förteckning för program: källor, antal, skäl, kontrollsummor",
        en: "the list for programs: sources, counts, grounds, checksums")
    static let package = LocalizedText(
        fi: "tiedostojen kuvaus (Frictionless Data Package)", sv: "beskrivning av filerna (Frictionless Data Package)",
        en: "description of the files (Frictionless Data Package)")
    static let bag = LocalizedText(
        fi: "tarkistussummat (BagIt)", sv: "kontrollsummor (BagIt)", en: "checksums (BagIt)")
    static let signature = LocalizedText(
        fi: "allekirjoitus (OpenSSH)", sv: "underskrift (OpenSSH)", en: "the signature (OpenSSH)")
    static let schemas = LocalizedText(
        fi: "kenttien nimet, selitykset ja rakenteet", sv: "fältens namn, förklaringar och strukturer",
        en: "names, explanations and structure of the fields")
    static let dictionary = LocalizedText(
        fi: "sanasto: jokaisen kentän selitys", sv: "ordlista: varje fält förklarat",
        en: "the dictionary: every field explained")
    static let documents = LocalizedText(
        fi: "asiakirjat sellaisina kuin ne on saatu", sv: "dokument i den form de kom", en: "documents as received")
    static let formats = LocalizedText(fi: "Tiedostomuodot", sv: "Filformat", en: "File formats")
    static let from = LocalizedText(
        fi: "Koonnut {controller}, {date}. Pyyntö {request}.",
        sv: "Sammanställt av {controller}, {date}. Begäran {request}.",
        en: "Made by {controller}, {date}. Request {request}.")
}
