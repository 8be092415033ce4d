#if PostgreSQL
    import PortabilityModel
    import TestServers
    import Testing

    extension PostgreSQLTests {
        @Suite struct Values {
            /// What one expression becomes as a column of that name.
            private func value(_ expression: String, as column: String = "x", setup: String = "") async throws -> (
                text: String, findings: [String]
            ) {
                let database = try database(setup)
                let collector = try await extract(
                    try extractor(database, "SELECT 1 AS record_id, 1 AS subject, \(expression) AS \(column)"))
                let record = try #require(collector.records.first)
                return (
                    String(record.dropFirst(4)),
                    collector.findings(.mistyped) + collector.findings(.invalidText)
                )
            }

            @Test(arguments: [
                ("32767::int2", "integer=32767"), ("(-2147483648)::int4", "integer=-2147483648"),
                ("9223372036854775807::int8", "string=9223372036854775807"),
                ("'x y'::text", "string=x y"), ("'a '::varchar(5)", "string=a "), ("'ab'::char(5)", "string=ab"),
                ("true", "boolean=true"), ("false", "boolean=false"),
                ("'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid", "string=a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
                ("'10.1.2.3/32'::inet", "string=10.1.2.3"), ("'10.0.0.0/8'::cidr", "string=10.0.0.0/8"),
                ("'08:00:2b:01:02:03'::macaddr", "string=08:00:2b:01:02:03"), ("B'101'", "string=101"),
                ("'<a/>'::xml", "string=<a/>"), ("'{\"b\": 1,\"a\":[1, 2]}'::json", "json={\"b\":1,\"a\":[1,2]}"),
                ("'{\"b\": 1.50,\"a\":null}'::jsonb", "json={\"a\":null,\"b\":1.50}"),
            ])
            func otherFields(expression: String, expected: String) async throws {
                let found = try await value(expression)
                #expect(found.text == "!x \(expected)")
                #expect(found.findings == [])
            }

            @Test(arguments: [
                ("123456789012345678901234567890.1234567890"), ("0.50"), ("-7"), ("0"),
                ("9999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999.25"),
            ])
            func numbersOfAnyLength(number: String) async throws {
                #expect(try await value("\(number)::numeric", as: "amount").text == "decimal=\(number)")
            }

            @Test(arguments: [
                ("0.1::float8", "0.1"), ("1e20::float8", "100000000000000000000"), ("1.5e-7::float8", "0.00000015"),
                ("'-0'::float8", "0"), ("0.1::float4", "0.1"), ("16777216::float4", "16777216"),
                ("1e300::float8 * 2", "2" + String(repeating: "0", count: 300)), ("-2.5::float8", "-2.5"),
            ])
            func floatingPointNumbers(expression: String, expected: String) async throws {
                #expect(try await value(expression, as: "amount").text == "decimal=\(expected)")
            }

            @Test(arguments: ["'NaN'::numeric", "'Infinity'::numeric", "'-Infinity'::float8", "'NaN'::float4"])
            func numbersWithoutSpellingAreTextAndCounted(expression: String) async throws {
                let word = expression.split(separator: "'")[0]
                let field = try await value(expression, as: "amount")
                #expect(field.text == "!amount string=\(word)")
                #expect(field.findings == ["amount 1"])
                let other = try await value(expression)
                #expect(other.text == "!x string=\(word)")
                #expect(other.findings == ["x 1"])
            }

            @Test(arguments: [
                ("timestamptz '2024-02-29 23:59:59.123456+02'", "moment", "timestamp=2024-02-29T21:59:59.123456Z"),
                ("timestamptz '2024-01-01 00:00:00+00'", "moment", "timestamp=2024-01-01T00:00:00Z"),
                ("timestamptz '0044-03-15 12:00:00+00 BC'", "moment", "timestamp=-0043-03-15T12:00:00Z"),
                ("timestamptz '0001-12-31 12:00:00+00 BC'", "moment", "timestamp=0000-12-31T12:00:00Z"),
                ("timestamptz '12024-01-02 03:04:05+00'", "moment", "timestamp=12024-01-02T03:04:05Z"),
                ("timestamp '2024-02-29 23:59:59.5'", "local", "localTimestamp=2024-02-29T23:59:59.5"),
                ("timestamp '4713-01-01 00:00:00 BC'", "local", "localTimestamp=-4712-01-01T00:00:00"),
                ("date '2024-02-29'", "day", "date=2024-02-29"), ("date '0005-02-28 BC'", "day", "date=-0004-02-28"),
                ("date '0005-02-29 BC'", "day", "date=-0004-02-29"), ("date '99999-01-02'", "day", "date=99999-01-02"),
                ("time '23:59:59.000001'", "hour", "time=23:59:59.000001"),
                ("interval '1 year 2 months 3 days 04:05:06.5'", "span", "duration=P1Y2M3DT4H5M6.5S"),
                ("interval '-14 months'", "span", "duration=-P1Y2M"), ("interval '0'", "span", "duration=PT0S"),
                ("interval '-1 day -00:00:00.25'", "span", "duration=-P1DT0.25S"),
                ("interval '-1.5 seconds'", "span", "duration=-PT1.5S"),
                ("interval '90 minutes'", "span", "duration=PT1H30M"),
            ])
            func times(expression: String, column: String, expected: String) async throws {
                let found = try await value(expression, as: column)
                #expect(found.text.replacingKind() == expected)
                #expect(found.findings == [])
            }

            @Test(arguments: [
                ("timestamptz 'infinity'", "moment", "infinity"), ("date '-infinity'", "day", "-infinity"),
                ("timestamp '-infinity'", "local", "-infinity"), ("time '24:00:00'", "hour", "24:00:00"),
                ("interval '1 month -2 days'", "span", "P1M-2D"), ("interval '-1 day +02:00:00'", "span", "P-1DT2H"),
            ])
            func timesWithoutSpellingAreTextAndCounted(expression: String, column: String, text: String) async throws {
                let found = try await value(expression, as: column)
                #expect(found.text == "!\(column) string=\(text)")
                #expect(found.findings == ["\(column) 1"])
            }

            @Test(arguments: [
                ("timetz '12:00:00+02'", "12:00:00+02"), ("'[1,10)'::int4range", "[1,10)"),
                ("'{[1,3),[5,7)}'::int4multirange", "{[1,3),[5,7)}"), ("ROW(1,'a b',NULL)", "(1,\"a b\",)"),
                ("point(1,2)", "(1,2)"), ("12.5::numeric::money", "$12.50"),
            ])
            func typesWithoutSpellingAreTextAndCounted(expression: String, text: String) async throws {
                let found = try await value(expression)
                #expect(found.text == "!x string=\(text)")
                #expect(found.findings == ["x 1"])
                // Text has room for them; it is told all the same.
                #expect(try await value(expression, as: "name").findings == ["name 1"])
            }

            @Test func typesOfTheDatabase() async throws {
                let setup = """
                    CREATE TYPE mood AS ENUM ('glad', 'sad');
                    CREATE DOMAIN whole AS int CHECK (VALUE > 0); CREATE DOMAIN wholes AS whole[];
                    CREATE TYPE pair AS (a int, b text); CREATE TABLE t (w whole);
                    """
                for (expression, expected, isFlagged) in [
                    ("'glad'::mood", "string=glad", false), ("7::whole", "integer=7", false),
                    ("ARRAY['sad','glad']::mood[]", #"json=["sad","glad"]"#, false),
                    ("ARRAY[1,2]::whole[]", "json=[1,2]", false), ("ARRAY[3]::wholes", "json=[3]", false),
                    ("(1,'x')::pair", "string=(1,x)", true), ("ARRAY[(1,'x')::pair]", #"json=["(1,x)"]"#, true),
                ] {
                    let found = try await value(expression, setup: setup)
                    #expect(found.text == "!x \(expected)")
                    #expect(found.findings == (isFlagged ? ["x 1"] : []))
                }
            }

            @Test(arguments: [
                (
                    "ARRAY['a','b c','say \"x\"\\','NULL',NULL,'{}']::text[]",
                    #"["a","b c","say \"x\"\\","NULL",null,"{}"]"#
                ),
                ("ARRAY[[1,2],[3,4]]", "[[1,2],[3,4]]"), ("'[0:1]={5,6}'::int[]", "[5,6]"),
                ("ARRAY[1.50,2]::numeric[]", #"["1.50","2"]"#), ("ARRAY[true,false,NULL]", "[true,false,null]"),
                ("ARRAY[9007199254740993]::int8[]", #"["9007199254740993"]"#),
                ("ARRAY['{\"a\": 1}']::jsonb[]", #"[{"a":1}]"#),
                ("ARRAY[timestamptz '2024-01-01 00:00:00+00']", #"["2024-01-01T00:00:00Z"]"#),
                ("ARRAY['x','y']::char(3)[]", #"["x","y"]"#),
            ])
            func arraysAreJSON(expression: String, json: String) async throws {
                let found = try await value(expression)
                #expect(found.text == "!x json=\(json)")
                #expect(found.findings == [])
            }

            @Test func elementsWithoutSpellingAreCounted() async throws {
                let found = try await value("ARRAY['NaN',1]::numeric[]")
                #expect(found.text == #"!x json=["NaN","1"]"#)
                #expect(found.findings == ["x 1"])
            }

            @Test func arraysAreTheElementsOfAListField() async throws {
                #expect(
                    try await value("ARRAY['a','b,c',NULL,'','d']::text[]", as: "tags").text
                        == "[ string=a string=b,c string=d ]")
                #expect(try await value("ARRAY[3,2]", as: "counts").text == "[ integer=3 integer=2 ]")
                #expect(try await value("'{}'::text[]", as: "tags").text == "")
                let nested = try await value("ARRAY[['a'],['b']]", as: "tags")
                #expect(nested.text == #"!tags json=[["a"],["b"]]"#)
                #expect(nested.findings == ["tags 1"])
            }

            @Test func bytesAreBase64() async throws {
                let found = try await value("'\\x00ff10'::bytea")
                #expect(found.text == "!x_base64 string=AP8Q")
                #expect(found.findings == ["x 1"])
            }

            @Test func nullAndEmptyTextAreAbsent() async throws {
                #expect(try await value("NULL::text").text == "")
                #expect(try await value("''::text").text == "")
                #expect(try await value("'   '::char(3)").text == "")
            }

            @Test func groupsAreNamedWithDots() async throws {
                #expect(try await value("'Turku'", as: "\"address.city\"").text == "{ string=Turku }")
            }

            @Test func theRolesOwnSettingsChangeNothing() async throws {
                let name = try database()
                try server.run(
                    """
                    CREATE ROLE odd LOGIN SUPERUSER;
                    ALTER ROLE odd SET TimeZone = 'Asia/Kathmandu'; ALTER ROLE odd SET DateStyle = 'SQL, DMY';
                    ALTER ROLE odd SET IntervalStyle = 'postgres_verbose'; ALTER ROLE odd SET extra_float_digits = -10;
                    ALTER ROLE odd SET bytea_output = 'escape'; ALTER ROLE odd SET statement_timeout = '1ms';
                    ALTER ROLE odd SET client_encoding = 'LATIN1';
                    """)
                let collector = try await extract(
                    try extractor(
                        name,
                        """
                        SELECT 1 AS record_id, 1 AS subject, 0.1::float8 AS amount, date '2024-02-03' AS day,
                        timestamptz '2024-01-01 00:00:00+00' AS moment, interval '-2 days' AS span, 'ä€' AS name,
                        '\\x01'::bytea AS x, pg_sleep(0.05) IS NULL AS flag
                        """, user: "odd"))
                #expect(
                    collector.records == [
                        "1 1 string=ä€ decimal=0.1 boolean=false date=2024-02-03 timestamp=2024-01-01T00:00:00Z"
                            + " duration=-P2D !x_base64 string=AQ=="
                    ])
            }

            @Test func invalidTextOfADatabaseWithoutEncodingIsReplacedAndCounted() async throws {
                let name = try database(options: "ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
                try server.run(
                    "SET client_encoding = 'SQL_ASCII'; CREATE TABLE t (x text);"
                        + "INSERT INTO t VALUES (convert_from('\\x41e4c3a442'::bytea, 'SQL_ASCII'))", database: name)
                let collector = try await extract(
                    try extractor(name, "SELECT 1 AS record_id, 1 AS subject, x AS name FROM t"))
                #expect(collector.records == ["1 1 string=A\u{FFFD}äB"])
                #expect(collector.findings(.invalidText) == ["name 1"])
            }
        }
    }

    extension String {
        /// The name that the catalogue gives the kind is `local-timestamp`, which reads badly in a table.
        fileprivate func replacingKind() -> String {
            hasPrefix("local") ? "localTimestamp=" + (split(separator: "=").last ?? "") : self
        }
    }
#endif
