// The terms in this file are those of the Data Privacy Vocabulary (DPV) 2.3, https://w3id.org/dpv, from
// github:w3c/dpv @f01a55c3 (2026-02-28): the column `term` of 2.3/dpv/dpv.csv, 2.3/legal/eu/gdpr/eu-gdpr.csv,
// 2.3/pd/pd.csv and 2.3/justifications/justifications.csv, sorted. Their notice:
//
// The documents and resources in this repository are provided by contributors under the following [W3C Software and
// Document license](https://www.w3.org/copyright/software-license-2023/).
//
// ----
//
// This work is being provided by the copyright holders under the following license.
//
// ## License
//
// By obtaining and/or copying this work, you (the licensee) agree that you have read, understood, and will comply with
// the following terms and conditions.
//
// Permission to copy, modify, and distribute this work, with or without modification, for any purpose and without fee
// or royalty is hereby granted, provided that you include the following on ALL copies of the work or portions thereof,
// including modifications:
//
//   - The full text of this NOTICE in a location viewable to users of the redistributed or derivative work.
//   - Any pre-existing intellectual property disclaimers, notices, or terms and conditions. If none exist, the [W3C
//     software and document short
//     notice](https://www.w3.org/Consortium/Legal/2023/copyright-software-short-notice.html) should be included.
//   - Notice of any changes or modifications, through a copyright statement on the new code or document such as "This
//     software or document includes material copied from or derived from [title and URI of the W3C document].
//     Copyright © [$year-of-document] [World Wide Web Consortium](https://www.w3.org/).
//     <https://www.w3.org/copyright/software-license-2023/>"
//
// ## Disclaimers
//
// THIS WORK IS PROVIDED "AS IS," AND COPYRIGHT HOLDERS MAKE NO REPRESENTATIONS OR WARRANTIES, EXPRESS OR IMPLIED,
// INCLUDING BUT NOT LIMITED TO, WARRANTIES OF MERCHANTABILITY OR FITNESS FOR ANY PARTICULAR PURPOSE OR THAT THE USE OF
// THE SOFTWARE OR DOCUMENT WILL NOT INFRINGE ANY THIRD PARTY PATENTS, COPYRIGHTS, TRADEMARKS OR OTHER RIGHTS.
//
// COPYRIGHT HOLDERS WILL NOT BE LIABLE FOR ANY DIRECT, INDIRECT, SPECIAL OR CONSEQUENTIAL DAMAGES ARISING OUT OF ANY
// USE OF THE SOFTWARE OR DOCUMENT.
//
// The name and trademarks of copyright holders may NOT be used in advertising or publicity pertaining to the work
// without specific, written prior permission. Title to copyright in this work will at all times remain with copyright
// holders.
//
// This file includes material copied from or derived from the Data Privacy Vocabulary (DPV), https://w3id.org/dpv.
// Copyright © 2026 World Wide Web Consortium. https://www.w3.org/copyright/software-license-2023/

