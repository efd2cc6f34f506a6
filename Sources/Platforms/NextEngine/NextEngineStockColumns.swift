import Sync

/// The fields of stock, sets, suppliers and warehouses.
extension NextEngine {
    static let stockColumns: [Column] =
        all(.text, "stock", "goods_id")
        + all(.exact, "stock", "quantity allocation_quantity defective_quantity remaining_order_quantity")
        + all(.exact, "stock", "out_quantity free_quantity advance_order_quantity")
        + all(.exact, "stock", "advance_order_allocation_quantity advance_order_free_quantity")
        + all(.exact, "stock", "deleted_flag") + audit("stock")

    static let setGoodsColumns: [Column] =
        all(.text, "set_goods", "id name") + all(.exact, "set_goods", "selling_price")
        + all(.text, "set_goods", "detail_goods_id") + all(.exact, "set_goods", "detail_quantity")
        + all(.text, "set_goods", "representation_id") + audit("set_goods", hasNullSafe: false)

    static let supplierColumns: [Column] =
        all(.text, "supplier", "id name kana zip_code address1 address2 tel fax mail_address post")
        + all(.text, "supplier", "pic_name pic_kana post_zip_code post_address1 post_address2 post_tel")
        + all(.text, "supplier", "post_fax post_mail_address order_id order_name")
        + all(.text, "supplier", "order_condition_id/_name order_pending_date pay_out_id/_name closing_day")
        + all(.text, "supplier", "usance_date order_invalid_flag note")
        + all(.exact, "supplier", "deleted_flag")
        + all(.exact, "supplier", "condition_quantity condition_money wholesale_retail_ratio")
        + all(.date, "supplier", "order_forbid_date") + audit("supplier")

    static let warehouseColumns: [Column] =
        all(.exact, "warehouse", "id").noting(["warehouse_id": "0 or a name for the main site (基本拠点)"])
        + all(.text, "warehouse", "name") + audit("warehouse", hasNullSafe: false)

    static let warehouseStockColumns: [Column] =
        all(.exact, "warehouse_stock", "warehouse_id") + all(.text, "warehouse_stock", "goods_id")
        + all(.exact, "warehouse_stock", "quantity allocation_quantity free_quantity")
        + all(.time, "warehouse_stock", "creation_date last_modified_date last_modified_null_safe_date")
        + all(.exact, "warehouse_stock", "creator_id") + all(.text, "warehouse_stock", "creator_name")

    static let stockMovementColumns: [Column] =
        all(.exact, "stock_io_history", "id shop_id") + all(.text, "stock_io_history", "goods_id")
        + all(.time, "stock_io_history", "date")
        + all(.exact, "stock_io_history", "before_stock_quantity after_stock_quantity")
        + all(.exact, "stock_io_history", "before_bad_stock_quantity after_bad_stock_quantity quantity")
        + all(.text, "stock_io_history", "cut_form_id io_flag io_type_id/_name reason")
        + all(.exact, "stock_io_history", "pic_id") + all(.text, "stock_io_history", "pic_name")
        + all(.exact, "stock_io_history", "deleted_flag") + audit("stock_io_history")
}
