#if MariaDB
    import MariaDBExtractor
    import PortabilityModel
    import SQLCore
    import TestServers
    import Testing

    @Suite("Records of a MariaDB database", .onOwnThreads)
    struct MariaDBExtractorTests {
        @Test(
            "have the exact values of every type, in canonical spelling",
            arguments: [
                ("TINYINT", "-128", "integer=-128"), ("TINYINT UNSIGNED", "255", "integer=255"),
                ("BOOLEAN", "TRUE", "integer=1"), ("SMALLINT", "-32768", "integer=-32768"),
                ("SMALLINT UNSIGNED", "65535", "integer=65535"), ("MEDIUMINT", "-8388608", "integer=-8388608"),
                ("MEDIUMINT UNSIGNED", "16777215", "integer=16777215"), ("INT", "-2147483648", "integer=-2147483648"),
                ("INT UNSIGNED", "4294967295", "integer=4294967295"), ("INT(9) ZEROFILL", "42", "integer=42"),
                ("BIGINT", "-9007199254740991", "integer=-9007199254740991"),
                // Beyond what JSON's readers take as a number, an integer among the others is text.
                ("BIGINT", "-9223372036854775808", "string=-9223372036854775808"),
                ("BIGINT UNSIGNED", "18446744073709551615", "string=18446744073709551615"),
                ("BIT(1)", "b'1'", "integer=1"), ("BIT(12)", "b'100000000001'", "integer=2049"),
                ("BIT(64)", "0xFFFFFFFFFFFFFFFF", "string=18446744073709551615"),
                ("YEAR", "1901", "integer=1901"), ("YEAR", "0", "integer=0"),
                (
                    "DECIMAL(65,30)", "-99999999999999999999999999999999999.000000000000000000000000000001",
                    "string=-99999999999999999999999999999999999.000000000000000000000000000001"
                ),
                ("DECIMAL(10,2)", "12.3", "string=12.30"), ("DECIMAL(10,2) ZEROFILL", "0.5", "string=0.50"),
                ("DECIMAL(10,0)", "-0", "string=0"), ("DECIMAL(10,2)", "-0.05", "string=-0.05"),
                ("FLOAT", "0.1", "string=0.1"), ("FLOAT", "16777216", "string=16777216"),
                ("FLOAT", "-3.402823e38", "string=-340282300000000000000000000000000000000"),
                ("FLOAT(10,2)", "123.45", "string=123.45"), ("DOUBLE", "0.1", "string=0.1"),
                ("DOUBLE", "5e-324", "string=0.\(String(repeating: "0", count: 323))5"),
                ("DOUBLE", "1e22", "string=10000000000000000000000"),
                ("DATE", "'2024-02-29'", "string=2024-02-29"), ("DATE", "'9999-12-31'", "string=9999-12-31"),
                ("DATETIME", "'2024-02-29 23:59:59'", "string=2024-02-29T23:59:59"),
                ("DATETIME", "'2024-02-29'", "string=2024-02-29T00:00:00"),
                ("DATETIME(3)", "'2024-02-29 01:02:03.4'", "string=2024-02-29T01:02:03.400"),
                ("DATETIME(6)", "'1000-01-01 00:00:00.000001'", "string=1000-01-01T00:00:00.000001"),
                ("TIMESTAMP(6) NULL", "'2038-01-19 03:14:07.999999'", "string=2038-01-19T03:14:07.999999Z"),
                ("TIMESTAMP NULL", "'1970-01-01 00:00:01'", "string=1970-01-01T00:00:01Z"),
                ("TIME", "'00:00:00'", "string=00:00:00"), ("TIME(6)", "'23:59:59.000001'", "string=23:59:59.000001"),
                ("TIME", "'838:59:59'", "string=PT838H59M59S"), ("TIME(2)", "'-00:00:01.5'", "string=-PT1.50S"),
                ("TIME", "'24:00:00'", "string=PT24H"),
                ("CHAR(5)", "'ä '", "string=ä"), ("VARCHAR(20)", "' ä€😀 '", "string= ä€😀 "),
                ("VARCHAR(20) CHARACTER SET latin1", "'äÄ€ß'", "string=äÄ€ß"),
                ("VARCHAR(20) CHARACTER SET latin7", "'šžąę'", "string=šžąę"),
                ("VARCHAR(20) CHARACTER SET ucs2", "'ä漢'", "string=ä漢"),
                ("VARCHAR(20) CHARACTER SET utf16", "'😀'", "string=😀"),
                ("VARCHAR(20) CHARACTER SET sjis", "'日本'", "string=日本"),
                ("VARCHAR(20) CHARACTER SET utf8mb3", "'日本'", "string=日本"),
                ("TEXT", "'a\\0b\\n\"'", "string=a\0b\n\""),
                ("LONGTEXT", "REPEAT('x', 20)", "string=xxxxxxxxxxxxxxxxxxxx"),
                ("TINYTEXT", "'t'", "string=t"),
                ("ENUM('small','suuri')", "'suuri'", "string=suuri"), ("SET('a','b','c')", "'c,a'", "string=a,c"),
                ("JSON", "'{\"b\": 1.50, \"a\": [1e2]}'", "json={\"b\":1.50,\"a\":[1e2]}"),
                ("UUID", "'123e4567-e89b-12d3-a456-426655440000'", "string=123e4567-e89b-12d3-a456-426655440000"),
                ("INET6", "'2001:db8::ff00:42:8329'", "string=2001:db8::ff00:42:8329"),
                ("INET4", "'192.0.2.7'", "string=192.0.2.7"),
                ("INT AS (6 * 7) VIRTUAL", "DEFAULT", "integer=42"),
                ("VARCHAR(9) AS (CONCAT('a', 'b')) PERSISTENT", "DEFAULT", "string=ab"),
            ])
        func type(_ type: String, _ value: String, _ expected: String) async throws {
            let database = try Database("CREATE TABLE t (v \(type)); INSERT INTO t VALUES (\(value));")
            let found = try await extract(
                extractor(database.address, "SELECT 1 AS record_id, :user_id AS subject, v FROM t"))
            #expect(found.records == ["1 1 !v \(expected)"])
            #expect(found.findings.map(\.kind) == [.unmapped])
        }

        @Test(
            "have what is not text in base64",
            arguments: [
                ("BINARY(4)", "x'00FF'", "AP8AAA=="), ("VARBINARY(9)", "x'C3A4'", "w6Q="), ("BLOB", "'ä'", "w6Q="),
                ("LONGBLOB", "x'00'", "AA=="),
                ("POINT", "ST_GeomFromText('POINT(1 2)')", "AAAAAAEBAAAAAAAAAAAA8D8AAAAAAAAAQA=="),
            ])
        func bytes(_ type: String, _ value: String, _ expected: String) async throws {
            let database = try Database("CREATE TABLE t (v \(type)); INSERT INTO t VALUES (\(value));")
            let found = try await extract(
                extractor(database.address, "SELECT 1 AS record_id, :user_id AS subject, v FROM t"))
            #expect(found.records == ["1 1 !v_base64 string=\(expected)"])
            #expect(found.findings.map(\.kind) == [.unmapped, .mistyped])
        }
    }
#endif
