/// How much of the data the page shows.
struct PageLimits {
    /// Unicode scalars of one value.
    var value = 600
    /// Elements of a list within a record.
    var elements = 40
    /// Bytes of HTML of one record.
    var record = 64 << 10
    /// Records of one dataset.
    var records = 100
    /// Bytes of HTML of one dataset's records, and of all records.
    var dataset = 512 << 10
    var all = 6 << 20
    /// Entries and bytes of all lists together that come from declarations.
    var entries = 4000
    var lists = 2 << 20

    /// For reading on a screen: the page has at most 10 MiB.
    static let screen = PageLimits()
    /// For a full print: every row, values up to a length that no form exceeds.
    static let fullPrint = PageLimits(
        value: 20_000, elements: .max, record: .max, records: .max, dataset: .max, all: .max)
}
