/// A moment as RFC 3339 UTC, without Foundation's formatters, so that neither locale nor time zone matters.
package func rfc3339(_ seconds: Int64) -> String {
    let day = Int(seconds).flooredQuotient(86_400)
    let rest = Int(seconds).flooredRemainder(86_400)
    return "\(civilDate(Int64(day)))T\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))Z"
}

/// The date of a day counted from 1970-01-01 (proleptic Gregorian).
package func civilDate(_ day: Int64) -> String { CivilDate(daysSince1970: day).description }
