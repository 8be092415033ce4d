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
        var out = """
            <?xml version="1.0" encoding="UTF-8"?>
            <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="\(XMLEncoder.namespace)" \
            targetNamespace="\(XMLEncoder.namespace)" elementFormDefault="qualified">

            """
        out += annotation(entity.label[language], FieldText.sentence(entity.meaning[language]), entity.iris, indent: 1)
        out += """
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

            """
        let recordID = FieldText(FieldText.recordID, language)
        out += "      <xs:element name=\"record_id\" type=\"Text\">\n"
        out += annotation(recordID.title, recordID.description, [], indent: 4)
        out += "      </xs:element>\n"
        for field in entity.fields { out += element(field, indent: 3) }
        let other = FieldText(FieldText.other, language)
        out += "      <xs:element name=\"other\" type=\"Other\" minOccurs=\"0\" maxOccurs=\"unbounded\">\n"
        out += annotation(other.title, other.description, [], indent: 4)
        out += "      </xs:element>\n"
        out += """
                </xs:sequence>
              </xs:complexType>

            """
        out += Self.sharedTypes
        out += "</xs:schema>\n"
        return Array(out.utf8)
    }

    /// Types that every file has: text, which may be in the declared encoding, `other`, and the spellings.
    private static var sharedTypes: String {
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
    }

    private func element(_ field: Field, indent: Int) -> String {
        let space = String(repeating: "  ", count: indent)
        let text = FieldText(field, language)
        let most = field.isList ? " maxOccurs=\"unbounded\"" : ""
        let notes = annotation(text.title, text.description, field.iris, indent: indent + 1)
        switch field.type {
        case .value(let kind):
            let type = Self.types.first { $0.kind == kind }?.name ?? "Text"
            return "\(space)<xs:element name=\"\(field.name)\" type=\"\(type)\" minOccurs=\"0\"\(most)>\n"
                + notes + "\(space)</xs:element>\n"
        case .group(let fields):
            return "\(space)<xs:element name=\"\(field.name)\" minOccurs=\"0\"\(most)>\n" + notes
                + "\(space)  <xs:complexType>\n\(space)    <xs:sequence>\n"
                + fields.map { element($0, indent: indent + 3) }.joined()
                + "\(space)    </xs:sequence>\n\(space)  </xs:complexType>\n\(space)</xs:element>\n"
        }
    }

    private func annotation(_ title: String, _ description: String?, _ iris: [String], indent: Int) -> String {
        let space = String(repeating: "  ", count: indent)
        var out = "\(space)<xs:annotation>\n"
        for iri in iris { out += "\(space)  <xs:appinfo source=\"\(Self.escaped(iri))\"/>\n" }
        for text in [title, description].compactMap({ $0 }) {
            let escaped = Self.escaped(text)
            out += "\(space)  <xs:documentation xml:lang=\"\(language.rawValue)\">\(escaped)</xs:documentation>\n"
        }
        return out + "\(space)</xs:annotation>\n"
    }

    private static func escaped(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