/// The names of the terms that are used here, by kind.
enum VocabularyTerms {
    /// What data are processed for.
    static let purposes = """
        AcademicResearch AccountManagement Advertising AgeVerification CombatClimateChange CommercialPurpose
        CommercialResearch CommunicationForCustomerCare CommunicationManagement CounterMoneyLaundering Counterterrorism
        CustomerCare CustomerClaimsManagement CustomerManagement CustomerOrderManagement CustomerRelationshipManagement
        CustomerSolvencyMonitoring DataAltruism DeliveryOfGoods DirectMarketing DisputeManagement EnforceAccessControl
        EnforceSecurity EstablishContractualAgreement FraudPreventionAndDetection FulfilmentOfContractualObligation
        FulfilmentOfObligation HumanResourceManagement IdentityAuthentication IdentityVerification
        ImproveExistingProductsAndServices ImproveHealthcare ImproveInternalCRMProcesses ImprovePublicServices
        ImproveTransportMobility IncreaseServiceRobustness InternalResourceOptimisation LegalCompliance
        MaintainFraudDatabase Marketing MemberPartnerManagement MisusePreventionAndDetection NonCommercialPurpose
        NonCommercialResearch OptimisationForConsumer OptimisationForController OptimiseUserInterface
        OrganisationComplianceManagement OrganisationGovernance OrganisationRiskManagement PaymentManagement
        Personalisation PersonalisedAdvertising PersonalisedBenefits PersonnelBehaviourMonitoring PersonnelHiring
        PersonnelManagement PersonnelMonitoring PersonnelOffboarding PersonnelOnboarding PersonnelPayment
        PersonnelPerformanceEvaluation PersonnelPerformanceManagement PersonnelPerformanceMonitoring
        PersonnelPerformancePrediction PersonnelPromotionManagement PersonnelTerminationManagement
        PersonnelWorkloadManagement PoliticalCampaign ProtectionOfIPR ProtectionOfNationalSecurity
        ProtectionOfPublicSecurity ProvideEventRecommendations ProvideOfficialStatistics
        ProvidePersonalisedRecommendations ProvideProductRecommendations PublicBenefit PublicPolicyMaking
        PublicRelations RecordManagement RecruitmentAdvertising RecruitmentApplicantBackgroundCheck
        RecruitmentApplicantCriminalBackgroundCheck RecruitmentApplicantInformationAuthentication
        RecruitmentApplicantSelection RecruitmentApplicationAnalysis RecruitmentApplicationManagement
        RecruitmentApplicationScreening RecruitmentInterviewAnalysis RecruitmentInterviewAssessment
        RecruitmentInterviewManagement RecruitmentInterviewScheduling RecruitmentManagement
        RecruitmentTargetedAdvertising RepairImpairments RequestedServiceProvision ResearchAndDevelopment
        RightsFulfilment ScientificResearch SearchFunctionalities SellDataToThirdParties SellInsightsFromData
        SellProducts SellProductsToDataSubject ServiceAccessDetermination ServiceManagement ServiceMonitoring
        ServiceOptimisation ServicePersonalisation ServiceProvision ServiceRegistration ServiceUsageAnalytics
        SocialMediaMarketing TargetedAdvertising TechnicalServiceProvision UserInterfacePersonalisation VendorManagement
        VendorPayment VendorRecordsManagement VendorSelectionAssessment Verification
        """

    /// Legal bases in general.
    static let bases = """
        B2B2CContract B2BContract B2CContract C2BContract C2CContract Consent ConsumerStandardFormContract Contract
        ContractByDomain ContractByEntityType ContractByNegotiationType ContractPerformance
        ControllerDataSubjectAgreement ControllerProcessorAgreement DataControllerContract DataProcessingAgreement
        DataProcessorContract DataSubjectContract DataTransferLegalBasis DistributionAgreement EULA EmploymentContract
        EnterIntoContract ExplicitlyExpressedConsent ExpressedConsent G2BContract G2CContract G2GContract ImpliedConsent
        InformedConsent JointDataControllersAgreement LegalObligation LegitimateInterest LegitimateInterestOfController
        LegitimateInterestOfDataSubject LegitimateInterestOfThirdParty LicenseAgreement NegotiatedContract
        OfficialAuthorityOfController ProviderStandardFormContract PublicInterest ServiceLevelAgreement
        StandardFormContract SubProcessorAgreement ThirdPartyAgreement ThirdPartyContract UninformedConsent
        VitalInterest VitalInterestOfDataSubject VitalInterestOfNaturalPerson
        """

