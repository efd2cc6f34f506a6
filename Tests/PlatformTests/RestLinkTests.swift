import HTTP
import Sync
import Testing

/// Links to the next page are URI references: they lead to any path of the configured server, and nowhere else.
struct RestLinkTests {
    private let base = "https://api.example.com/v3/repos/octo-org/octo-repo/"

    private func walk(_ link: String) async throws -> (urls: [String], result: ResourceResult) {
        let job = Job()
        let results = try await job.run(config: RestSample.config(RestSample.issues)) { request in
            request.url.contains("per_page") && request.url.contains("state=all")
                ? RestSample.json(
                    "[\(RestSample.issue(1)),\(RestSample.issue(2))]", [("Link", "<\(link)>; rel=\"next\"")])
                : RestSample.json("[\(RestSample.issue(3))]", [("Link", "<?page=1>; rel=\"first\"")])
        }
        let result = try #require(results.first?.resources.first)
        return (job.requests.dropFirst().map(\.url), result)
    }

    @Test(arguments: [
        ("?page=2", "issues?page=2"),
        ("more?page=2", "more?page=2"),
        ("issues/page/2", "issues/page/2"),
        ("https://api.example.com/v3/repos/octo-org/octo-repo/issues?page=2", "issues?page=2"),
        ("https://API.example.com:443/v3/repos/octo-org/octo-repo/more?cursor=2", "more?cursor=2"),
        ("/v3/repos/octo-org/octo-repo/page/2", "page/2"),
    ])
    func `a link on the same server is followed as it stands`(link: String, target: String) async throws {
        let (urls, result) = try await walk(link)
        #expect(urls == [base + target])
        #expect(result.status == .succeeded && result.counts.inserted == 3 && result.isComplete == true)
    }

    @Test func `a link may lead beside base_url`() async throws {
        #expect(
            try await walk("/repositories/1/issues?page=2").urls == [
                "https://api.example.com/repositories/1/issues?page=2"
            ])
    }

    @Test(arguments: [
        ("http://api.example.com/v3/x?page=2", "goes on at another host (http://api.example.com)"),
        (
            "https://api.example.com:8443/v3/x?page=2",
            "goes on at another host (https://api.example.com:8443)"
        ),
        ("//evil.example.net/v3/x?page=2", "which is no address that can be followed"),
        ("../../secret?page=2", "which is no address that can be followed"),
        ("https://user@api.example.com/v3/x", "which is no address that can be followed"),
    ])
    func `any other link is refused, and nothing is marked deleted`(link: String, words: String) async throws
    {
        let (urls, result) = try await walk(link)
        #expect(urls == [])
        #expect(result.problem?.code == .malformedResponse)
        #expect(result.problem?.message.contains(words) == true, "\(result.problem?.message ?? "")")
        #expect(result.isComplete != true && result.counts.deleted == 0)
    }
}
