import Foundation
import TOML

/// A value as toml-test writes it in JSON: tables and arrays of `{"type": ..., "value": ...}`.
indirect enum TaggedValue: Decodable {
    case scalar(type: String, value: String)
    case array([TaggedValue])
    case table([String: TaggedValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let items = try? container.decode([TaggedValue].self) {
            self = .array(items)
        } else if let fields = try? container.decode([String: String].self), fields.count == 2,
            let type = fields["type"], let value = fields["value"]
        {
            self = .scalar(type: type, value: value)
        } else {
            self = .table(try container.decode([String: TaggedValue].self))
        }
    }

    /// The paths at which `found` is something else.
    func differences(from found: TOMLValue, at path: String) -> [String] {
        switch (self, found) {
        case (.array(let expected), .array(let items)):
            guard expected.count == items.count else { return ["\(path): \(items.count) items"] }
            return zip(expected, items).enumerated().flatMap { offset, pair in
                pair.0.differences(from: pair.1.value, at: "\(path)[\(offset)]")
            }
        case (.table(let expected), .table(let table)):
            let keys = Set(table.entries.map(\.key))
            guard keys == Set(expected.keys), keys.count == table.entries.count else {
                return ["\(path): \(keys)"]
            }
            return expected.flatMap { key, value in
                table[key].map { value.differences(from: $0.item.value, at: "\(path).\(key)") } ?? [
                    "\(path).\(key)"
                ]
            }
        case (.scalar(let type, let value), _):
            return Self.isEqual(type: type, value: value, found: found) ? [] : ["\(path): \(found)"]
        default:
            return ["\(path): \(found.typeName)"]
        }
    }

    private static func isEqual(type: String, value: String, found: TOMLValue) -> Bool {
        switch (type, found) {
        case ("string", .string(let text)): Array(text.utf8) == Array(value.utf8)
        case ("integer", .integer(let number)): Int64(value) == number
        case ("bool", .boolean(let flag)): value == "\(flag)"
        case ("float", .float(let number)): number.isNaN ? value == "nan" : Double(value) == number
        case ("datetime", .offsetDateTime(let time)): isEqual(value, time)
        case ("datetime-local", .localDateTime(let time)): isEqual(value, time)
        case ("date-local", .localDate(let time)): isEqual(value + "T00:00:00", time)
        case ("time-local", .localTime(let time)): isEqual("0000-00-00T" + value, time)
        default: false
        }
    }

    /// Compares the parts; the JSON writes them with leading zeros and "T", and "Z" for no offset.
    private static func isEqual(_ value: String, _ time: TOMLDateTime) -> Bool {
        let form = /(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?/
        guard let parts = value.wholeMatch(of: form)?.output else { return false }
        let fraction = (parts.7.map(String.init) ?? "").padding(toLength: 9, withPad: "0", startingAt: 0)
        let expected =
            [parts.1, parts.2, parts.3, parts.4, parts.5, parts.6].map { Int($0) } + [Int(fraction)]
        let found = [time.year, time.month, time.day, time.hour, time.minute, time.second, time.nanosecond]
        return expected == found.map(Optional.some) && offset(parts.8) == time.offsetMinutes
    }

    private static func offset(_ text: Substring?) -> Int? {
        guard let text else { return nil }
        guard text != "Z" else { return 0 }
        let minutes = text.dropFirst().split(separator: ":").compactMap { Int($0) }.reduce(0) { $0 * 60 + $1 }
        return text.hasPrefix("-") ? -minutes : minutes
    }
}
