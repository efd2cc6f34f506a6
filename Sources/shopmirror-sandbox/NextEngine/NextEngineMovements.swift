/// The tables that move: orders, order rows, warehouses, warehouse stock, stock movements.
enum NextEngineMovements {
    static let all = [orders, orderRows, warehouses, warehouseStock, stockMovements]

    static let orders = NextEngineEntity(
        "orders", at: "/api_v1_receiveorder_base",
        strings: """
            receive_order_shop_cut_form_id receive_order_important_check_id
            receive_order_important_check_name receive_order_confirm_check_id
            receive_order_confirm_check_name receive_order_confirm_ids receive_order_mail_status
            receive_order_gruoping_tag receive_order_import_type_id receive_order_import_type_name
            receive_order_cancel_type_id receive_order_cancel_type_name receive_order_order_status_id
            receive_order_order_status_name receive_order_delivery_id receive_order_delivery_name
            receive_order_payment_method_id receive_order_payment_method_name receive_order_deposit_amount
            receive_order_deposit_type_id receive_order_deposit_type_name receive_order_note
            receive_order_multi_delivery_parent_flag receive_order_statement_delivery_text
            receive_order_send_sequence receive_order_worker_text receive_order_picking_instruct
            receive_order_label_print_flag receive_order_gift_flag
            receive_order_hope_delivery_time_slot_id receive_order_hope_delivery_time_slot_name
            receive_order_delivery_method_id receive_order_delivery_method_name receive_order_seal1_id
            receive_order_seal1_name receive_order_seal2_id receive_order_seal2_name
            receive_order_seal3_id receive_order_seal3_name receive_order_seal4_id
            receive_order_seal4_name receive_order_business_office_stop_id
            receive_order_business_office_stop_name receive_order_invoice_id receive_order_invoice_name
            receive_order_temperature_id receive_order_temperature_name receive_order_business_office_name
            receive_order_delivery_cut_form_id receive_order_delivery_cut_form_note
            receive_order_credit_type_id receive_order_credit_type_name receive_order_credit_approval_no
            receive_order_credit_approval_amount receive_order_credit_approval_type_id
            receive_order_credit_approval_type_name receive_order_credit_number_payments
            receive_order_credit_authorization_center_id receive_order_credit_authorization_center_name
            receive_order_customer_type_id receive_order_customer_type_name receive_order_customer_id
            receive_order_purchaser_name receive_order_purchaser_kana receive_order_purchaser_zip_code
            receive_order_purchaser_address1 receive_order_purchaser_address2 receive_order_purchaser_tel
            receive_order_purchaser_fax receive_order_purchaser_mail_address receive_order_consignee_name
            receive_order_consignee_kana receive_order_consignee_zip_code receive_order_consignee_address1
            receive_order_consignee_address2 receive_order_consignee_tel receive_order_consignee_fax
            receive_order_important_check_pic_name receive_order_pic_name receive_order_send_pic_name
            receive_order_deleted_flag receive_order_option_memo receive_order_option_message
            receive_order_option_noshi receive_order_option_rapping receive_order_option_1
            receive_order_option_2 receive_order_option_3 receive_order_option_4 receive_order_option_5
            receive_order_option_6 receive_order_option_7 receive_order_option_8 receive_order_option_9
            receive_order_option_10
            """,
        numbers: """
            receive_order_id receive_order_shop_id receive_order_total_amount receive_order_tax_amount
            receive_order_charge_amount receive_order_delivery_fee_amount receive_order_other_amount
            receive_order_point_amount receive_order_goods_amount receive_order_include_possible_order_id
            receive_order_include_to_order_id receive_order_multi_delivery_parent_order_id
            receive_order_divide_from_order_id receive_order_copy_from_order_id
            receive_order_credit_approval_rate receive_order_important_check_pic_id receive_order_pic_id
            receive_order_send_pic_id receive_order_reminder_count
            """,
        dates: """
            receive_order_date receive_order_import_date receive_order_cancel_date
            receive_order_deposit_date receive_order_statement_delivery_instruct_printing_date
            receive_order_statement_delivery_printing_date receive_order_send_date
            receive_order_send_plan_date receive_order_label_print_date receive_order_hope_delivery_date
            receive_order_credit_approval_date receive_order_credit_approval_fax_printing_date
            receive_order_reminder_start_date receive_order_reminder_last_date
            """,
        audit: "receive_order",
        special: [
            "receive_order_id": .identifier, "receive_order_shop_id": .first,
            "receive_order_cancel_type_id": .cancelled, "receive_order_date": .created,
            "receive_order_import_date": .created,
        ])

