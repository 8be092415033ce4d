public import PortabilityModel

/// The fields of an entity as JSON, for programs that read a dataset without knowing the catalogue:
/// `{"entity":…,"fields":[{"name":…,"kind":"string"|…|"group","list":true|false,"fields":[…]}]}`, and LF.
public func layoutDescription(_ layout: EntityLayout) -> [UInt8] {
    func describe(_ group: Int) -> String {
        let fields = layout.groups[group].fields.map { field in
            let nested = field.group < 0 ? "" : ",\"fields\":\(describe(field.group))"
            return
                "{\"name\":\"\(field.name)\",\"kind\":\"\(field.kind?.name ?? "group")\",\"list\":\(field.isList)\(nested)}"
        }
        return "[\(fields.joined(separator: ","))]"
    }
    return Array("{\"entity\":\"\(layout.entity.name)\",\"fields\":\(describe(0))}\n".utf8)
}
