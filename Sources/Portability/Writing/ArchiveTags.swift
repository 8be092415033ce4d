import PortabilityArchive
import PortabilityCalendar
import PortabilityFormats
import PortabilityModel

extension Packager {
    /// The schemas and the dictionary for the entities that are in the archive.
    func schemas(_ datasets: [WrittenDataset]) throws -> [SpooledEntry] {
        let used = Set(datasets.filter { !$0.files.isEmpty }.map(\.declaration.entity))
        return try engine.schemas.entries(
            of: engine.catalogue.entities.filter { used.contains($0.name) }, formats: surroundings.formats,
            dialect: surroundings.dialect, language: request.language)
    }

    /// `datapackage.json`: every file of the payload, in the order of the archive.
    func dataPackage(
        _ datasets: [WrittenDataset], documents: [SpooledEntry], _ place: VolumePlace? = nil
    ) -> [UInt8] {
        let name = request.id.lowercased()
        var builder = DataPackageBuilder(
            name: place.map { "\(name)-\(paddedNumber($0.number))" } ?? name,
            title: request.right.packageTitle[request.language], created: rfc3339(created),
            language: request.language)
        for dataset in datasets {
            guard let layout = engine.layouts[dataset.declaration.entity] else { continue }
            for file in dataset.files {
                builder.add(
                    dataset: dataset.declaration.id, layout: layout, format: file.format, table: file.table,
                    rows: file.rows,
                    dialect: surroundings.dialect, title: dataset.label[request.language],
                    file: .init(path: file.path, bytes: file.size, sha256: hexadecimal(file.sha256)))
            }
        }
        for document in documents {
            builder.add(
                document: .init(path: document.name, bytes: document.size, sha256: hexadecimal(document.sha256)),
                mediaType: nil)
        }
        return builder.document()
    }
}

extension Right {
    /// What `datapackage.json` calls an archive made under the right.
    var packageTitle: LocalizedText {
        switch self {
        case .access: LocalizedText(fi: "Omat tietosi", sv: "Dina uppgifter", en: "Your data")
        case .portability:
            LocalizedText(
                fi: "Siirrettävät tietosi", sv: "Dina uppgifter för överföring", en: "Your data, to take along")
        case .switching:
            LocalizedText(fi: "Asiakkaan tiedot", sv: "Kundens uppgifter", en: "The customer's data")
        case .handover:
            LocalizedText(
                fi: "Rekisterinpitäjälle luovutettavat tiedot", sv: "Uppgifter till den personuppgiftsansvarige",
                en: "Data for the controller")
        }
    }
}
