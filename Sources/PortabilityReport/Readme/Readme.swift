import PortabilityModel

/// README.txt: open index.html; what is here; the formats; last, how to verify.
///
/// Plain UTF-8 text in the request's language, lines of at most 76 characters that end in LF. Only a path or an
/// address that is longer by itself makes a longer line. Bounded: at most 2000 datasets are named. No value of a record
/// stands in it, and no personal identity code either.
public func readme(_ summary: ArchiveSummary) -> [UInt8] {
    let contents = Contents(summary)
    let language = contents.language
    var text = PlainText()
    text.title("\(contents.title[language]) – \(summary.controller.name)")
    if contents.isPartial {
        let partial = ReadmeTexts.partial.filled(language, ["contact": contents.contact])
        text.paragraph([partial, contents.missingBy].compactMap(\.self).joined(separator: " "))
    }
    if let note = contents.volumeNote { text.paragraph("\(note.number.uppercased()) \(note.meaning)") }
    text.paragraph(ReadmeTexts.open[language])
    text.paragraph(
        ReadmeTexts.from.filled(
            language,
            [
                "controller": summary.controller.name, "date": contents.moment(summary.created),
                "request": summary.requestID,
            ]))

    if let receipt = summary.supplements {
        text.paragraph(PageProcessingTexts.supplement.filled(language, ["receipt": receipt]))
    }
    if let recipient = summary.transmittedTo {
        text.paragraph(PageProcessingTexts.transmitted.filled(language, ["recipient": recipient]))
    }
    if summary.nothingHeld != nil {
        text.paragraph(contents.nothingFound)
        text.paragraph(NothingTexts.processor[language])
    }

    text.heading(ReadmeTexts.contents[language])
    text.item("index.html", ReadmeTexts.page[language])
    var room = 2000
    for (category, datasets) in contents.held {
        text.item("data/\(category.rawValue)/", ValueTexts.category(category)[language])
        for dataset in datasets.prefix(room) {
            let records = ValueTexts.records.text(dataset.records, language)
            text.item(dataset.declaration.id, "\(dataset.label[language]), \(records)", indent: 2)
        }
        if datasets.count > room {
            let rest = language.number(Int64(datasets.count - room))
            text.paragraph(PageTexts.more.filled(language, ["count": rest]))
        }
        room -= min(room, datasets.count)
    }
    if summary.documentCount > 0 {
        text.item(
            "data/documents/",
            "\(ReadmeTexts.documents[language]), \(ValueTexts.documents.text(summary.documentCount, language))")
    }
    text.item("schemas/", ReadmeTexts.schemas[language])
    text.item("schemas/dictionary.csv", ReadmeTexts.dictionary[language])
    text.item("manifest.json", ReadmeTexts.manifest[language])
    text.item("datapackage.json", ReadmeTexts.package[language])
    text.item("bagit.txt, bag-info.txt, manifest-sha256.txt, tagmanifest-sha256.txt", ReadmeTexts.bag[language])
    if summary.signer != nil { text.item("tagmanifest-sha256.txt.sig", ReadmeTexts.signature[language]) }
    text.space()

    if let volumes = summary.volumes {
        text.heading(VolumeTexts.caption[language])
        for (index, volume) in volumes.contents.enumerated() {
            text.item("\(VolumeTexts.part[language]) \(language.number(Int64(index + 1)))", contents.inside(volume))
        }
        text.space()
    }

    text.heading(ReadmeTexts.formats[language])
    for format in Format.allCases where summary.formats.contains(format) {
        let (name, use) = FileTexts.format(format)
        text.item(name, use[language])
    }
    text.space()
    if summary.formats.contains(.csv) {
        text.paragraph(FileTexts.spreadsheetTitle[language].uppercased() + ". " + FileTexts.spreadsheet[language])
    }

    text.heading(FileTexts.checkTitle[language])
    text.paragraph(FileTexts.check[language])
    text.commands(FileTexts.checkCommands)
    text.paragraph(FileTexts.checkResult[language])
    text.commands(FileTexts.checkCommandsOfMacOS)
    if summary.formats.contains(.json) {
        text.paragraph(FileTexts.checkContent[language])
        text.commands([FileTexts.contentCommand])
    }
    if let signer = summary.signer {
        text.heading(SignatureTexts.title[language])
        let (paragraphs, command, result) = SignatureTexts.instructions(
            signer, controller: summary.controller.name, contact: contents.contact, language)
        for paragraph in paragraphs { text.paragraph(paragraph) }
        text.commands([command])
        text.paragraph(result)
        text.commands(SignatureTexts.chain)
    }
    return IdentityCodes().masked(text.bytes)
}
