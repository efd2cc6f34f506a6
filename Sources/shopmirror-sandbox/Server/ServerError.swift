/// Why the server could not start.
enum ServerError: Error {
    case socket(call: String, code: Int32)
    case file(String, code: Int32)
}