    /// Legal bases of Articles 6 and 9.
    static let articleBases = """
        A6-1-a A6-1-a-explicit-consent A6-1-a-non-explicit-consent A6-1-b A6-1-b-contract-performance
        A6-1-b-enter-into-contract A6-1-c A6-1-d A6-1-d-data-subject A6-1-d-natural-person A6-1-e
        A6-1-e-official-authority A6-1-e-public-interest A6-1-f A6-1-f-controller A6-1-f-third-party A9-2-a A9-2-b
        A9-2-c A9-2-d A9-2-e A9-2-f A9-2-g A9-2-h A9-2-i A9-2-j
        """

    /// What covers a transfer out of the EEA, Articles 45 to 49.
    static let transferTools = """
        A45-3 A46-2-a A46-2-b A46-2-c A46-2-d A46-2-e A46-2-f A46-3-a A46-3-b A49-1-a A49-1-b A49-1-c A49-1-d A49-1-e
        A49-1-f A49-1-g A49-2
        """

    /// Rights of the data subject.
    static let rights = """
        A13 A14 A15 A16 A17 A18 A19 A20 A21 A22 A22-3-a A22-3-b A22-3-c A7-3 A77 A78 A79
        """

    /// Why a right is refused, delayed or restricted, by article.
    static let articleJustifications = """
        DataBreachJustification JustificationA12Complexity JustificationA12Delay JustificationA12HighVolume
        JustificationA12IdentityFailure JustificationA12IdentityRequired JustificationA12InformationRequired
        JustificationA12LackOfIntent JustificationA12MaliciousIntent JustificationA12ManifestlyExcessive
        JustificationA12ManifestlyUnfounded JustificationA13EntityAlreadyInformed
        JustificationA14ConfidentialityCompromised JustificationA14DisproportionateEffort
        JustificationA14EntityAlreadyInformed JustificationA14FulfilmentImpossible JustificationA14LegallyExempted
        JustificationA14ObjectivesImpaired JustificationA17Archiving JustificationA17ChildData
        JustificationA17FreedomOfExpression JustificationA17LegalClaims JustificationA17LegalErasure
        JustificationA17LegallyRequired JustificationA17NoLegalBasis JustificationA17NonNecessity
        JustificationA17ObjectA21 JustificationA17OfficialAuthority JustificationA17PublicHealth
        JustificationA17PublicInterest JustificationA17UnlawfulProcessing JustificationA33BreachedDataIneffective
        JustificationA33DisproportionateEffort JustificationA33NotificationDelay JustificationA33RiskMitigated
        JustificationA33RiskUnlikely
        """

