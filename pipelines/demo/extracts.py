"""Which files the demo company exports: per extract its system, how often, under which headings and in which way of writing."""

from pipelines.demo import masters, outside, planning, sales, stock
from pipelines.demo.ai_extracts import AI
from pipelines.demo.extract import MONTHLY, ONCE, WEEKLY, Extract, Writing

GERMAN = Writing(
    separator=";",
    has_decimal_comma=True,
    date_format="%d.%m.%Y",
    encoding="cp1252",
    newline="\r\n",
    titles=("Artikelstamm Gesamtbestand", "Mandant 100;Druck durch BATCH01", ""),
    grouped=("unit_cost", "list_price"),
)
ERP = Writing(separator=";", has_decimal_comma=True)
BUYING = Writing(
    separator=";",
    has_decimal_comma=True,
    date_format="%d-%b-%Y",
    encoding="cp1252",
    newline="\r\n",
    grouped=("ordered_qty", "received_qty"),
)
COMPACT = Writing(date_format="%Y%m%d", instant_format="%Y-%m-%dT%H:%M:%S")
ZULU = Writing(instant_format="%Y-%m-%dT%H:%M:%SZ")
TITLED = Writing(titles=("Northgate Supply - master data", "Confidential"))
SHOUTING = Writing(separator=";", encoding="utf-8-sig", has_decimal_comma=True, date_format="%Y/%m/%d")
PLANNING = Writing(separator=";", has_decimal_comma=True, date_format="%d.%m.%Y")
TICKETS = Writing(separator="\t", instant_format="%d %b %Y %H:%M", encoding="cp1252", yes_no=("yes", "no"))

MASTERS = (
    Extract(
        "skus", "erp_artikelstamm", ONCE, masters.skus,
        {
            "sku_id": "Artikelnummer", "sku_name": "Artikelbezeichnung", "category_name": "Warengruppe",
            "base_unit_code": "Basismengeneinheit", "units_per_pack": "VPE",
            "weight_kg": "Bruttogewicht", "volume_m3": "Volumen", "unit_cost": "Einstandspreis", "list_price": "Listenpreis",
            "launched_date": "Einführungsdatum",
            "discontinued_date": "Auslaufdatum", "substitute_of": "Ersatz für",
        },
        GERMAN,
    ),
    Extract(
        "sites", "erp_masters", ONCE, masters.sites,
        {
            "site_id": "Site Code", "site_name": "Location Name", "kind_code": "Site Type", "region_name": "Region",
            "country_code": "Country", "latitude": "Latitude",
            "longitude": "Longitude", "timezone_name": "Time Zone",
        },
        TITLED, sheet="Sites",
    ),
    Extract(
        "customers", "erp_masters", ONCE, masters.customers,
        {
            "customer_id": "Customer No", "customer_name": "Customer Name", "tier_code": "Customer Class",
            "region_name": "Sales Region", "credit_limit_amount": "CREDIT LIMIT",
            "minimum_fill_share": "Contracted Fill Rate", "late_penalty_share": "Late Penalty",
        },
        TITLED, sheet="Customers",
    ),
    Extract(
        "suppliers", "erp_masters", ONCE, masters.suppliers,
        {"supplier_id": "Vendor No", "supplier_name": "Vendor Name", "country_code": "Vendor Country", "calendar_name": "Factory Calendar"},
        TITLED, sheet="Vendors",
    ),
    Extract(
        "carriers", "erp_masters", ONCE, masters.carriers,
        {"carrier_id": "Carrier Code", "carrier_name": "Carrier Name", "mode_code": "Transport Mode"},
        TITLED, sheet="Carriers",
    ),
    Extract(
        "supplier_terms", "erp_purchasing_info", ONCE, masters.supplier_terms,
        {
            "supplier_id": "VENDOR_NO", "sku_id": "MATERIAL", "valid_from_date": "VALID_FROM", "unit_cost": "PURCHASE_PRICE",
            "minimum_order_qty": "MIN_ORDER_QTY",
            "pack_qty": "ROUNDING_VALUE", "price_breaks": "SCALE_PRICES", "promised_lead_days": "PLANNED_DELIVERY_TIME",
        },
        SHOUTING,
    ),
    Extract(
        "lanes", "tms_lanes", ONCE, masters.lanes,
        {
            "from_site_id": "Origin Site", "to_place": "To Region", "carrier_id": "Carrier Code",
            "cost_amount_per_shipment": "Cost per Shipment", "cost_amount_per_kg": "Cost per kg",
            "promised_hours": "Transit Hours", "capacity_per_day": "Daily Capacity",
        },
    ),
    Extract(
        "prices", "erp_price_list", ONCE, masters.prices,
        {
            "sku_id": "Item No", "customer_id": "Customer No", "valid_from_date": "Valid From", "unit_price": "Net Price",
            "is_contract": "Contract Price Flag",
        },
        Writing(date_format="%d-%b-%Y"),
    ),
)  # fmt: skip

