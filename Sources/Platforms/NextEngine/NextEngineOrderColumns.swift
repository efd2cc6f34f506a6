import Sync

/// The fields of order slips and their rows.
extension NextEngine {
    private static let order = "receive_order"
    private static let row = "receive_order_row"

    static let orderColumns: [Column] =
        (all(.exact, order, "id shop_id") + all(.text, order, "shop_cut_form_id")
        + all(.time, order, "date import_date")
        + all(
            .text, order,
            """
            important_check_id/_name confirm_check_id/_name confirm_ids mail_status gruoping_tag
            import_type_id/_name cancel_type_id/_name
            """)
        + all(.time, order, "cancel_date")
        + all(.text, order, "order_status_id/_name delivery_id/_name payment_method_id/_name")
        + all(
            .exact, order,
            """
            total_amount tax_amount charge_amount delivery_fee_amount other_amount point_amount goods_amount
            deposit_amount
            """)
        + all(.time, order, "deposit_date") + all(.text, order, "deposit_type_id/_name note")
        + all(
            .time, order,
            """
            statement_delivery_instruct_printing_date statement_delivery_printing_date send_date
            label_print_date
            """)
        + all(.date, order, "send_plan_date hope_delivery_date")
        + all(
            .text, order,
            """
            statement_delivery_text send_sequence worker_text picking_instruct label_print_flag gift_flag
            hope_delivery_time_slot_id/_name delivery_method_id/_name seal1_id/_name seal2_id/_name
            seal3_id/_name seal4_id/_name business_office_stop_id/_name invoice_id/_name
            temperature_id/_name business_office_name delivery_cut_form_id delivery_cut_form_note
            credit_type_id/_name credit_approval_no
            """)
        + all(.exact, order, "credit_approval_amount credit_approval_rate")
        + all(
            .text, order,
            "credit_approval_type_id/_name credit_number_payments credit_authorization_center_id/_name")
        + all(.time, order, "credit_approval_date credit_approval_fax_printing_date")
        + all(
            .exact, order,
            """
            include_possible_order_id include_to_order_id multi_delivery_parent_order_id
            divide_from_order_id copy_from_order_id
            """)
        + all(.text, order, "multi_delivery_parent_flag") + persons
        + all(.exact, order, "important_check_pic_id pic_id send_pic_id deleted_flag reminder_count")
        + all(.time, order, "reminder_start_date reminder_last_date") + audit(order))
        .noting([
            "receive_order_shop_cut_form_id": "the shop's order number; can repeat",
            "receive_order_cancel_type_id": "0: a valid order",
            "receive_order_order_status_id": "50: shipped",
            "receive_order_confirm_ids": "check ids, `#` and a row: AO:AA#1",
            "receive_order_delivery_cut_form_id": "tracking number",
        ])

    private static let persons: [Column] = all(
        .text, order,
        """
        customer_type_id/_name customer_id purchaser_name purchaser_kana purchaser_zip_code
        purchaser_address1 purchaser_address2 purchaser_tel purchaser_fax purchaser_mail_address
        consignee_name consignee_kana consignee_zip_code consignee_address1 consignee_address2
        consignee_tel consignee_fax important_check_pic_name pic_name send_pic_name
        """)

    /// Fields of orders that name a person; asked for with `personal_data = true` only.
    static let orderPersons: Set<String> = Set(
        persons.map(\.name)
            + all(.text, order, "creator_name last_modified_by_name last_modified_by_null_safe_name").map(
                \.name))

    static let orderRowColumns: [Column] =
        (all(.exact, row, "receive_order_id no")
        + all(.text, row, "shop_cut_form_id shop_row_no goods_id goods_name goods_option")
        + all(
            .exact, row,
            """
            quantity unit_price received_time_first_cost tax_rate wholesale_retail_ratio sub_total_price
            """)
        + all(.exact, order, "include_from_order_id include_from_row_no") + all(.text, row, "cancel_flag")
        + all(
            .exact, row,
            """
            multi_delivery_parent_order_id divide_from_row_no copy_from_row_no stock_allocation_quantity
            advance_order_stock_allocation_quantity
            """)
        + all(.time, row, "stock_allocation_date")
        + all(
            .text, row,
            """
            received_time_merchandise_id/_name received_time_goods_type_id/_name returned_reason_id/_name
            """)
        + all(.exact, row, "returned_good_quantity returned_bad_quantity org_row_no")
        + all(.text, row, "deleted_flag") + all(.time, row, "last_modified_newest_date") + audit(row))
        .noting([
            "receive_order_row_sub_total_price": "unit price x ratio / 10 x quantity",
            "receive_order_row_deleted_flag": "the platform's text and its samples disagree on the values",
            "receive_order_row_last_modified_newest_date":
                "the newer one of the order's and the row's change",
        ])
}
