import Sync

/// The fields of Next Engine's entities. Values come as text or null; numbers keep every digit.
extension NextEngine {
    /// The fields that tell who created and changed an entity, and when.
    static func audit(_ prefix: String, hasNullSafe: Bool = true) -> [Column] {
        var columns: [Column] = [.time("\(prefix)_creation_date"), .time("\(prefix)_last_modified_date")]
        if hasNullSafe { columns.append(.time("\(prefix)_last_modified_null_safe_date")) }
        columns += [
            .exact("\(prefix)_creator_id"), .text("\(prefix)_creator_name"), .exact("\(prefix)_last_modified_by_id"),
            .text("\(prefix)_last_modified_by_name"),
        ]
        if hasNullSafe {
            columns += [
                .exact("\(prefix)_last_modified_by_null_safe_id"), .text("\(prefix)_last_modified_by_null_safe_name"),
            ]
        }
        return columns
    }

    /// Blank-separated names, each with `prefix_` in front; a name that ends in `/_name` stands for `x_id` and `x_name`.
    static func all(_ kind: Column.Kind, _ prefix: String, _ names: String) -> [Column] {
        names.split(separator: " ").flatMap { name -> [Column] in
            guard name.hasSuffix("_id/_name") else { return [Column("\(prefix)_\(name)", kind)] }
            let stem = name.dropLast("_id/_name".count)
            return [Column("\(prefix)_\(stem)_id", .exact), Column("\(prefix)_\(stem)_name", .text)]
        }
    }

    static let shopColumns: [Column] =
        all(.exact, "shop", "id") + all(.text, "shop", "name kana abbreviated_name handling_goods_name")
        + all(.date, "shop", "close_date") + all(.text, "shop", "note") + all(.exact, "shop", "mall_id")
        + all(.text, "shop", "authorization_type_id/_name tax_id/_name currency_unit_id/_name")
        + all(.exact, "shop", "tax_calculation_sequence_id type_id deleted_flag") + audit("shop")

    static let mallColumns: [Column] =
        all(.exact, "mall", "id") + all(.text, "mall", "name kana note") + all(.exact, "mall", "country_id deleted_flag")

    static let goodsColumns: [Column] =
        all(.text, "goods", "id representation_id name foreign_name")
        + all(.text, "goods", "type_id/_name merchandise_id/_name forwarding_method_id/_name status_id/_name delivery_id/_name")
        + all(.text, "goods", "supplier_id jan_code maker_name maker_kana maker_address maker_zip_code model_number color")
        + all(.text, "goods", "mall_category shop_category stock_management_flag note visible_flag tag location")
        + all(.text, "goods", "delivery_mail_maximum_quality size maker_model_number shipping_base_id mail_tag_id")
        + (1...20).map { .text("goods_\($0)_item") }
        + (1...10).flatMap { [Column("goods_\($0)_select_id", .exact), Column("goods_\($0)_select_name", .text)] }
        + all(.text, "goods", "publication_pic_name description_text description_html spec_text spec_html caution_text")
        + all(.text, "goods", "caution_html condition_description condition_id delivery_date_id designated_delivery_date")
        + all(.text, "goods", "brand_name origin_place raw_materials preservation_method")
        + all(.exact, "goods", "cost_price display_price selling_price foreign_selling_price tax_rate wholesale_retail_ratio")
        + all(.exact, "goods", "weight width length height stock_constant order_point lot delivery_mail_flag gift_ok_flg")
        + all(.exact, "goods", "stock_alert_mail_threshold wholesale_mortgage_threshold publication_pic_id")
        + all(.exact, "goods", "stock_wholesale_quantity hit_syohin_alert_quantity package_height package_width")
        + all(.exact, "goods", "package_length package_weight tax_id warranty option_noshi_id same_day_delivery_id")
        + all(.date, "goods", "release_date first_time_sold_date last_time_sold_date first_time_supplied_date")
        + all(.date, "goods", "last_time_supplied_date publication_date first_available_date last_available_date")
        + audit("goods")

