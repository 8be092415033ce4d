import PortabilityModel

/// What page and README.txt say of an archive that is one volume of several.
enum VolumeTexts {
    static let title = LocalizedText(fi: "Paketin osat", sv: "Paketets delar", en: "The parts of the package")
    static let number = LocalizedText(
        fi: "Osa {number}/{count}.", sv: "Del {number} av {count}.", en: "Part {number} of {count}.")
    static let meaning = LocalizedText(
        fi: "Paketti on kokonsa takia jaettu {count} osaan. Tässä osassa on vain osa tiedoista; loput ovat muissa "
            + "osissa. Jokainen osa avautuu ja on tarkistettavissa yksinään.",
        sv: "Paketet är på grund av sin storlek delat i {count} delar. I den här delen finns bara en del av "
            + "uppgifterna; resten finns i de andra delarna. Varje del kan öppnas och kontrolleras för sig.",
        en: "The package is cut into {count} parts because of its size. Only some of the data are in this part; the "
            + "rest is in the other parts. Each part can be opened and checked by itself.")
    static let caption = LocalizedText(
        fi: "Mitä missäkin osassa on", sv: "Vad som finns i varje del", en: "What is in which part")
    static let part = LocalizedText(fi: "Osa", sv: "Del", en: "Part")
    static let this = LocalizedText(fi: "tämä", sv: "den här", en: "this one")
    static let data = LocalizedText(fi: "Tiedot", sv: "Uppgifter", en: "Data")
    static let more = LocalizedText(
        fi: "ja {count} muuta", sv: "och {count} till", en: "and {count} more")

    /// Datasets of a volume that are named; there may be hundreds.
    static let named = 12
}

extension Contents {
    /// `invoices 1 200 records`, for each dataset and the documents of a volume.
    func inside(_ volume: ArchiveSummary.Volumes.Contents) -> String {
        var items = volume.datasets.prefix(VolumeTexts.named).map { label, records in
            "\(label[language]), \(ValueTexts.records.text(records, language))"
        }
        if volume.datasets.count > items.count {
            let rest = language.number(Int64(volume.datasets.count - items.count))
            items.append(VolumeTexts.more.filled(language, ["count": rest]))
        }
        if volume.documents > 0 { items.append(ValueTexts.documents.text(volume.documents, language)) }
        return items.isEmpty ? "–" : items.joined(separator: "; ")
    }

    /// `Part 2 of 5.` and what that means.
    var volumeNote: (number: String, meaning: String)? {
        summary.volumes.map { volumes in
            let count = language.number(Int64(volumes.contents.count))
            let values = ["number": language.number(Int64(volumes.number)), "count": count]
            return (VolumeTexts.number.filled(language, values), VolumeTexts.meaning.filled(language, values))
        }
    }
}

extension PageWriter {
    /// What is in which volume.
    func volumes(_ volumes: ArchiveSummary.Volumes) -> Markup {
        let table = Table(
            caption: Markup(text: text(VolumeTexts.caption)),
            columns: [
                Table.Column(heading: text(VolumeTexts.part)), Table.Column(heading: text(VolumeTexts.data)),
            ])
        let meaning: Markup = contents.volumeNote.map { "<p>\($0.meaning)</p>\n" } ?? ""
        return meaning
            + self.table(table, of: Array(volumes.contents.enumerated())) { index, volume in
                let name = language.number(Int64(index + 1))
                let isThis = index + 1 == volumes.number
                return [
                    isThis ? "<strong>\(name)</strong> (\(text(VolumeTexts.this)))" : Markup(text: name),
                    Markup(text: contents.inside(volume)),
                ]
            }
    }
}
