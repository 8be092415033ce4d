import PortabilityModel

/// README.txt of a converted archive: what it was converted from, what is here, how to verify.
///
/// Plain UTF-8 text, lines of at most 76 characters that end in LF; only a path or digest that is longer by itself makes
/// a longer line. No value of a record stands in it.
public func conversionReadme(_ summary: ConversionSummary) -> [UInt8] {
    let language = summary.language
    var text = PlainText()
    text.title("\(ConversionTexts.title[language]) – \(summary.controller)")
    let what = summary.formats.isEmpty && !summary.forms.isEmpty ? ConversionTexts.whatForms : ConversionTexts.whatText
    text.paragraph(what[language])
    if summary.isPartial { text.paragraph(ConversionTexts.partial[language]) }
    text.paragraph(ConversionTexts.open[language])

    text.heading(ConversionTexts.originTitle[language])
    for origin in summary.origins {
        let size = language.size(origin.bytes)
        text.item(origin.requestID, "\(language.moment(origin.created)), \(origin.tool), \(size)")
        text.item("SHA-256", origin.sha256, indent: 2)
    }
    text.space()
    if summary.keepsSignature { text.paragraph(ConversionTexts.signed[language]) }

    text.heading(ConversionTexts.hereTitle[language])
    text.item("index.html", ReadmeTexts.page[language])
    let shown = summary.datasets.filter { !$0.files.isEmpty }
    let listed = shown.prefix(2000)
    for category in Category.allCases.map(Optional.some) + [nil] {
        let datasets = listed.filter { $0.category == category }
        if datasets.isEmpty { continue }
        if let category { text.item("data/\(category.rawValue)/", ValueTexts.category(category)[language]) }
        for dataset in datasets {
            let records = ValueTexts.records.text(dataset.records, language)
            text.item(dataset.id, "\(dataset.label), \(records)", indent: 2)
        }
    }
    if shown.count > 2000 {
        text.paragraph(PageTexts.more.filled(language, ["count": language.number(Int64(shown.count - 2000))]))
    }
    if summary.documents > 0 {
        text.item(
            "data/documents/",
            "\(ReadmeTexts.documents[language]), \(ValueTexts.documents.text(summary.documents, language))")
    }
    for form in summary.forms {
        let title = ConversionSummary.title(ofForm: form.name)
        text.item("data/\(form.name)/", "\(title). \(ConversionTexts.use(form.name)[language])")
    }
    text.item("original/", ConversionTexts.original[language])
    text.item("schemas/", ReadmeTexts.schemas[language])
    text.item("manifest.json", ReadmeTexts.manifest[language])
    text.item("processing-information.json", ConversionTexts.processing[language])
    text.item("datapackage.json", ReadmeTexts.package[language])
    text.item("bagit.txt, bag-info.txt, manifest-sha256.txt, tagmanifest-sha256.txt", ReadmeTexts.bag[language])
    text.space()

    if !summary.formats.isEmpty {
        text.heading(ReadmeTexts.formats[language])
        for format in Format.allCases where summary.formats.contains(format) {
            let (name, use) = FileTexts.format(format)
            text.item(name, use[language])
        }
        text.space()
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
    // Files of forms have no records whose checksums could be compared.
    if !summary.formats.isEmpty || summary.forms.isEmpty {
        text.paragraph(ConversionTexts.same[language])
        text.commands([ConversionTexts.sameCommand])
    }
    return IdentityCodes().masked(text.bytes)
}
