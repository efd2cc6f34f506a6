import Sync

/// The fields of Next Engine's entities; values come as text or null, and numbers keep every digit.
///
/// A field that means a day is a bare date, shown as it came; one that means a moment is shown in UTC. Odd spellings
/// (`gruoping`, `quality` for quantity, `flg`) are the platform's.
extension NextEngine {
    /// The fields that tell who created and changed an entity, and when.
    static func audit(_ prefix: String, hasNullSafe: Bool = true) -> [Column] {
        var columns = all(.time, prefix, "creation_date last_modified_date")
        if hasNullSafe { columns += all(.time, prefix, "last_modified_null_safe_date") }
        columns += all(.exact, prefix, "creator_id") + all(.text, prefix, "creator_name")
        columns += all(.text, prefix, "last_modified_by_id/_name")
        if hasNullSafe { columns += all(.text, prefix, "last_modified_by_null_safe_id/_name") }
        return columns.noting([
            "\(prefix)_last_modified_date": "NULL until the first change",
            "\(prefix)_last_modified_null_safe_date": "the date of creation until the first change",
        ])
    }

    /// A column for each of the names (between blanks or line ends), with `prefix_` in front.
    ///
    /// `x_id/_name` stands for the two fields `x_id` and `x_name`.
    static func all(_ kind: Column.Kind, _ prefix: String, _ names: String) -> [Column] {
        Column.words(names).flatMap { name -> [Column] in
            guard name.utf8.contains(0x2F) else { return [Column("\(prefix)_\(name)", kind)] }
            let stem = Substring(name.utf8.dropLast("_id/_name".utf8.count))
            return [Column("\(prefix)_\(stem)_id", .exact), Column("\(prefix)_\(stem)_name", .text)]
        }
    }

    static let shopColumns: [Column] =
        (all(.exact, "shop", "id") + all(.text, "shop", "name kana abbreviated_name handling_goods_name")
        + all(.date, "shop", "close_date") + all(.text, "shop", "note") + all(.exact, "shop", "mall_id")
        + all(.text, "shop", "authorization_type_id/_name")
        + all(.exact, "shop", "tax_id") + all(.text, "shop", "tax_name")
        + all(.exact, "shop", "currency_unit_id") + all(.text, "shop", "currency_unit_name")
        + all(.exact, "shop", "tax_calculation_sequence_id type_id deleted_flag") + audit("shop"))
        .noting([
            "shop_tax_calculation_sequence_id": "0: tax on the item total, 1: tax from the unit price",
            "shop_type_id": "the site id for 後払い.com, despite the name", "shop_deleted_flag": "0: live",
        ])

    static let mallColumns: [Column] =
        all(.exact, "mall", "id") + all(.text, "mall", "name kana note")
        + all(.exact, "mall", "country_id deleted_flag")

    static let goodsColumns: [Column] =
        (all(
            .text, "goods",
            """
            id representation_id name foreign_name type_id/_name merchandise_id/_name
            forwarding_method_id/_name status_id/_name delivery_id/_name supplier_id jan_code maker_name
            maker_kana maker_address maker_zip_code model_number color mall_category shop_category
            stock_management_flag note visible_flag tag location delivery_mail_maximum_quality size
            maker_model_number shipping_base_id mail_tag_id
            """)
        + (1...20).map { .text("goods_\($0)_item") }
        + (1...10).flatMap { all(.text, "goods", "\($0)_select_id/_name") }
        + all(
            .text, "goods",
            """
            publication_pic_name description_text description_html spec_text spec_html caution_text
            caution_html condition_description condition_id delivery_date_id designated_delivery_date
            brand_name origin_place raw_materials preservation_method
            """)
        + all(
            .exact, "goods",
            """
            cost_price display_price selling_price foreign_selling_price tax_rate wholesale_retail_ratio
            weight width length height stock_constant order_point lot delivery_mail_flag gift_ok_flg
            stock_alert_mail_threshold wholesale_mortgage_threshold publication_pic_id
            stock_wholesale_quantity hit_syohin_alert_quantity package_height package_width package_length
            package_weight tax_id warranty option_noshi_id same_day_delivery_id
            """)
        + all(
            .date, "goods",
            """
            release_date first_time_sold_date last_time_sold_date first_time_supplied_date
            last_time_supplied_date publication_date first_available_date last_available_date
            """)
        + audit("goods"))
        .noting([
            "goods_tag": "names, several in one value", "goods_condition_id": "01 new, 10 used, 99 other",
            "goods_tax_id": "0: tax exclusive, 1: inclusive, 2: exempt",
        ])
}
