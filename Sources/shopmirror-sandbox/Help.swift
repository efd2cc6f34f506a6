/// The text of `--help`.
enum Help {
    static let text = "TODO\n"
}
