import PortabilityModel
import SQLCore

#if MariaDB
    import MariaDBExtractor
#endif

extension ExtractorRegistry.Kind {
    static let mariadb = ExtractorRegistry.Kind(
        name: "mariadb",
        keys: [
            "uri", "host", "port", "socket", "user", "database", "option_file", "password_file", "tls", "ca",
            "connect_seconds", "lock_seconds",
        ] + sqlKeys
    ) { source, reader, id in
        #if MariaDB
            var configuration = MariaDBConfiguration(try reader.queries(id, source), address: try address(source))
            if let seconds = source["connect_seconds"] {
                configuration.connectSeconds = Double(try seconds.integer(1...3600))
            }
            if let seconds = source["lock_seconds"] {
                configuration.lockSeconds = Double(try seconds.integer(0...86_400))
            }
            return ConfiguredSource(
                extractor: try MariaDBExtractor(configuration), readsTogether: false,
                tenantKind: try source["tenant"]?.text())
        #else
            throw try source.required("kind").error(
                "this build has no mariadb", remedy: "Build with --traits MariaDB; libmariadb-dev is needed")
        #endif
    }

    #if MariaDB
        private static func address(_ source: YAMLMapping) throws -> MariaDBAddress {
            var address = MariaDBAddress()
            if let uri = source["uri"] {
                for key in ["host", "port", "socket", "user", "database"] {
                    if let other = source[key] {
                        throw other.error("the URI says where the server is", remedy: "Leave out `\(key)` or `uri`")
                    }
                }
                do {
                    address = try MariaDBAddress(uri: uri.text())
                } catch let error as PortabilityError where error.place.line == nil {
                    throw uri.error(error.message, remedy: error.remedy)
                }
            }
            if let value = source["host"] { address.host = try value.text() }
            if let value = source["port"] { address.port = try value.integer(1...65_535) }
            if let value = source["socket"] { address.socket = try value.text() }
            if let value = source["user"] { address.user = try value.text() }
            if let value = source["database"] { address.database = try value.text() }
            if let value = source["option_file"] { address.optionFile = try value.text() }
            if let value = source["password_file"] { address.passwordFile = try value.text() }
            if let value = source["tls"] { address.tls = try value.choice(MariaDBAddress.TLS.self) }
            if let value = source["ca"] { address.ca = try value.text() }
            return address
        }
    #endif
}