    /// Categories of personal data.
    static let categories = """
        Accent AccountIdentifier Acquaintance Age AgeExact AgeRange ApartmentOwned Association Attitude Authenticating
        AuthenticationHistory BankAccount Behavioural Biometric BirthCountry BirthDate BirthPlace BloodType
        BrowserFingerprint BrowserHistory BrowsingBehaviour BrowsingReferral CallLog CarOwned Character Citizenship City
        Communication CommunicationsMetadata Connection Contact Country Credit CreditCapacity CreditCardNumber
        CreditRecord CreditScore CreditStanding CreditWorthiness Criminal CriminalCharge CriminalConviction
        CriminalOffence CriminalPardon CurrentEmployment CurrentLocation DNACode Demeanour Demographic
        DeviceApplications DeviceBased DeviceOperatingSystem DeviceSoftware Dialect DigitalFingerprint Disability
        DisciplinaryAction Dislike Divorce Domicile DrugTestResult Education EducationExperience EducationQualification
        EducationTraining EmailAddress EmailAddressPersonal EmailAddressWork EmailContent Emotion EmploymentHistory
        EthnicOrigin Ethnicity External FacialExpression FacialPrint Family FamilyHealthHistory FamilyStructure
        Favourite FavouriteColour FavouriteFood FavouriteMusic Fetish Financial FinancialAccount FinancialAccountNumber
        FinancialStatus Fingerprint Friend GPSCoordinate Gender GeneralReputation Genetic Geographic GroupMembership
        GroupProfile HairColour Health HealthHistory HealthRecord Height Historical HomeLocation HouseNumber HouseOwned
        Household IPAddress Identifier Identifying Income IncomeBracket IndividualHealthHistory IndividualProfile
        Insurance Intention Interaction Interest Internal Job KnowledgeBelief Language LifeHistory Like LinkClicked
        LoanRecord Locality Location MACAddress MaritalStatus Marriage MedicalHealth MentalHealth Mood Name Nationality
        OfficialID Offspring Opinion Ownership PINCode Parent Passport Password PastEmployment PaymentCard
        PaymentCardExpiry PaymentCardNumber PerformanceAtWork PersonalDocuments PersonalPossession Personality
        PhilosophicalBelief PhysicalAddress PhysicalCharacteristic PhysicalHealth PhysicalTrait Picture Piercing
        PoliticalAffiliation PoliticalOpinion PostalCode Preference Prescription PrivacyPreference Proclivity
        Professional ProfessionalCertification ProfessionalEvaluation ProfessionalExperience ProfessionalInterview
        ProfessionalTraining Profile PublicLife PubliclyAvailableSocialMedia Purchase PurchasesAndSpendingHabit Race
        Reference Region Relationship Reliability Religion ReligiousBelief Residency Retina RoomNumber Salary Sale
        School SecretText ServiceConsumptionBehaviour Sexual SexualHistory SexualPreference Sibling SkinTone Social
        SocialBehaviour SocialMedia SocialMediaCommunication SocialNetwork SocialStatus Street TVViewingBehaviour Tattoo
        Tax TechnicalKnowledge TelephoneNumber Thought Tracking TradeUnionMembership Transaction Transactional
        TravelHistory UID UserAgent Username VehicalLicenseNumber VehicalLicenseRegistration Vehicle VehicleLicense
        VehicleUsage VoiceCommunicationRecording VoiceMail Vulnerability Weight WorkEnvironment WorkExperience
        WorkHistory WorkLocation
        """

    /// Why a right is refused, delayed or restricted.
    static let justifications = """
        CivilLawEnforcementImpaired ComplexityOfProcess ConfidentialityObligationCompromised ConsentProvided
        ContestAccuracy ContractEstablishmentNecessity ContractPerformanceNecessity CrimeDetectionImpaired
        CrimeInvestigationImpaired CrimePenaltyExecutionImpaired CrimePreventionImpaired CrimeProsecutionImpaired
        DataSubjectProtectionImpaired DefenceImpaired DelayJustification DisproportionateEffortRequired
        EntityAlreadyInformed EthicsBreachDetectionImpaired EthicsBreachInvestigationImpaired
        EthicsBreachPreventionImpaired EthicsBreachProsecutionImpaired EthicsProcedureImpaired ExerciseJustification
        FreedomOfExpressionImpaired FulfilmentImpossible HighVolumeOfProcesses IdentityVerificationFailure
        IdentityVerificationRequired InformationRequired InformationSocietyServicesOffer JudicialProceedingsImpaired
        LackOfIntent LegalClaimDefenceImpaired LegalClaimEstablishmentImpaired LegalClaimExerciseImpaired
        LegalClaimImpaired LegalObligation LegalObligationImpaired LegalProcessImpaired LegalityLackingObjection
        LegallyExempted LegitimateInterestOverride NationalSecurityImpaired NonFulfilmentJustification
        NonNecessityObjection NotRequiredJustification Objection ObjectivesImpaired OfficialAuthorityExerciseImpaired
        OfficialStatisticsImpaired ProcessExcessive ProcessFrivolous ProcessMalicious ProcessRejected ProcessSafeguarded
        ProcessUnfounded PublicHealthCompromised PublicInterestArchivingImpaired PublicInterestCompromised
        PublicSecurityImpaired RightsFreedomsImpactUnlikely RiskMitigated ScientificHistoricalResearchImpaired
        SecurityImpaired ThirdPartyRightsImpaired UnlawfulActivityObjection
        """
}
