package app.cartera.state

// What each screen shows, in words and numbers that are ready to be shown. View models fill these; screens hold no rules.

/** A mark on a row, for what is not as usual. */
data class Mark(val text: String, val weight: Weight)

data class TodayState(
    val date: String,
    val sync: SyncLine,
    val notices: List<NoticeCard>,
    val visits: List<TodayRow>,
    val attention: List<TodayRow>,
)

data class NoticeCard(val key: String, val title: String, val text: String, val mustRead: Boolean)

/** A client to visit or to attend to. */
data class TodayRow(
    val client: String,
    val name: String,
    val place: String?,
    /** Of a visit that has an hour. */
    val time: String?,
    val byPhone: Boolean,
    val reasons: List<TodayReason>,
)

data class TodayReason(val text: String, val advice: String?, val stake: String?, val weight: Weight)

data class OrderState(
    val client: String,
    val search: String,
    val families: List<Filter>,
    val lines: List<ArticleLine>,
    val summary: OrderSummary,
    val canRepeat: Boolean,
)

data class ArticleLine(
    val article: String,
    val name: String,
    val unit: String,
    val price: String,
    val origin: String?,
    /** As written; null while none was ordered. */
    val quantity: String?,
    val amount: String?,
    val mark: Mark?,
)

data class OrderSummary(
    val lines: Long,
    val net: String,
    val taxes: List<Labelled>,
    val total: String,
    val unpriced: String?,
    val deliverTo: String,
    val deliverOn: String,
)
