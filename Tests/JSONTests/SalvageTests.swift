import JSON
import Testing

struct SalvageTests {
    private func salvage(_ text: String, _ names: String...) -> [String: String] {
        RecordScanner.salvage(Array(text.utf8), names: names)
    }

    @Test(arguments: [
        (#"{"token":"new","data":[{"#, "new"), (#"{"data":[1,2,{"token":"inner"}],"token" : "new""#, "new"),
        (#"{"token":"old","token":"new","#, "new"), (#"<html>{"token":"new"}"#, "new"),
        (#"{"\u0074oken":"n\u0065w"#, nil), (#"{"\u0074oken":"n\u0065w""#, "new"), (#"{"token":"""#, nil),
        (#"{"token":"new"#, nil), (#"{"token":"new\"#, nil), (#"{"token":"new\""#, nil),
        (#"{"token":5,"#, nil),
        (#"{"token":null,"x":"new"}"#, nil), (#"{"token""new"}"#, nil), (#"{"a":{"token":"new"}}"#, nil),
        (#"["token","new"]"#, nil), (#"{"a":"\"token\":\"new\"","#, nil),
        (#"{"a":"token","token":"new","#, "new"),
        (#"{"token":"n\x","#, nil), (#"}}]{"token":"new","#, "new"), ("", nil), ("\"", nil), ("{\"", nil),
        (#"{"data":[{"x":[}],"token":"new"}"#, "new"), (#"{"x":"a"b","token":"new"}"#, "new"),
        (#"{"bad":tru,,"token":"new"]"#, "new"), (#"{"token":"#, nil), (#"{"token"  "#, nil),
    ])
    func `only whole strings of the outermost object are found`(text: String, token: String?) {
        #expect(salvage(text, "token")["token"] == token)
    }

    @Test func `several names are found in one go`() {
        #expect(salvage(#"{"a":"1","b":"2","c":"3"#, "a", "b", "c", "d") == ["a": "1", "b": "2"])
    }

    @Test func `invalid bytes elsewhere do not matter, in the value they do`() {
        let bytes = Array(#"{"x":""#.utf8) + [0xFF, 0, 0x22, 0x2C] + Array(#""token":"new","bad":""#.utf8)
        let found = RecordScanner.salvage(bytes + [0xFF, 0x22, 0x7D], names: ["token", "bad"])
        #expect(found == ["token": "new"])
    }
}
