import Platforms
import Sync

/// Every platform that the tests take: the registered ones, and CONTRIBUTING's example.
let exercisedPlatforms: [Platform] = platforms + [Acme.platform]
