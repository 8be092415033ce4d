extension Catalogue {
    /// The catalogue of this version of the software, built on first use.
    public static let standard = Catalogue(
        version: "1.1",
        entities: [
            account, person, organisation, contactPoint, address, preference, communication, device, session,
            usageEvent, consultation, customer, product, payment, invoice, profileAttribute, document,
            credential, marketingProhibition, formerName, subscription, consent, note, correction,
        ])
}
