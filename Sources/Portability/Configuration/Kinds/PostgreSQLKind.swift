import PortabilityModel
import SQLCore

#if PostgreSQL
    import PostgreSQLExtractor
#endif

extension ExtractorRegistry.Kind {
    static let postgresql = ExtractorRegistry.Kind(
        name: "postgresql",
        keys: ["uri", "service", "passfile", "connect_seconds", "lock_seconds"] + sqlKeys
    ) { source, reader, id in
        #if PostgreSQL
            let server: PostgreSQLConfiguration.Server
            switch (source["uri"], source["service"]) {
            case (let uri?, nil): server = .uri(try uri.text())
            case (nil, let service?): server = .service(try service.text())
            case (let uri?, _?):
                throw uri.error(
                    "the source names the server twice", remedy: "Give `uri` or `service`; a URI may hold `service=`")
            case (nil, nil):
                throw source.own.error(
                    "the source does not say where the server is",
                    remedy: "Add `uri: postgresql://role@host/database`, or `service:`")
            }
            let queries = try reader.queries(id, source)
            var configuration: PostgreSQLConfiguration
            do {
                configuration = try PostgreSQLConfiguration(
                    queries, server: server, passfile: try source["passfile"]?.text())
            } catch let error as PortabilityError {
                throw source["uri"]?.error(error.message, remedy: error.remedy) ?? error
            }
            if let seconds = source["connect_seconds"] {
                configuration.connectSeconds = Double(try seconds.integer(1...3600))
            }
            if let seconds = source["lock_seconds"] {
                configuration.lockSeconds = Double(try seconds.integer(1...86_400))
            }
            return ConfiguredSource(
                extractor: try PostgreSQLExtractor(configuration), readsTogether: false,
                tenantKind: try source["tenant"]?.text())
        #else
            throw try source.required("kind").error(
                "this build has no postgresql", remedy: "Build with --traits PostgreSQL; libpq-dev is needed")
        #endif
    }
}
