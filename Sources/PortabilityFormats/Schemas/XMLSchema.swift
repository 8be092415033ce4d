import PortabilityModel

/// XSD 1.0 of a dataset's XML file, complete in itself.
struct XMLSchema {
    let entity: Entity
    let language: Language

    private static let types: [(name: String, kind: ValueKind)] = [
        ("Integer", .integer), ("Decimal", .decimal), ("Boolean", .boolean), ("Date", .date), ("Time", .time),
        ("Timestamp", .timestamp), ("LocalTimestamp", .localTimestamp), ("Duration", .duration),
    ]

    func document() -> [UInt8] {
        var out: [UInt8] = []
        out.append(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="\(XMLEncoder.namespace)" \
            targetNamespace="\(XMLEncoder.namespace)" elementFormDefault="qualified">

            """)
        annotate(entity.label[language], FieldText.sentence(entity.meaning[language]), entity.iris, 1, &out)
        out.append(
            """
              <xs:element name="dataset">
                <xs:complexType>
                  <xs:sequence>
                    <xs:element name="record" type="Record" minOccurs="0" maxOccurs="unbounded"/>
                  </xs:sequence>
                  <xs:attribute name="name" use="required">
                    <xs:simpleType>
                      <xs:restriction base="xs:string">
                        <xs:pattern value="[a-z0-9\\-]+"/>
                      </xs:restriction>
                    </xs:simpleType>
                  </xs:attribute>
                  <xs:attribute name="entity" type="xs:string" use="required" fixed="\(entity.name)"/>
                </xs:complexType>
              </xs:element>
              <xs:complexType name="Record">
                <xs:sequence>

            """)
        let recordID = FieldText(FieldText.recordID, language)
        out.append("      <xs:element name=\"record_id\" type=\"Text\">\n")
        annotate(recordID.title, recordID.description, [], 4, &out)
        out.append("      </xs:element>\n")
        for field in entity.fields { append(field, 3, &out) }
        let other = FieldText(FieldText.other, language)
        out.append("      <xs:element name=\"other\" type=\"Other\" minOccurs=\"0\" maxOccurs=\"unbounded\">\n")
        annotate(other.title, other.description, [], 4, &out)
        out.append("      </xs:element>\n")
        out.append(
            """
                </xs:sequence>
              </xs:complexType>

            """)
        out.append(Self.sharedTypes)
        out.append("</xs:schema>\n")
        return out
    }

    /// Types that every file has: text, which may be in the declared encoding, `other`, and the spellings.
    private static let sharedTypes: String = {
        var out = """
              <xs:complexType name="Other">
                <xs:sequence>
                  <xs:element name="name" type="Name"/>
                  <xs:element name="type">
                    <xs:simpleType>
                      <xs:restriction base="xs:string">
                        <xs:enumeration value="string"/>
                        <xs:enumeration value="integer"/>
                        <xs:enumeration value="boolean"/>
                        <xs:enumeration value="json"/>
                      </xs:restriction>
                    </xs:simpleType>
                  </xs:element>
                  <xs:element name="value" type="Text"/>
                </xs:sequence>
              </xs:complexType>
              <xs:simpleType name="NonEmpty">
                <xs:restriction base="xs:string">
                  <xs:minLength value="1"/>
                </xs:restriction>
              </xs:simpleType>
              <xs:complexType name="Name">
                <xs:simpleContent>
                  <xs:extension base="xs:string">
                    <xs:attribute name="encoding" type="Encoding"/>
                  </xs:extension>
                </xs:simpleContent>
              </xs:complexType>
              <xs:simpleType name="Encoding">
                <xs:restriction base="xs:string">
                  <xs:enumeration value="json"/>
                </xs:restriction>
              </xs:simpleType>
              <xs:complexType name="Text">
                <xs:annotation>
                  <xs:documentation xml:lang="en">encoding="json": the text is escaped as in a JSON string (RFC 8259), \
            because it holds characters that XML 1.0 forbids.</xs:documentation>
                </xs:annotation>
                <xs:simpleContent>
                  <xs:extension base="NonEmpty">
                    <xs:attribute name="encoding" type="Encoding"/>
                  </xs:extension>
                </xs:simpleContent>
              </xs:complexType>

            """
        for (name, kind) in types {
            out += """
                  <xs:simpleType name="\(name)">
                    <xs:restriction base="xs:string">
                      <xs:pattern value="\(ValuePattern.of(kind) ?? "")"/>
                    </xs:restriction>
                  </xs:simpleType>

                """
        }
        return out
    }()

    private func append(_ field: Field, _ indent: Int, _ out: inout [UInt8]) {
        let text = FieldText(field, language)
        out.append(indent: indent)
        out.append("<xs:element name=\"")
        out.append(field.name)
        switch field.type {
        case .value(let kind):
            out.append("\" type=\"")
            out.append(Self.types.first { $0.kind == kind }?.name ?? "Text")
            out.append("\" minOccurs=\"0\"")
        case .group: out.append("\" minOccurs=\"0\"")
        }
        out.append(field.isList ? " maxOccurs=\"unbounded\">\n" : ">\n")
        annotate(text.title, text.description, field.iris, indent + 1, &out)
        if case .group(let fields) = field.type {
            out.append(indent: indent + 1)
            out.append("<xs:complexType>\n")
            out.append(indent: indent + 2)
            out.append("<xs:sequence>\n")
            for nested in fields { append(nested, indent + 3, &out) }
            out.append(indent: indent + 2)
            out.append("</xs:sequence>\n")
            out.append(indent: indent + 1)
            out.append("</xs:complexType>\n")
        }
        out.append(indent: indent)
        out.append("</xs:element>\n")
    }

    private func annotate(
        _ title: String, _ description: String?, _ iris: [String], _ indent: Int, _ out: inout [UInt8]
    ) {
        out.append(indent: indent)
        out.append("<xs:annotation>\n")
        for iri in iris {
            out.append(indent: indent + 1)
            out.append("<xs:appinfo source=\"")
            Self.append(escaped: iri, &out)
            out.append("\"/>\n")
        }
        for text in [title, description].compactMap({ $0 }) {
            out.append(indent: indent + 1)
            out.append("<xs:documentation xml:lang=\"")
            out.append(language.rawValue)
            out.append("\">")
            Self.append(escaped: text, &out)
            out.append("</xs:documentation>\n")
        }
        out.append(indent: indent)
        out.append("</xs:annotation>\n")
    }

    private static func append(escaped text: String, _ out: inout [UInt8]) {
        func isSpecial(_ byte: UInt8) -> Bool {
            byte == UInt8(ascii: "&") || byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">")
                || byte == UInt8(ascii: "\"")
        }
        out.append(text, where: isSpecial) { byte, out in
            switch byte {
            case UInt8(ascii: "&"): out.append("&amp;")
            case UInt8(ascii: "<"): out.append("&lt;")
            case UInt8(ascii: ">"): out.append("&gt;")
            default: out.append("&quot;")
            }
        }
    }
}
