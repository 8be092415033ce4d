public import PortabilityModel

/// Makes the encoder of a dataset in a format.
///
/// - Parameters:
///   - dataset: the dataset's id, which XML names in its root element.
///   - csv: how CSV is written; other formats do not look at it.
public func makeEncoder(
    format: Format, dataset: String, layout: EntityLayout, csv: CSVDialect = .service
) -> any DatasetEncoder {
    switch format {
    case .json: JSONFileEncoder(layout: layout)
    case .jsonl: JSONLinesEncoder(layout: layout)
    case .csv: CSVEncoder(layout: layout, dialect: csv)
    case .xml: XMLEncoder(dataset: dataset, layout: layout)
    }
}
