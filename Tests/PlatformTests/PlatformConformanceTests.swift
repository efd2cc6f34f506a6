import Platforms
import Testing

@testable import Sync

/// What every registered platform and resource must hold to.
struct PlatformConformanceTests {
    @Test(arguments: exercisedPlatforms)
    func `names of resources are unique and plain`(platform: Platform) {
        let names = platform.resources.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0 == SQLName.identifier($0).lowercased() })
        #expect(platform.defaultCount > 0 && platform.defaultCount <= names.count)
    }

    @Test
    func `tables, views and indexes of all platforms have different names`() {
        var names: [String] = []
        for example in ResourceCase.all {
            let view = MirrorSchema.view(of: example.resource, on: example.platform)
            names += [view, "\(view)_data", "\(view)_feed"]
            names += example.resource.lists.map { "\(example.platform.tablePrefix)_\($0.name)" }
            names += example.resource.history.map { ["\(example.platform.tablePrefix)_\($0.name)"] } ?? []
        }
        #expect(Set(names).count == names.count)
    }

    @Test(arguments: ResourceCase.all)
    func `a key is shown as the id, and the parts of a composite one as columns too`(example: ResourceCase) {
        let paths = example.resource.columns.map(\.path)
        #expect(!example.resource.key.isEmpty)
        #expect(example.resource.key.count == 1 || example.resource.key.allSatisfy { paths.contains($0) })
        #expect(Set(example.resource.key).count == example.resource.key.count)
    }

    @Test(arguments: ResourceCase.all)
    func `no two columns of a view have one name`(example: ResourceCase) {
        let own = MirrorSchema.ownColumns.subtracting(["row"])
        let names = MirrorSchema.columns(of: example.resource).map { $0.name.lowercased() }
        #expect(Set(names).count == names.count)
        #expect(own.isDisjoint(with: names))
        for list in example.resource.lists {
            let names = MirrorSchema.columns(of: list).map { $0.name.lowercased() }
            #expect(Set(names).count == names.count)
            #expect(Set(["connection", list.parent, "position", "deleted_at"]).isDisjoint(with: names))
        }
    }

    @Test(arguments: ResourceCase.all)
    func `a cursor asks by the time that is mirrored as the change`(example: ResourceCase) throws {
        guard let cursor = example.resource.cursor else { return }
        let updated = try #require(example.resource.updated)
        #expect(cursor.since.hasPrefix(updated))
        let until = try #require(cursor.until)
        #expect(until.hasPrefix(updated) && until != cursor.since)
    }

    @Test(arguments: ResourceCase.all)
    func `key, times and personal data are asked for where fields must be named`(example: ResourceCase) {
        let paths = Set(example.resource.columns.map(\.path))
        if case .required = example.resource.fields {
            let needed =
                example.resource.key + [example.resource.updated, example.resource.created].compactMap { $0 }
            #expect(paths.isSuperset(of: needed))
        }
        #expect(paths.isSuperset(of: example.resource.personal))
        #expect(example.resource.personal.isDisjoint(with: example.resource.key))
    }

    @Test(arguments: ResourceCase.all)
    func `pages are within the platform's maximum`(example: ResourceCase) {
        #expect((1...example.resource.maximumLimit).contains(example.resource.limit))
        if case .identifiers(_, let source, _, let batch) = example.resource.pagination {
            let names = example.platform.resources.map(\.name)
            #expect((1...1000).contains(batch))
            let (own, other) = (names.firstIndex(of: example.resource.name), names.firstIndex(of: source))
            #expect(other != nil && (other ?? 0) < (own ?? 0), "the ids' source must be pulled first")
        }
        #expect(!example.resource.passes.isEmpty)
    }
}
