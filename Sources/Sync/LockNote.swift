import Glibc
import JSON

/// What the holder of the mirror's lock writes into it, for whoever finds it held.
enum LockNote {
    /// - Parameters:
    ///   - run: The run id.
    ///   - startedAt: When it began.
    ///   - line: Where it is now.
    ///   - sign: Of the run before, where this one keeps nothing, its own run included.
    ///   - sound: How it left the mirror.
    /// - Returns: One line of JSON.
    static func text(
        run: String, startedAt: Timestamp, line: Progress.Line?, after sign: LastSign? = nil,
        sound: SoundMark? = nil
    ) -> String {
        var members: [(key: String, value: JSONValue)] = [
            (key: "pid", value: .int(Int(getpid()))), (key: "run", value: .string(run)),
            (key: "since", value: .string(startedAt.text)),
        ]
        if let line {
            members.append((key: "connection", value: .string(line.connection)))
            members.append((key: "resource", value: .string(line.resource)))
            members.append((key: "page", value: .int(line.page)))
        }
        if let sign {
            let last: JSONValue = .object([
                (key: "run", value: .string(sign.run)), (key: "at", value: .string(sign.at.text)),
            ])
            members.append((key: "last", value: last))
        }
        if let sound { members.append((key: "sound", value: sound.json)) }
        return JSONWriter.text(.object(members)) + "\n"
    }

    /// The last run that left its note in a lock which is ours now, when it was last heard of, and how it left the mirror.
    static func trace(in lock: FileLock) -> (sign: LastSign?, sound: SoundMark?) {
        let value = FileLock.note(at: lock.path).flatMap { try? JSONValue.parse(Array($0.utf8)) }
        if let last = value?["last"], let run = last["run"]?.stringValue,
            let at = last["at"]?.stringValue.flatMap({ Timestamp($0) })
        {
            return (LastSign(run: run, at: at), nil)
        }
        guard let run = value?["run"]?.stringValue, let at = lock.writtenAt else { return (nil, nil) }
        return (LastSign(run: run, at: at), SoundMark(value?["sound"]))
    }

    static func problem(_ note: String?, path: String, now: Timestamp) -> Problem {
        let value = note.flatMap { try? JSONValue.parse(Array($0.utf8)) }
        var who = "Another run"
        if let pid = value?["pid"]?.int64Value { who += " (pid \(pid))" }
        var message = "\(who) holds the lock \(path)"
        if let since = value?["since"]?.stringValue { message += " since \(since)" }
        if let connection = value?["connection"]?.stringValue, !connection.isEmpty {
            message += ", now at '\(connection)'"
            if let resource = value?["resource"]?.stringValue, !resource.isEmpty {
                message += ", \(resource)"
            }
            if let page = value?["page"]?.int64Value, page > 0 { message += ", page \(page)" }
        }
        return Problem(
            .locked, message + ". Nothing was done.",
            next:
                "Wait until it has ended (or use --wait), or stop that process if it hangs; the lock dies with it."
        )
    }
}