SALES = (
    Extract(
        "orders", "erp_orders", WEEKLY, sales.orders,
        {
            "order_id": "Sales Order No", "customer_id": "Sold-to Party", "ordered_at": "Order Date Time",
            "channel_name": "Sales Channel", "status_code": "Order Status",
            "hold_code": "Hold Reason", "payment_terms_days": "Payment Terms",
        },
        logs=("orders",),
    ),
    Extract(
        "order_lines", "erp_order_lines", WEEKLY, sales.order_lines,
        {
            "order_id": "SALES_ORDER_NO", "line_key": "LINE_NO", "sku_id": "ITEM_NO", "site_id": "WAREHOUSE",
            "customer_id": "CUSTOMER_NO", "ordered_at": "ORDER_DATE",
            "requested_date": "REQUESTED_DELIVERY_DATE", "first_promised_date": "ORIGINAL_PROMISE_DATE",
            "last_promised_date": "CURRENT_PROMISE_DATE", "ordered_qty": "ORDER_QTY",
            "shipped_qty": "QTY_SHIPPED", "shipped_date": "ACTUAL_SHIP_DATE", "delivered_date": "ACTUAL_DELIVERY_DATE",
            "cancelled_date": "CANCELLATION_DATE", "unit_price": "SALES_PRICE",
            "discount_amount": "LINE_DISCOUNT", "net_amount": "NET_VALUE", "margin_amount": "GROSS_MARGIN",
            "is_cancelled": "LINE_CANCELLED",
        },
        ERP, logs=("lines",),
    ),
    Extract(
        "shipments", "tms_shipments", MONTHLY, sales.shipments,
        {
            "shipment_id": "Shipment No", "carrier_id": "Carrier Code", "site_id": "Ship From", "mode_code": "Transport Mode",
            "destination_name": "Destination", "shipped_at": "Dispatched At",
            "promised_at": "Planned Delivery Date", "delivered_at": "Actual Delivery Date", "freight_amount": "Freight Cost",
            "weight_kg": "Gross Weight", "status_code": "Shipment Status",
        },
        ZULU, logs=("shipments",),
    ),
    Extract(
        "shipment_lines", "tms_shipment_lines", MONTHLY, sales.shipment_lines,
        {
            "shipment_id": "Shipment No", "order_id": "Sales Order No", "line_key": "Order Line No", "sku_id": "Item No",
            "shipped_qty": "Qty Shipped",
        },
        logs=("shipment_lines",),
    ),
    Extract(
        "returns", "crm_returns", MONTHLY, sales.returns,
        {
            "return_id": "RMA Number", "line_key": "Return Line", "order_id": "Original Order", "sku_id": "Item No",
            "returned_at": "Return Date", "returned_qty": "Qty Returned",
            "reason_code": "Return Reason",
        },
        Writing(titles=("Returned goods",)), logs=("returns",), sheet="Returns",
    ),
    Extract(
        "service_tickets", "crm_tickets", MONTHLY, sales.service_tickets,
        {
            "ticket_id": "Ticket No", "customer_id": "Customer No", "order_id": "Related Order", "opened_at": "Opened On",
            "closed_at": "Closed On", "topic_name": "Ticket Type",
            "is_escalated": "Escalated", "hands_on_minutes": "Handling Minutes",
        },
        TICKETS, logs=("tickets",),
    ),
    Extract(
        "order_events", "erp_workflow_log", MONTHLY, sales.order_events,
        {
            "case_id": "Document No", "activity_name": "Activity", "event_at": "Timestamp", "object_kind_code": "Object Type",
            "actor_name": "User Name", "actor_kind_code": "User Type",
            "hands_on_minutes": "Handling Minutes",
        },
        logs=("events",),
    ),
)  # fmt: skip

