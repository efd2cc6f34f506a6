import TOML

/// Reads how a listing goes on: `pages = { kind = "page", page = "page", size = "per_page", total = "total" }`.
struct PagesReader {
    private static let kinds = ["none", "link", "cursor", "page", "offset"]

    let problems: TableReader.Problems

    /// - Returns: nil where nothing is said, or something wrong.
    func pages(_ table: inout TableReader) -> Pagination? {
        guard var pages = table.table("pages") else { return nil }
        let known = Self.kinds.joined(separator: ", ")
        guard let kind = pages.text("kind") else {
            if !pages.has("kind") {
                problems.add(pages.position, "'pages' lacks 'kind'; allowed are \(known)")
            }
            return nil
        }
        let before = problems.all.count
        let found: Pagination?
        switch kind {
        case "none": found = .single
        case "link": found = .linkHeader(limit: name(&pages, "limit"))
        case "cursor": found = cursor(&pages)
        case "page":
            found = name(&pages, "page", isNeeded: true).map { page in
                .pageNumber(
                    page: page, size: name(&pages, "size"), total: path(&pages, "total"),
                    pages: path(&pages, "pages"))
            }
        case "offset":
            let offset = name(&pages, "offset", isNeeded: true)
            let limit = name(&pages, "limit", isNeeded: true)
            let total = path(&pages, "total")
            found = offset.map { .offset(limit: limit ?? "", offset: $0, total: total) }
        default:
            problems.add(
                pages.table["kind"]?.item.position ?? pages.position,
                "'kind' is \"\(kind)\"; \(Nearest.hint(to: kind, among: Self.kinds))")
            return nil
        }
        pages.finish()
        return problems.all.count == before ? found : nil
    }

    private func cursor(_ pages: inout TableReader) -> Pagination? {
        let cursor = BodyCursor(
            parameter: name(&pages, "cursor", isNeeded: true) ?? "", limit: name(&pages, "limit"),
            next: path(&pages, "next"), more: path(&pages, "more"))
        if cursor.next == nil, cursor.more == nil {
            problems.add(
                pages.position,
                "'pages' says neither 'next', the member with the mark of the next page, nor 'more', the member that"
                    + " says whether there is one")
        }
        return .cursor(cursor)
    }

    /// A parameter's name.
    private func name(_ pages: inout TableReader, _ key: String, isNeeded: Bool = false) -> String? {
        guard let text = pages.text(key) else {
            if isNeeded, !pages.has(key) {
                problems.add(pages.position, "'pages' lacks '\(key)', the parameter's name")
            }
            return nil
        }
        guard Self.isParameter(text) else {
            problems.add(
                pages.table[key]?.item.position ?? pages.position,
                "the parameter '\(text)' cannot be used; allowed are letters, digits and any of _-.[]")
            return nil
        }
        return text
    }

    /// A dotted path of the answer.
    private func path(_ pages: inout TableReader, _ key: String) -> [String]? {
        guard let text = pages.text(key) else { return nil }
        guard CustomReader.isFieldName(text) else {
            problems.add(
                pages.table[key]?.item.position ?? pages.position, CustomReader.unusableField(text))
            return nil
        }
        return text.path
    }

    static func isParameter(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 100
            && text.utf8.allSatisfy { $0.isASCIILetterOrDigit || "_-.[]".utf8.contains($0) }
    }
}
