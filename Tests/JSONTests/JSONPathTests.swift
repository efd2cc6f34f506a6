import JSON
import Testing

struct JSONPathTests {
    @Test(arguments: [
        ("$.customer.email", "$.customer.email"),
        ("$.line_items[*].properties", "$.line_items[*].properties"),
        ("$['odd name']", "$['odd name']"), (#"$["x"]"#, "$.x"), (#"$["it's"].y"#, #"$['it\'s'].y"#),
        (#"$['a\\b\'']"#, #"$['a\\b\'']"#), ("$[*][*].a", "$[*][*].a"), ("$.顧客.é-1", "$.顧客.é-1"),
        ("$['']", "$['']"), ("$['*']", "$['*']"), (#"$['"']"#, #"$['"']"#),
    ])
    func `a path has one canonical form`(text: String, canonical: String) throws {
        let path = try JSONPath(text)
        #expect(path.description == canonical)
        #expect(try JSONPath(path.description) == path)
    }

    @Test func `components are names and elements`() throws {
        let path = try JSONPath(#"$.a['b c'][*]["d"]"#)
        #expect(path.components == [.member("a"), .member("b c"), .everyElement, .member("d")])
    }

    @Test(arguments: [
        ("", "'' is no path: it does not start with '$'"),
        ("a.b", "'a.b' is no path: it does not start with '$'"),
        ("$", "'$' is no path: it names nothing below '$'"),
        ("$.", "'$.' is no path: a name is missing after '.'"),
        ("$..a", "'$..a' is no path: a name is missing after '.'"),
        ("$.a[0]", "'$.a[0]' is no path: single elements cannot be chosen"),
        ("$.a.*", "'$.a.*' is no path: a name is missing after '.'"),
        ("$a", "'$a' is no path: 'a' stands where '.' or '[' is expected"),
        ("$.a b", "'$.a b' is no path: ' ' stands where '.' or '[' is expected"),
        ("$[a]", "'$[a]' is no path: '[' is followed by neither '*' nor a quoted name"),
        ("$[", "'$[' is no path: '[' is followed by neither '*' nor a quoted name"),
        ("$[*", "'$[*' is no path: ']' is missing"),
        ("$['a", "'$['a' is no path: a quoted name is not closed"),
        (#"$['a\"#, #"'$['a\' is no path: a quoted name is not closed"#),
        ("$['a'", "'$['a'' is no path: ']' is missing"),
    ])
    func `a bad path is refused with the reason and what is allowed`(text: String, problem: String) {
        do throws(JSONPathError) {
            _ = try JSONPath(text)
            Issue.record("accepted")
        } catch {
            #expect(error.problem == problem)
            #expect(error.description == problem + "; allowed is " + JSONPathError.allowed)
        }
    }
}