STOCK = (
    Extract(
        "stock_days", "wms_stock", MONTHLY, stock.stock_days,
        {
            "sku_id": "SKU", "site_id": "Warehouse Code", "stock_date": "Snapshot Date", "on_hand_qty": "Qty On Hand",
            "on_order_qty": "Qty On Order",
            "allocated_qty": "Qty Allocated",
        },
        COMPACT, logs=("stock",),
    ),
    Extract(
        "stock_movements", "wms_movements", MONTHLY, stock.stock_movements,
        {
            "movement_id": "Material Document", "sku_id": "SKU", "site_id": "Warehouse Code", "moved_at": "Posting Date",
            "kind_code": "Movement Type", "moved_qty": "Movement Qty",
        },
        COMPACT, logs=("movements",),
    ),
    Extract(
        "purchase_lines", "erp_purchase_orders", MONTHLY, stock.purchase_lines,
        {
            "po_id": "PO Number", "line_key": "PO Line", "supplier_id": "Vendor No", "sku_id": "Item No",
            "site_id": "Deliver To", "ordered_date": "PO Date",
            "promised_date": "Promised Delivery Date", "confirmed_date": "Confirmed Delivery Date", "ordered_qty": "Qty Ordered",
            "received_qty": "Qty Received",
            "last_received_date": "Goods Receipt Date", "unit_cost": "Purchase Price", "status_code": "PO Status",
        },
        BUYING, logs=("purchases",),
    ),
    Extract(
        "receipts", "wms_receipts", MONTHLY, stock.receipts,
        {
            "receipt_id": "Goods Receipt", "line_key": "Receipt Line", "po_id": "PO Number", "po_line_key": "PO Line",
            "sku_id": "SKU", "received_at": "Received On",
            "received_qty": "Qty Received", "rejected_qty": "Qty Rejected",
        },
        COMPACT, logs=("receipts",),
    ),
    Extract(
        "promotions", "crm_promotions", MONTHLY, outside.offers,
        {
            "sku_id": "Item No", "site_id": "Branch", "starts_date": "Promo Start", "ends_date": "Promo End",
            "discount_share": "Discount Rate",
        },
        Writing(titles=("Promotion plan", "")), sheet="Promotions",
    ),
    Extract(
        "external_signals", "ext_signals", MONTHLY, outside.external_signals,
        {
            "signal_name": "Signal", "place_name": "Region", "signal_date": "Observation Date", "signal_number": "Reading",
            "known_date": "Published On",
        },
    ),
    Extract(
        "demand_plans", "aps_demand_plan", MONTHLY, planning.plans,
        {
            "sku_id": "Item No", "site_id": "Planning Location", "plan_starts_date": "Week Start", "plan_bucket_code": "Time Bucket",
            "statistical_qty": "Statistical Forecast", "planned_qty": "Final Forecast", "made_date": "Decided On",
            "planner_name": "Planner", "reason_code": "Override Reason",
        },
        PLANNING,
    ),
)  # fmt: skip
EXTRACTS = MASTERS + SALES + STOCK + AI
