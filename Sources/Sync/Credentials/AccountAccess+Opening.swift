extension AccountAccess {
    /// Opens a connection's settings and secrets.
    ///
    /// - Throws: `Problem` with `config_invalid` that names what cannot be had.
    package init(opening connection: Connection, context: RunContext) throws(Problem) {
        var values: [String: String] = [:]
        for (name, value) in connection.settings {
            switch value {
            case .text(let text): values[name] = text
            case .flag(let flag): values[name] = flag ? "true" : "false"
            case .list(let list): values[name] = list.joined(separator: ",")
            case .secret(let source):
                do {
                    let secret = try source.open(key: name, environment: context.environment)
                    // Client ids and app keys are printed in sign-in URLs; they are names, not secrets.
                    if !["client_id", "app_key"].contains(name) { context.redactor.learn([secret]) }
                    values[name] = secret
                } catch {
                    throw error.of(connection.id)
                }
            }
        }
        self.init(
            connection: connection.id, baseURL: connection.baseURL, signInURL: connection.signInURL,
            values: values,
            timeoutSeconds: connection.run.timeoutSeconds, maximumResponse: connection.run.maxResponse)
    }
}