    static let orderColumns: [Column] =
        all(.exact, "receive_order", "id shop_id") + all(.text, "receive_order", "shop_cut_form_id")
        + all(.time, "receive_order", "date import_date")
        + all(.text, "receive_order", "important_check_id/_name confirm_check_id/_name confirm_ids mail_status gruoping_tag")
        + all(.text, "receive_order", "import_type_id/_name cancel_type_id/_name") + all(.time, "receive_order", "cancel_date")
        + all(.text, "receive_order", "order_status_id/_name delivery_id/_name payment_method_id/_name")
        + all(.exact, "receive_order", "total_amount tax_amount charge_amount delivery_fee_amount other_amount point_amount")
        + all(.exact, "receive_order", "goods_amount deposit_amount") + all(.time, "receive_order", "deposit_date")
        + all(.text, "receive_order", "deposit_type_id/_name note")
        + all(.time, "receive_order", "statement_delivery_instruct_printing_date statement_delivery_printing_date")
        + all(.time, "receive_order", "send_date send_plan_date label_print_date hope_delivery_date")
        + all(.text, "receive_order", "statement_delivery_text send_sequence worker_text picking_instruct label_print_flag gift_flag")
        + all(.text, "receive_order", "hope_delivery_time_slot_id/_name delivery_method_id/_name seal1_id/_name seal2_id/_name")
        + all(.text, "receive_order", "seal3_id/_name seal4_id/_name business_office_stop_id/_name invoice_id/_name")
        + all(.text, "receive_order", "temperature_id/_name business_office_name delivery_cut_form_id delivery_cut_form_note")
        + all(.text, "receive_order", "credit_type_id/_name credit_approval_no") + all(.exact, "receive_order", "credit_approval_amount")
        + all(.text, "receive_order", "credit_approval_type_id/_name credit_number_payments credit_authorization_center_id/_name")
        + all(.time, "receive_order", "credit_approval_date credit_approval_fax_printing_date")
        + all(.exact, "receive_order", "credit_approval_rate include_possible_order_id include_to_order_id")
        + all(.exact, "receive_order", "multi_delivery_parent_order_id divide_from_order_id copy_from_order_id")
        + all(.text, "receive_order", "multi_delivery_parent_flag customer_type_id/_name customer_id")
        + all(.exact, "receive_order", "important_check_pic_id pic_id send_pic_id")
        + all(.text, "receive_order", "important_check_pic_name pic_name send_pic_name")
        + all(.text, "receive_order", "purchaser_name purchaser_kana purchaser_zip_code purchaser_address1 purchaser_address2")
        + all(.text, "receive_order", "purchaser_tel purchaser_fax purchaser_mail_address")
        + all(.text, "receive_order", "consignee_name consignee_kana consignee_zip_code consignee_address1 consignee_address2")
        + all(.text, "receive_order", "consignee_tel consignee_fax") + audit("receive_order")

    /// Fields of orders that name a person; asked for with `personal_data = true` only.
    static let orderPersons: Set<String> = Set(
        orderColumns.map(\.name).filter {
            $0.hasPrefix("receive_order_purchaser_") || $0.hasPrefix("receive_order_consignee_")
                || $0 == "receive_order_customer_id" || $0.hasSuffix("pic_name")
                || $0.hasSuffix("_creator_name") || $0.hasSuffix("_last_modified_by_name")
                || $0.hasSuffix("_last_modified_by_null_safe_name")
        })

    static let orderRowColumns: [Column] =
        all(.exact, "receive_order_row", "receive_order_id no") + all(.text, "receive_order_row", "shop_cut_form_id shop_row_no")
        + all(.text, "receive_order_row", "goods_id goods_name goods_option")
        + all(.exact, "receive_order_row", "quantity unit_price received_time_first_cost tax_rate wholesale_retail_ratio sub_total_price")
        + [.exact("receive_order_include_from_order_id"), .exact("receive_order_include_from_row_no")]
        + all(.text, "receive_order_row", "cancel_flag")
        + all(.exact, "receive_order_row", "multi_delivery_parent_order_id divide_from_row_no copy_from_row_no")
        + all(.exact, "receive_order_row", "stock_allocation_quantity advance_order_stock_allocation_quantity")
        + all(.time, "receive_order_row", "stock_allocation_date")
        + all(.text, "receive_order_row", "received_time_merchandise_id/_name received_time_goods_type_id/_name returned_reason_id/_name")
        + all(.exact, "receive_order_row", "returned_good_quantity returned_bad_quantity org_row_no")
        + all(.text, "receive_order_row", "deleted_flag") + all(.time, "receive_order_row", "last_modified_newest_date")
        + audit("receive_order_row")
}
