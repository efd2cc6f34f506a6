import Sync

/// The fields of SHOPLINE's entities. Ids and money are decimal texts with every digit.
extension Shopline {
    static let storeColumns: [Column] =
        Column.all(.exact, "id merchant_id")
        + Column.all(.text, "name domain currency location_country_code iana_timezone language email customer_email standard_logo")
        + [.integer("biz_store_status"), .json("sales_channels")]

    static let locationColumns: [Column] =
        Column.all(.exact, "id") + Column.all(.text, "name") + Column.all(.boolean, "active is_default legacy")
        + Column.all(.text, "address1 address2 city province province_code country country_code zip phone phone_code")

    static let productColumns: [Column] =
        Column.all(.exact, "id")
        + Column.all(.text, "title handle subtitle status vendor spu product_type product_category published_scope path")
        + Column.all(.text, "template_path tags body_html") + Column.all(.json, "image images options variants")
        + [.time("published_at")]

    static let orderColumns: [Column] =
        Column.all(.exact, "id store_id checkout_id user_id")
        + Column.all(.text, "name status financial_status fulfillment_status order_source currency presentment_currency")
        + Column.all(.boolean, "hidden_order taxes_included")
        + Column.all(.exact, "current_total_price current_subtotal_price current_total_tax current_total_discounts")
        + Column.all(.exact, "subtotal_price total_tax total_discounts total_line_items_price total_outstanding")
        + Column.all(.exact, "total_tip_received total_weight")
        + Column.all(.time, "order_at processed_at cancelled_at")
        + Column.all(.text, "cancel_reason email phone note buyer_note tags po_number cart_token")
        + [.exact("customer_id", at: "customer.id"), .text("customer_email", at: "customer.email")]
        + Column.all(.json, "customer billing_address shipping_address line_items shipping_lines fulfillments refunds")
        + Column.all(.json, "tax_lines discount_codes discount_applications note_attributes payment_details locations")
}
