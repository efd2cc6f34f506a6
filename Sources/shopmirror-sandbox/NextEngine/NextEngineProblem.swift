/// An answer with `result` other than success.
enum NextEngineProblem: Error {
    case uidMissing
    case clientRejected
    case stateRejected
    case tokenMissing
    case superseded
    case refused
    case expired
    /// Expired and no refresh token sent.
    case browserNeeded
    case notPermitted
    case busy(code: String)
    /// A parameter that is not understood.
    case request(String)
    case fieldsMissing

    var code: String {
        switch self {
        case .uidMissing: "001001"
        case .clientRejected: "001003"
        case .stateRejected, .refused: "002003"
        case .tokenMissing: "002001"
        case .superseded: "002002"
        case .expired, .browserNeeded: "002004"
        case .notPermitted: "004001"
        case .busy(let code): code
        case .request: "001007"
        case .fieldsMissing: "001006"
        }
    }

    var message: String {
        switch self {
        case .uidMissing: "uidが指定されていません。"
        case .clientRejected: "client_secretが正しくありません。"
        case .stateRejected: "stateが無効、または期限切れです。"
        case .refused: "認証に失敗しました。"
        case .tokenMissing: "access_tokenが指定されていません。"
        case .superseded: "access_tokenが無効です。新しいトークンが発行されています。"
        case .expired, .browserNeeded: "トークンの有効期限が切れています。"
        case .notPermitted: "このAPIの利用が許可されていません。"
        case .busy: "メイン機能が混雑しています。しばらくしてから再度お試しください。"
        case .request(let parameter): "パラメータが不正です。[\(parameter)]"
        case .fieldsMissing: "fieldsが指定されていません。"
        }
    }
}
