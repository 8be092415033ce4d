public import PortabilityModel

/// The public holidays of a country, and with them its working days.
///
/// Regulation (EEC, Euratom) 1182/71 means by public holidays "all days designated as such in the Member State"
/// (Article 2(1)), and by working days all others but Saturdays and Sundays (Article 2(2)).
///
/// **Finland** (`FI`). Days off by statute: the church holidays of the Church Act (New Year's Day, Epiphany, Good
/// Friday, Easter Sunday and Monday, Ascension Day, Whit Sunday, Midsummer Day on the Saturday after 19 June, All
/// Saints' Day on the Saturday after 30 October, Christmas Day, St Stephen's Day), Independence Day (Act 388/1937) and
/// the first of May (Act 272/1944). Epiphany and Ascension Day stood on Saturdays from 1973 to 1990; the rules here
/// hold from 1992 on, which is before anything that this software counts.
///
/// **Midsummer Eve and Christmas Eve** are working days here. No statute makes them public holidays: they are free by
/// collective agreements, and the Act on the computation of statutory time limits (150/1930, section 5) treats them
/// as if they were, but for acts before Finnish courts and authorities, not for periods of Union law. The list of
/// non-working days "under Regulation 1182/71" that Finland gives on the European e-Justice Portal does name Midsummer
/// Eve (not Christmas Eve), so that a controller could argue for the Monday after it. Where two readings differ, this
/// type takes the one with the earlier date: an answer sent by it is in time by both. Whoever reads the list
/// otherwise adds the days as `extra`, from the list that the Official Journal prints for the year.
///
/// Other countries have only the days that are given as `extra`: their holidays change by region and by year.
public struct HolidayCalendar: Sendable {
    /// A day off with the name by which people know it.
    public struct Holiday: Hashable, Sendable {
        public var date: CivilDate
        public var name: LocalizedText

        public init(date: CivilDate, name: LocalizedText) {
            self.date = date
            self.name = name
        }
    }

    /// Why a day is not a working day.
    public enum DayOff: Hashable, Sendable {
        case saturday, sunday
        case holiday(LocalizedText)
    }

    /// Countries whose holidays are known by rule, ISO 3166-1 alpha-2.
    public static let countries = ["FI"]

    /// ISO 3166-1 alpha-2, or nil for none.
    public let country: String?
    /// Further days off, ascending, each once.
    public let extra: [CivilDate]

    private let extraDays: Set<CivilDate>

    /// The calendar of a country. With nil or a country that is not in ``countries``: Saturdays, Sundays and `extra`.
    public init(country: String?, extra: [CivilDate] = []) {
        self.country = country
        extraDays = Set(extra)
        self.extra = extraDays.sorted()
    }

    /// False if nothing but Saturdays and Sundays is known, so that a date may lie earlier than the law allows.
    public var knowsHolidays: Bool { !extra.isEmpty || country.map(Self.countries.contains) == true }

    /// The holiday on a day; also where it falls on a Saturday or Sunday.
    public func holiday(on date: CivilDate) -> Holiday? {
        if country == "FI", let name = Self.finnishHoliday(on: date) { return Holiday(date: date, name: name) }
        return extraDays.contains(date) ? Holiday(date: date, name: Self.extraName) : nil
    }

    /// The holidays of a year, ascending.
    public func holidays(in year: Int) -> [Holiday] {
        let first = CivilDate(unchecked: (year, 1, 1))
        return (0..<first.days(until: first.adding(years: 1))).compactMap { holiday(on: first.adding(days: $0)) }
    }

    /// Nil for a working day. A holiday on a weekend is named by its name.
    public func dayOff(_ date: CivilDate) -> DayOff? {
        if let holiday = holiday(on: date) { return .holiday(holiday.name) }
        switch date.weekday {
        case .saturday: return .saturday
        case .sunday: return .sunday
        default: return nil
        }
    }

    /// The day itself if it is a working day, else the first one after it.
    public func workingDay(onOrAfter date: CivilDate) -> CivilDate {
        var date = date
        while dayOff(date) != nil { date = date.adding(days: 1) }
        return date
    }

    /// The last of so many working days after a day; the day itself does not count. With 0: the day itself.
    public func adding(workingDays count: Int, to date: CivilDate) -> CivilDate {
        var date = date
        for _ in 0..<min(max(count, 0), 10_000) { date = workingDay(onOrAfter: date.adding(days: 1)) }
        return date
    }

    /// Easter Sunday by the Gregorian rule (the method of Butcher's Ecclesiastical Calendar, 1876).
    public static func easterSunday(in year: Int) -> CivilDate {
        let golden = year % 19
        let (century, yearOfCentury) = (year / 100, year % 100)
        let correction = (century - (century + 8) / 25 + 1) / 3
        let epact = (19 * golden + century - century / 4 - correction + 15) % 30
        let dominical = (32 + 2 * (century % 4) + 2 * (yearOfCentury / 4) - epact - yearOfCentury % 4) % 7
        let shift = (golden + 11 * epact + 22 * dominical) / 451
        let sum = epact + dominical - 7 * shift + 114
        return CivilDate(unchecked: (year, sum / 31, sum % 31 + 1))
    }

    private static func finnishHoliday(on date: CivilDate) -> LocalizedText? {
        switch (date.month, date.day) {
        case (1, 1): return LocalizedText(fi: "uudenvuodenpäivä", sv: "nyårsdagen", en: "New Year's Day")
        case (1, 6): return LocalizedText(fi: "loppiainen", sv: "trettondagen", en: "Epiphany")
        case (5, 1): return LocalizedText(fi: "vapunpäivä", sv: "första maj", en: "May Day")
        case (12, 6): return LocalizedText(fi: "itsenäisyyspäivä", sv: "självständighetsdagen", en: "Independence Day")
        case (12, 25): return LocalizedText(fi: "joulupäivä", sv: "juldagen", en: "Christmas Day")
        case (12, 26): return LocalizedText(fi: "tapaninpäivä", sv: "annandag jul", en: "St Stephen's Day")
        case (6, 20...26) where date.weekday == .saturday:
            return LocalizedText(fi: "juhannuspäivä", sv: "midsommardagen", en: "Midsummer Day")
        case (10, 31) where date.weekday == .saturday, (11, 1...6) where date.weekday == .saturday:
            return LocalizedText(fi: "pyhäinpäivä", sv: "alla helgons dag", en: "All Saints' Day")
        default: break
        }
        // Easter moves between 22 March and 25 April, so that all that depends on it lies in these months.
        guard (3...6).contains(date.month) else { return nil }
        switch easterSunday(in: date.year).days(until: date) {
        case -2: return LocalizedText(fi: "pitkäperjantai", sv: "långfredagen", en: "Good Friday")
        case 0: return LocalizedText(fi: "pääsiäispäivä", sv: "påskdagen", en: "Easter Sunday")
        case 1: return LocalizedText(fi: "toinen pääsiäispäivä", sv: "annandag påsk", en: "Easter Monday")
        case 39: return LocalizedText(fi: "helatorstai", sv: "Kristi himmelsfärdsdag", en: "Ascension Day")
        case 49: return LocalizedText(fi: "helluntaipäivä", sv: "pingstdagen", en: "Whit Sunday")
        default: return nil
        }
    }

    private static let extraName = LocalizedText(fi: "vapaapäivä", sv: "helgdag", en: "a public holiday")
}

extension HolidayCalendar.DayOff: CustomStringConvertible {
    /// In English.
    public var description: String {
        switch self {
        case .saturday: "a Saturday"
        case .sunday: "a Sunday"
        case .holiday(let name): name.en
        }
    }
}
