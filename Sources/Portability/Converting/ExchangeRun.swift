import PortabilityCrypto
import PortabilityExchange
import PortabilityFormats
import PortabilityModel
import PortabilityText

/// Makes one form out of all records that it has a place for.
struct ExchangeRun: Sendable {
    let form: ExchangeForm
    let plan: ConversionPlan

    /// - Throws: as ``DatasetConversion/run()``, and what the form's maker throws.
    func run() throws -> ExchangeFiles.Result {
        guard let make = ExchangeMakers[form] else {
            throw PortabilityError(.unsupported, "this version does not make the form \(form.rawValue)")
        }
        var maker = make()
        let files = ExchangeFiles(form: form, assembler: plan.files.assembler)
        do {
            for dataset in plan.source.datasets(for: maker) { try convert(dataset, with: &maker, into: files) }
            try maker.finish(into: files)
            return try files.finish()
        } catch {
            files.discard()
            throw error
        }
    }

    private func convert(
        _ dataset: ArchivedDataset, with maker: inout any ExchangeMaker, into files: ExchangeFiles
    ) throws {
        guard var records = try dataset.openRecords(), let layout = dataset.layout else { return }
        let role = dataset.manifest["role"]?.string.flatMap(Role.init(rawValue:)) ?? .controller
        let encoder = RecordJSONEncoder(layout)
        var lines: [UInt8] = []
        var digest = SHA256Digest()
        var count: Int64 = 0
        try maker.begin(
            ExchangeDataset(id: dataset.id, layout: layout, role: role, language: plan.language), into: files)
        while let batch = try records.nextBatch() {
            try Task.checkPortabilityCancellation()
            lines.removeAll(keepingCapacity: true)
            encoder.append(batch, to: &lines)
            digest.update(lines.span)
            count += Int64(batch.records.count)
            try maker.take(batch, into: files)
        }
        try maker.end(into: files)
        try dataset.check(records: count, contentDigest: digest.value())
        files.datasets.append((dataset.id, role, count))
    }
}

extension ArchiveSet {
    /// The datasets that a form has a place for, in the order in which its maker takes them; one that names no entities
    /// takes all.
    func datasets(for maker: any ExchangeMaker) -> [ArchivedDataset] {
        let entities = maker.entities
        return entities.isEmpty ? datasets : entities.flatMap { entity in datasets.filter { $0.entity == entity } }
    }
}
