/// The master tables: shops, malls, goods, stock, set goods, suppliers.
enum NextEngineMasters {
    static let all = [shops, malls, goods, stock, setGoods, suppliers]

    static let shops = NextEngineEntity(
        "shops", at: "/api_v1_master_shop",
        strings: """
            shop_name shop_kana shop_abbreviated_name shop_handling_goods_name shop_note
            shop_authorization_type_id shop_authorization_type_name shop_tax_id shop_tax_name
            shop_currency_unit_id shop_currency_unit_name shop_tax_calculation_sequence_id shop_type_id
            shop_deleted_flag
            """,
        numbers: "shop_id shop_mall_id", dates: "shop_close_date", audit: "shop",
        special: [
            "shop_id": .identifier, "shop_mall_id": .first, "shop_deleted_flag": .deleted,
            "shop_currency_unit_id": .fixed("1"), "shop_currency_unit_name": .fixed("円"),
        ],
        joins: [.init(entity: "malls", key: .first)])

    static let malls = NextEngineEntity(
        "malls", at: "/api_v1_system_mall",
        strings: "mall_name mall_kana mall_note mall_country_id mall_deleted_flag", numbers: "mall_id",
        special: ["mall_id": .identifier])

    static let goods = NextEngineEntity(
        "goods", at: "/api_v1_master_goods",
        strings: """
            goods_id goods_representation_id goods_name goods_foreign_name goods_type_id goods_type_name
            goods_merchandise_id goods_merchandise_name goods_forwarding_method_id
            goods_forwarding_method_name goods_status_id goods_status_name goods_delivery_id
            goods_delivery_name goods_supplier_id goods_jan_code goods_maker_name goods_maker_kana
            goods_maker_address goods_maker_zip_code goods_model_number goods_color goods_mall_category
            goods_shop_category goods_stock_management_flag goods_note goods_visible_flag goods_tag
            goods_location goods_delivery_mail_maximum_quality goods_size goods_maker_model_number
            goods_shipping_base_id goods_mail_tag_id goods_1_item goods_2_item goods_3_item goods_4_item
            goods_5_item goods_6_item goods_7_item goods_8_item goods_9_item goods_10_item goods_11_item
            goods_12_item goods_13_item goods_14_item goods_15_item goods_16_item goods_17_item
            goods_18_item goods_19_item goods_20_item goods_1_select_name goods_2_select_name
            goods_3_select_name goods_4_select_name goods_5_select_name goods_6_select_name
            goods_7_select_name goods_8_select_name goods_9_select_name goods_10_select_name
            goods_publication_pic_name goods_description_text goods_description_html goods_spec_text
            goods_spec_html goods_caution_text goods_caution_html goods_condition_description
            goods_condition_id goods_delivery_date_id goods_designated_delivery_date goods_brand_name
            goods_origin_place goods_raw_materials goods_preservation_method
            """,
        numbers: """
            goods_cost_price goods_display_price goods_selling_price goods_foreign_selling_price
            goods_tax_rate goods_wholesale_retail_ratio goods_weight goods_width goods_length goods_height
            goods_stock_constant goods_order_point goods_lot goods_delivery_mail_flag goods_gift_ok_flg
            goods_stock_alert_mail_threshold goods_wholesale_mortgage_threshold goods_1_select_id
            goods_2_select_id goods_3_select_id goods_4_select_id goods_5_select_id goods_6_select_id
            goods_7_select_id goods_8_select_id goods_9_select_id goods_10_select_id
            goods_publication_pic_id goods_stock_wholesale_quantity goods_hit_syohin_alert_quantity
            goods_package_height goods_package_width goods_package_length goods_package_weight
            goods_tax_id goods_warranty goods_option_noshi_id goods_same_day_delivery_id
            """,
        dates: """
            goods_release_date goods_first_time_sold_date goods_last_time_sold_date
            goods_first_time_supplied_date goods_last_time_supplied_date goods_publication_date
            goods_first_available_date goods_last_available_date
            """,
        audit: "goods",
        special: [
            "goods_id": .goodsCode, "goods_supplier_id": .supplierCodeOfFirst, "goods_name": .words,
            "goods_color": .words, "goods_tag": .words, "goods_maker_address": .address,
        ],
        joins: [.init(entity: "stock", key: .identifier), .init(entity: "suppliers", key: .first)])

    static let stock = NextEngineEntity(
        "stock", at: "/api_v1_master_stock", strings: "stock_goods_id stock_deleted_flag",
        numbers: """
            stock_quantity stock_allocation_quantity stock_defective_quantity
            stock_remaining_order_quantity stock_out_quantity stock_free_quantity
            stock_advance_order_quantity stock_advance_order_allocation_quantity
            stock_advance_order_free_quantity
            """,
        audit: "stock", special: ["stock_goods_id": .goodsCode])

    static let setGoods = NextEngineEntity(
        "set_goods", at: "/api_v1_master_setgoods",
        strings: "set_goods_id set_goods_name set_goods_detail_goods_id set_goods_representation_id",
        numbers: "set_goods_selling_price set_goods_detail_quantity", audit: "set_goods", nullSafe: false,
        special: [
            "set_goods_id": .setCode, "set_goods_representation_id": .setCode, "set_goods_name": .words,
            "set_goods_detail_goods_id": .goodsCodeOfSecond,
        ])

    static let suppliers = NextEngineEntity(
        "suppliers", at: "/api_v1_master_supplier",
        strings: """
            supplier_id supplier_name supplier_kana supplier_zip_code supplier_address1 supplier_address2
            supplier_tel supplier_fax supplier_mail_address supplier_post supplier_pic_name
            supplier_pic_kana supplier_post_zip_code supplier_post_address1 supplier_post_address2
            supplier_post_tel supplier_post_fax supplier_post_mail_address supplier_order_id
            supplier_order_name supplier_order_condition_id supplier_order_condition_name
            supplier_order_pending_date supplier_pay_out_id supplier_pay_out_name supplier_closing_day
            supplier_usance_date supplier_order_invalid_flag supplier_note supplier_deleted_flag
            """,
        numbers: "supplier_condition_quantity supplier_condition_money supplier_wholesale_retail_ratio",
        dates: "supplier_order_forbid_date", audit: "supplier", special: ["supplier_id": .supplierCode])
}
