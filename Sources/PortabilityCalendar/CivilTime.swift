/// A moment as RFC 3339 UTC, without Foundation's formatters, so that neither locale nor time zone matters.
package func rfc3339(_ seconds: Int64) -> String {
    let (date, rest) = (seconds.flooredQuotient(86_400), seconds.flooredRemainder(86_400))
    return "\(civilDate(date))T\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))Z"
}

/// The date of a day counted from 1970-01-01 (proleptic Gregorian).
package func civilDate(_ day: Int64) -> String {
    // Days are counted from 0000-03-01, so that the leap day ends the year; 146 097 days make 400 years.
    let shifted = day + 719_468
    let era = shifted.flooredQuotient(146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    var text = String(year)
    while text.utf8.count < 4 { text = "0" + text }
    return "\(text)-\(two(month))-\(two(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1))"
}

private func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : String(number) }

extension Int64 {
    fileprivate func flooredQuotient(_ divisor: Int64) -> Int64 {
        self / divisor - (self % divisor < 0 ? 1 : 0)
    }
    fileprivate func flooredRemainder(_ divisor: Int64) -> Int64 { self - flooredQuotient(divisor) * divisor }
}
