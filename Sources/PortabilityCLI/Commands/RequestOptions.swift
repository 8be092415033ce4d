public import ArgumentParser
public import Portability
public import PortabilityModel

extension Right: ExpressibleByArgument {}
extension Language: ExpressibleByArgument {}
extension ExportRequest.IdentityCheck.Method: ExpressibleByArgument {}

/// Who is asked for, and how it is known who asks.
struct RequestOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "The configuration (YAML).", completion: .file(extensions: ["yaml", "yml"]))
    var config: String

    @Option(
        name: .shortAndLong, help: "The request (YAML or JSON).",
        completion: .file(extensions: ["yaml", "yml", "json"]))
    var request: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Instead of a request file: a kind of identifier; its value is asked for at the terminal.",
            discussion: "May stand several times. Values are never taken from arguments, where every user of the "
                + "machine could read them.", valueName: "kind"))
    var identifier: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp("Read the identifiers' values from this file descriptor, one on each line.", valueName: "n"))
    var identifierFd: Int32?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "How it was checked who asks: \(methods).", valueName: "method"))
    var identityCheck: ExportRequest.IdentityCheck.Method?

    @Option(name: .long, help: "Without a request file: access, portability, switching or handover.")
    var right: Right = .access

    @Option(name: .long, help: "Without a request file: the language of the texts: fi, sv or en.")
    var language: Language = .en

    @Option(name: .long, help: "Without a request file: the request's id, no personal data.")
    var requestID: String?

    @Option(name: .long, help: "Without a request file, for a handover: the id of the controller's instruction.")
    var instruction: String?

    private static let methods = ExportRequest.IdentityCheck.Method.allCases.map(\.rawValue).joined(separator: ", ")

    func validate() throws {
        if request == nil && identifier.isEmpty {
            throw ValidationError(
                "Say who is asked for: --request FILE, or --identifier KIND with --identity-check METHOD.")
        }
        if request != nil && !identifier.isEmpty {
            throw ValidationError("Give either --request or --identifier, not both: the request file has identifiers.")
        }
    }

    /// The request from the file, or from the terminal.
    func load(formats: [Format]?) throws -> ExportRequest {
        var loaded: ExportRequest
        if let request {
            loaded = try readInput { try ExportRequest.load(path: request) }
        } else {
            loaded = ExportRequest(
                id: requestID ?? "R-\(systemTime())", right: right, received: timestamp(systemTime()),
                channel: .other, language: language, identifiers: try askForValues(),
                identityCheck: identityCheck.map {
                    ExportRequest.IdentityCheck(method: $0, at: timestamp(systemTime()))
                }, instruction: instruction)
        }
        if let formats, !formats.isEmpty { loaded.formats = formats }
        return loaded
    }

    private func askForValues() throws -> [Identifier] {
        if let identifierFd {
            let values = Terminal.readLines(identifierFd, limit: identifier.count)
            guard values.count == identifier.count else {
                throw PortabilityError(
                    .configuration,
                    "file descriptor \(identifierFd) gave \(values.count) of "
                        + "\(identifier.count) values",
                    remedy: "Write one value on each line, in the order of the --identifier options")
            }
            return zip(identifier, values).map { Identifier(kind: $0, value: $1) }
        }
        return try identifier.map { kind in
            guard let value = Terminal.ask("\(kind): "), !value.isEmpty else {
                throw PortabilityError(
                    .configuration, "there is no terminal to ask for the value of \(kind)",
                    remedy: "Use a request file, or --identifier-fd")
            }
            return Identifier(kind: kind, value: value)
        }
    }
}

/// Reads a configuration or a request. One that is not there is the caller's mistake, like one that says nothing
/// sensible.
func readInput<Value>(_ read: () throws -> Value) throws -> Value {
    do {
        return try read()
    } catch var error as PortabilityError where error.code == .unavailable || error.code == .denied {
        error.code = .configuration
        throw error
    }
}
