/// An answer that is not a success.
struct ShoplineRefusal: Error {
    let status: Int
    let text: String

    static let token = ShoplineRefusal(status: 401, text: "ACCESS_TOKEN is invalid!")
    static let scope = ShoplineRefusal(status: 403, text: "ACCESS_TOKEN is no permission!")
    static let rate = ShoplineRefusal(status: 429, text: "Too many request")
    static let page = ShoplineRefusal(status: 400, text: "page_info is invalid")

    static func parameter(_ text: String) -> ShoplineRefusal { ShoplineRefusal(status: 400, text: text) }
    static func missing(_ text: String) -> ShoplineRefusal {
        ShoplineRefusal(status: 404, text: "Resource not found: " + text)
    }
}