    static let orderRows = NextEngineEntity(
        "order_rows", at: "/api_v1_receiveorder_row",
        strings: """
            receive_order_row_shop_cut_form_id receive_order_row_shop_row_no receive_order_row_goods_id
            receive_order_row_goods_name receive_order_row_goods_option receive_order_row_cancel_flag
            receive_order_row_received_time_merchandise_id
            receive_order_row_received_time_merchandise_name receive_order_row_received_time_goods_type_id
            receive_order_row_received_time_goods_type_name receive_order_row_returned_reason_id
            receive_order_row_returned_reason_name receive_order_row_deleted_flag
            """,
        numbers: """
            receive_order_row_receive_order_id receive_order_row_no receive_order_row_quantity
            receive_order_row_unit_price receive_order_row_received_time_first_cost
            receive_order_row_tax_rate receive_order_row_wholesale_retail_ratio
            receive_order_row_sub_total_price receive_order_row_multi_delivery_parent_order_id
            receive_order_row_divide_from_row_no receive_order_row_copy_from_row_no
            receive_order_row_stock_allocation_quantity
            receive_order_row_advance_order_stock_allocation_quantity
            receive_order_row_returned_good_quantity receive_order_row_returned_bad_quantity
            receive_order_row_org_row_no receive_order_include_from_order_id
            receive_order_include_from_row_no
            """,
        dates: """
            receive_order_row_stock_allocation_date receive_order_row_last_modified_newest_date
            """,
        audit: "receive_order_row",
        special: [
            "receive_order_row_receive_order_id": .first, "receive_order_row_no": .lineNumber,
            "receive_order_row_goods_id": .goodsCodeOfSecond,
        ],
        joins: [.init(entity: "orders", key: .first), .init(entity: "goods", key: .second)])

    static let warehouses = NextEngineEntity(
        "warehouses", at: "/api_v1_warehouse_base", strings: "warehouse_name", numbers: "warehouse_id",
        audit: "warehouse", nullSafe: false, special: ["warehouse_id": .identifier, "warehouse_name": .note])

    static let warehouseStock = NextEngineEntity(
        "warehouse_stock", at: "/api_v1_warehouse_stock",
        strings: "warehouse_stock_goods_id warehouse_stock_creator_name",
        numbers: """
            warehouse_stock_warehouse_id warehouse_stock_quantity warehouse_stock_allocation_quantity
            warehouse_stock_free_quantity warehouse_stock_creator_id
            """,
        dates: """
            warehouse_stock_creation_date warehouse_stock_last_modified_date
            warehouse_stock_last_modified_null_safe_date
            """,
        special: [
            "warehouse_stock_warehouse_id": .first, "warehouse_stock_goods_id": .goodsCodeOfSecond,
        ])

    static let stockMovements = NextEngineEntity(
        "stock_movements", at: "/api_v1_master_stockiohistory",
        strings: """
            stock_io_history_goods_id stock_io_history_cut_form_id stock_io_history_io_flag
            stock_io_history_io_type_id stock_io_history_io_type_name stock_io_history_reason
            stock_io_history_pic_name stock_io_history_deleted_flag
            """,
        numbers: """
            stock_io_history_id stock_io_history_shop_id stock_io_history_before_stock_quantity
            stock_io_history_after_stock_quantity stock_io_history_before_bad_stock_quantity
            stock_io_history_after_bad_stock_quantity stock_io_history_quantity stock_io_history_pic_id
            """,
        dates: "stock_io_history_date", audit: "stock_io_history",
        special: [
            "stock_io_history_id": .identifier, "stock_io_history_shop_id": .first,
            "stock_io_history_goods_id": .goodsCodeOfSecond, "stock_io_history_date": .created,
        ])
}
