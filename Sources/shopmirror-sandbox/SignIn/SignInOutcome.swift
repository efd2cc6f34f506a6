/// What comes of opening a sign-in address.
enum SignInOutcome {
    /// The browser is sent on, normally to the callback.
    case redirect(String)
    /// The page shows a reason instead.
    case refused(String)
}
