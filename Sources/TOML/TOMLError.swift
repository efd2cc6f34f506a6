/// One mistake in a TOML file.
package struct TOMLError: Error, Hashable, Sendable {
    package var position: TOMLPosition
    /// What is wrong and what is allowed, as "wrong; allowed", without a period.
    ///
    /// It names keys, but never repeats a value: a value may be a secret.
    package var problem: String

    package init(position: TOMLPosition, problem: String) {
        self.position = position
        self.problem = problem
    }

    init(_ problem: TOMLProblem, at position: TOMLPosition) {
        self.init(position: position, problem: problem.text)
    }
}
