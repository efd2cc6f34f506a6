import Sync

/// The fields of SHOPLINE's entities; ids and money are decimal texts with every digit.
extension Shopline {
    static let storeColumns: [Column] =
        Column.all(.exact, "id merchant_id")
        + Column.all(
            .text,
            """
            name domain currency location_country_code iana_timezone language email customer_email
            standard_logo
            """)
        + [
            Column(
                "biz_store_status", .integer, "1 to be activated, 2 open, 3 closed, 4 frozen, 5 deactivated"),
            .json("sales_channels"),
        ]

    static let currencyColumns: [Column] =
        [.text("currency"), .boolean("enabled"), .time("rate_update_at")]

    static let locationColumns: [Column] =
        [.exact("id"), .text("name")] + Column.all(.boolean, "active is_default legacy")
        + Column.all(
            .text, "address1 address2 city province province_code country country_code zip phone phone_code")

    static let productColumns: [Column] =
        [.exact("id")]
        + Column.all(
            .text,
            """
            title handle subtitle status vendor spu product_type product_category published_scope path
            template_path tags body_html
            """)
        + Column.all(.json, "image images options variants") + [.time("published_at")]

    static let variantColumns: [Column] =
        Column.all(.exact, "id inventory_item_id price compare_at_price weight")
        + Column.all(
            .text,
            """
            title sku barcode weight_unit inventory_policy option1 option2 option3 option4 option5
            """)
        + Column.all(.integer, "inventory_quantity position")
        + Column.all(.boolean, "inventory_tracker required_shipping taxable") + [.json("image")]

    static let customerColumns: [Column] =
        [.exact("id")]
        + Column.all(.text, "email phone first_name last_name nick_name tags note language gender birthday")
        + [Column("state", .integer, "0 blacklisted, 1 not invited, 2 invited, 3 registered")]
        + [.text("currency"), .integer("orders_count")] + Column.all(.exact, "total_spent last_order_id")
        + [.text("last_order_name"), .boolean("verified_email")]
        + Column.all(.json, "email_marketing_consent sms_marketing_consent default_address addresses")

    static let addressColumns: [Column] =
        [.exact("id")]
        + Column.all(
            .text,
            """
            first_name last_name name company address1 address2 city province province_code country
            country_code zip phone
            """)

    static let collectionColumns: [Column] =
        [.exact("id")]
        + Column.all(.text, "title handle body_html path sort_order template_path published_scope")
        + [.time("published_at")] + Column.all(.json, "image banner")

    static let collectColumns: [Column] =
        Column.all(.exact, "id product_id collection_id product_priority") + [.text("sort_value")]

    static let inventoryItemColumns: [Column] =
        Column.all(.exact, "id variant_id cost") + [.text("sku")]
        + Column.all(.boolean, "tracked required_shipping")

    static let inventoryLevelColumns: [Column] =
        Column.all(.exact, "inventory_item_id location_id variant_id") + [.integer("available")]

    static let webhookColumns: [Column] = [.exact("id")] + Column.all(.text, "topic address api_version")

    static let paymentColumns: [Column] =
        Column.all(.exact, "trade_order_id seller_order_id channel_deal_id merchant_id")
        + Column.all(.text, "transaction_type status sub_status dispute_type stage reason")
        + Column.all(.exact, "amount paid_amount fee stage_final_amount")
        + Column.all(.text, "currency fee_type payment_method sub_payment_method")
        + [.boolean("is_settled", at: "additional_data.is_settled")]
        + [.time("settle_time", at: "additional_data.settle_time")]
        + Column.all(.json, "exchange additional_data credit_card payment_msg")

    static let payoutColumns: [Column] =
        Column.all(.exact, "payout_transaction_no amount") + Column.all(.text, "currency status")
}
