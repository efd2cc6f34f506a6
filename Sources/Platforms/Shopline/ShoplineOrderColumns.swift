import Sync

/// The fields of orders, of the lists inside them, and of checkouts that never became one.
extension Shopline {
    static let orderColumns: [Column] =
        Column.all(.exact, "id store_id checkout_id user_id")
        + Column.all(
            .text,
            """
            name status financial_status fulfillment_status order_source currency presentment_currency
            """)
        + Column.all(.boolean, "hidden_order taxes_included")
        + Column.all(
            .exact,
            """
            current_total_price current_subtotal_price current_total_tax current_total_discounts
            subtotal_price total_tax total_discounts total_line_items_price total_outstanding
            total_tip_received total_weight
            """)
        + Column.all(.time, "order_at processed_at cancelled_at")
        + Column.all(.text, "cancel_reason email phone note buyer_note tags po_number cart_token")
        + [.exact("customer_id", at: "customer.id"), .text("customer_email", at: "customer.email")]
        + Column.all(
            .json,
            """
            customer billing_address shipping_address line_items shipping_lines fulfillments refunds
            tax_lines discount_codes discount_applications note_attributes payment_details locations
            current_total_price_set current_subtotal_price_set current_total_tax_set
            current_total_discounts_set
            """)

    static let lineItemColumns: [Column] =
        [Column("id", .exact, "unique within its order only")]
        + Column.all(.exact, "product_id variant_id location_id price")
        + Column.all(.text, "sku title variant_title fulfillment_status")
        + Column.all(.integer, "quantity fulfillable_quantity")
        + Column.all(.boolean, "gift_card requires_shipping taxable")
        + Column.all(.json, "tax_lines discount_allocations properties")

    static let fulfillmentColumns: [Column] =
        [.exact("id")]
        + Column.all(.text, "name status shipment_status tracking_company tracking_number tracking_url")
        + Column.all(.time, "created_at updated_at") + Column.all(.json, "line_items tracking_info_list")

    static let refundColumns: [Column] =
        Column.all(.exact, "id user_id") + [.text("note")] + Column.all(.time, "created_at processed_at")
        + Column.all(.json, "refund_line_items order_adjustments transactions")

    static let paymentDetailColumns: [Column] =
        Column.all(.exact, "pay_seq pay_channel_deal_id pay_amount settle_pay_amount")
        + Column.all(
            .text, "pay_channel pay_status gateway payment_method settle_currency status_code status_msg")
        + Column.all(.time, "create_time processed_at")

    static let abandonedColumns: [Column] =
        Column.all(.exact, "id user_id")
        + Column.all(
            .text,
            """
            checkout_token status recovery_status email phone note currency presentment_currency
            abandoned_checkout_url
            """)
        + Column.all(
            .exact,
            """
            total_price subtotal_price total_line_items_price total_discounts total_tax total_duties
            """)
        + Column.all(.time, "completed_at close_at")
        + Column.all(
            .json,
            """
            customer billing_address shipping_address line_items shipping_lines discount_codes
            note_attributes
            """)
}
