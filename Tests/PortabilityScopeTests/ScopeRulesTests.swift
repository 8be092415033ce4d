import PortabilityModel
import PortabilityScope
import Testing

@Suite("What a right covers")
struct ScopeTests {
    private func decision(
        _ right: Right, _ dataset: DatasetDeclaration, include: [PortabilityModel.Category] = [],
        exclude: [PortabilityModel.Category] = []
    ) -> Ground? {
        ScopeRules(right: right, include: include, exclude: exclude, purposes: purposes).ground(for: dataset)
    }

    @Test("access: everything that is held as controller, whatever its basis, origin and means")
    func access() {
        #expect(decision(.access, dataset("a")) == nil)
        #expect(decision(.access, dataset("a", origin: Origin(kind: .inferred), purposes: ["development"])) == nil)
        #expect(decision(.access, dataset("a", means: .manual)) == nil)
        #expect(decision(.access, dataset("a", role: .processor)) == .processor)
    }

    @Test("portability: provided by the subject or observed, by contract or consent, automated")
    func portability() {
        #expect(decision(.portability, dataset("a")) == nil)
        #expect(decision(.portability, dataset("a", origin: Origin(kind: .observed))) == nil)
        #expect(decision(.portability, dataset("a", origin: Origin(kind: .provided, by: .customer))) == .origin)
        #expect(decision(.portability, dataset("a", origin: Origin(kind: .derived))) == .origin)
        #expect(decision(.portability, dataset("a", purposes: ["development"])) == .basis)
        #expect(decision(.portability, dataset("a", purposes: ["development", "service"])) == nil)
        #expect(decision(.portability, dataset("a", means: .manual)) == .means)
        #expect(decision(.portability, dataset("a", role: .processor)) == .processor)
    }

    @Test("switching: both roles, nothing derived, contract only")
    func switching() {
        #expect(decision(.switching, dataset("a", role: .processor)) == nil)
        #expect(decision(.switching, dataset("a", origin: Origin(kind: .provided, by: .colleague))) == nil)
        #expect(decision(.switching, dataset("a", origin: Origin(kind: .inferred))) == .origin)
        #expect(decision(.switching, dataset("a", purposes: ["marketing"])) == .basis)
    }

    @Test("handover: only what is processed for the controller")
    func handover() {
        #expect(decision(.handover, dataset("a", role: .processor)) == nil)
        #expect(decision(.handover, dataset("a")) == .controller)
    }

    @Test("categories that were not asked for are left out, by request of the subject")
    func categories() {
        #expect(decision(.access, dataset("a", category: .usage), exclude: [.usage]) == .notRequested)
        #expect(decision(.access, dataset("a", category: .usage), include: [.device]) == .notRequested)
        #expect(decision(.access, dataset("a", category: .usage), include: [.usage]) == nil)
    }

    @Test("that a password exists is told under access only")
    func credentials() {
        #expect(decision(.access, dataset("a", entity: "credential")) == nil)
        for right in [Right.portability, .switching] {
            #expect(decision(right, dataset("a", entity: "credential")) == .secret)
        }
    }

    @Test(
        "an employee of a customer is no party: the contract is no basis of portability, consent and good practice are")
    func employees() {
        let purposes = purposes + [Purpose(id: "newsletter", text: someText, basis: .consent)]
        func decision(_ ids: [String], party: Bool, portableInterest: Bool = false) -> Ground? {
            ScopeRules(
                right: .portability, purposes: purposes, portableLegitimateInterest: portableInterest, isParty: party
            ).ground(for: dataset("a", purposes: ids))
        }
        #expect(decision(["service"], party: true) == nil)
        #expect(decision(["service"], party: false) == .notParty)
        #expect(decision(["service", "newsletter"], party: false) == nil)
        #expect(decision(["development"], party: false) == .basis)
        #expect(decision(["service", "development"], party: false, portableInterest: true) == nil)
        #expect(
            ScopeRules(right: .access, purposes: purposes, isParty: false).ground(for: dataset("a")) == nil,
            "access does not ask for a contract")
    }
}
