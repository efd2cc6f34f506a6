/// What a config says of a platform that is not known beforehand: address, sign-in, resources.
package struct DeclaredPlatform: Sendable {
    /// The key of a connection that chooses between the variants: `auth`.
    package var key: String
    /// The platform by that key's value, with the settings and first tokens that this value needs.
    package var variants: [(name: String, platform: Platform)]
    /// What the settings of a connection make of its platform.
    package var adapt: @Sendable (Connection) -> Platform

    package init(
        chosenBy key: String, _ variants: [(name: String, platform: Platform)],
        adapt: @escaping @Sendable (Connection) -> Platform
    ) {
        self.key = key
        self.variants = variants
        self.adapt = adapt
    }
}

extension Platform {
    /// The platform of one connection: its tables carry the connection's name, since no other one shares them.
    func adapted(to connection: Connection) -> Platform {
        guard let declared else { return self }
        var platform = declared.adapt(connection)
        platform.tablePrefix = "\(SQLName.identifier(id))_\(SQLName.identifier(connection.id))"
        platform.declared = declared
        return platform
    }
}
