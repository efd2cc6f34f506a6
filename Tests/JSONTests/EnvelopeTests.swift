import JSON
import Testing

struct EnvelopeTests {
    private func envelope(
        _ text: String, _ paths: [String]..., records: [String]? = ["data"],
        form: PageLayout.RecordsForm = .array, drop: [String] = []
    ) throws -> [JSONScalar?] {
        let layout = PageLayout(
            records: records, form: form, drop: try drop.map { try JSONPath($0) }, envelope: paths)
        let page = try RecordScanner.scan(Array(text.utf8), layout: layout)
        return paths.indices.map { page.envelope($0) }
    }

    @Test func `scalars are captured as they stand`() throws {
        let text = #"""
            {"s":"a\u00e9\"\ud83d\ude00","n":1.10,"big":123456789012345678901,"t":true,"f":false,"z":null,"data":[],
             "a":{"b":{"c":"deep"}}}
            """#
        let found = try envelope(
            text, ["s"], ["n"], ["big"], ["t"], ["f"], ["z"], ["a", "b", "c"], ["a", "x"], ["none"],
            ["s", "x"])
        #expect(
            found == [
                .string("aé\"😀"), .number("1.10"), .number("123456789012345678901"), .boolean(true),
                .boolean(false),
                .null, .string("deep"), nil, nil, nil,
            ])
    }

    @Test func `the last of several members counts, and a path may be asked for twice`() throws {
        let text = #"{"t":"a","data":[],"\u0074":"b"}"#
        #expect(try envelope(text, ["t"], ["t"]) == [.string("b"), .string("b")])
    }

    @Test func `a container is captured without insignificant whitespace`() throws {
        let text = #"{ "p" : { "total" : 5 , "next" : [ "a \" b" , { } ] } , "data" : [ ] }"#
        let found = try envelope(text, ["p"], ["p", "total"], ["data"])
        #expect(
            found == [.container(#"{"total":5,"next":["a \" b",{}]}"#), .number("5"), .container("[]")])
    }

    @Test func `a container around the records is captured as it is kept`() throws {
        let text = #"{ "d" : { "users" : [ { "id" : 1 , "x" : 2 } , { "x" : 3 } ] , "n" : 2 } }"#
        let found = try envelope(text, ["d"], ["d", "n"], records: ["d", "users"], drop: ["$.x"])
        #expect(found == [.container(#"{"users":[{"id":1},{}],"n":2}"#), .number("2")])
    }

    @Test func `values inside a single record can be captured as well`() throws {
        let text = #"{ "data" : { "x" : 1 , "p" : { "q" : [ 1 , 2 ] , "x" : 3 } , "n" : 2 } }"#
        let found = try envelope(
            text, ["data", "p"], ["data", "n"], ["data"], form: .object, drop: ["$.x", "$.p.x"])
        #expect(
            found == [.container(#"{"q":[1,2]}"#), .number("2"), .container(#"{"p":{"q":[1,2]},"n":2}"#)])
    }

    @Test func `a layout without records takes any document`() throws {
        #expect(try envelope(#"{"data":null,"a":1}"#, ["a"], records: nil) == [.number("1")])
        #expect(try envelope(" 5 ", ["a"], [], records: nil) == [nil, .number("5")])
    }

    @Test(arguments: [
        (#"{"token":"new","data":[{"id":1},{"id":null}]}"#, JSONError.Kind.badKey),
        (#"{"data":[{"id":1},{"id":null}],"token":"new"}"#, .badKey),
        (#"{"data":[5],"token":"new"}"#, .recordNotAnObject),
        (#"{"data":[{"id":1},[{"id":1}]],"token":"new"}"#, .recordNotAnObject),
        (#"{"data":[{"id":"123456789012345678901234567890"}],"token":"new"}"#, .recordTooLarge),
        (#"{"data":null,"token":"new"}"#, .recordsNotAList),
        (#"{"data":{"id":1},"token":"new"}"#, .recordsNotAList),
        (#"{"data":[{"id":1}],"token":"new","data":[{"id":1}]}"#, .recordsNotAList),
        (#"{"result":"error","token":"new"}"#, .recordsMissing),
    ])
    func `a refusal of the records brings the whole envelope along`(page: String, kind: JSONError.Kind) {
        let error = refusal(page, envelope: [["token"], ["absent"]], maximumRecordBytes: 30)
        #expect(error?.kind == kind)
        #expect(error?.offset == nil)
        #expect(error?.envelope == [.string("new"), nil])
    }

    @Test(arguments: [
        (#"{"a":[]}"#, "the member 'data.users' is missing"),
        (#"{"data":null}"#, "the member 'data.users' is missing"),
        (#"{"data":[{"users":[]}]}"#, "the member 'data.users' is missing"),
        (#"{"data":{"users":null}}"#, "the member 'data.users' is null, which holds no records"),
        (#"{"data":{"users":"x"}}"#, "the member 'data.users' is a string, which holds no records"),
        (#"{"data":{"users":[]},"data":{"users":[]}}"#, "the member 'data.users' stands twice"),
        (#"{"data":{"users":[{},5]}}"#, "record 2 is a number, not an object"),
        ("[]", "the member 'data.users' is missing"), ("null", "the member 'data.users' is missing"),
    ])
    func `a page without its records is never an empty page`(page: String, problem: String) {
        #expect(refusal(page, records: ["data", "users"], key: [])?.problem == problem)
    }

    @Test func `the form decides what may hold the records`() {
        #expect(refusal(#"{"data":[]}"#, form: .object)?.kind == .recordsNotAList)
        #expect(refusal(#"{"data":"x"}"#, form: .arrayOrObject)?.kind == .recordsNotAList)
        #expect(
            refusal("[]", records: [], form: .object)?.problem
                == "the document is a list, which holds no records")
    }

    @Test func `the first refusal is told`() {
        let error = refusal(#"{"data":[{"id":null},{"id":1.5},7]}"#)
        #expect(error?.problem == "the key 'id' of record 1 is null")
    }

    @Test func `the size of a record is measured as it is kept`() throws {
        let page = #"{"data":[ { "id" : 1 , "x" : "0123456789" , "y" : "abc" } ]}"#
        let drop = [try JSONPath("$.x")]
        #expect(refusal(page, drop: drop, maximumRecordBytes: 18) == nil)
        let error = refusal(page, drop: drop, maximumRecordBytes: 17)
        #expect(error?.problem == "record 1 has 18 bytes, more than 17")
    }

    @Test func `a broken text brings along what was read and what can be salvaged`() {
        let page = #"{"token":"new","data":[{"id":1 , "t":01}],"refresh":"later","n":5,"x":{"token":"no"}}"#
        let error = refusal(page, envelope: [["token"], ["refresh"], ["n"], ["x", "token"]])
        #expect(error?.kind == .syntax)
        #expect(error?.offset == 38)
        #expect(error?.envelope == [.string("new"), .string("later"), nil, nil])
    }
}
