package app.cartera.state

import app.cartera.words.Numbers
import java.math.BigDecimal
import java.math.RoundingMode
import java.text.NumberFormat
import java.time.Instant
import java.time.LocalDate
import java.time.LocalTime
import java.time.ZoneId
import java.time.format.DateTimeFormatter
import java.util.Currency
import java.util.Locale
import kotlin.math.roundToLong

/** What only the platform's own locale data know: ICU on a phone, ICU4J in tests. */
interface LocaleData {
    /** The category of CLDR for a whole number: `one`, `other`, … */
    fun plural(locale: Locale, number: Long): String

    /** The pattern in which a locale writes the fields of a skeleton such as `EEEdMMM`. */
    fun pattern(locale: Locale, skeleton: String): String
}

/** Amounts, quantities and dates as people of a locale write them. */
class Formats(val locale: Locale, private val data: LocaleData, val zone: ZoneId) : Numbers {
    private val wholeNumbers = NumberFormat.getIntegerInstance(locale)
    private val weekday = formatter("EEEdMMM")
    private val withYear = formatter("dMMMy")
    private val clock = formatter("Hm")

    private fun formatter(skeleton: String) = DateTimeFormatter.ofPattern(data.pattern(locale, skeleton), locale)

    override fun whole(number: Long): String = synchronized(wholeNumbers) { wholeNumbers.format(number) }

    override fun plural(number: Long): String = data.plural(locale, number)

    fun quantity(amount: BigDecimal): String =
        NumberFormat.getNumberInstance(locale).apply { maximumFractionDigits = QUANTITY_DECIMALS }.format(amount)

    fun percent(ratio: Double): String = NumberFormat.getPercentInstance(locale).format(ratio)

    /** Whole currency units; unit prices keep up to four decimals. An unknown currency is shown by its code. */
    fun money(amount: BigDecimal, currency: String, mostDecimals: Int? = null): String {
        val known = runCatching { Currency.getInstance(currency) }.getOrNull()
            ?: return "${quantity(amount)} $currency"
        return NumberFormat.getCurrencyInstance(locale).apply {
            this.currency = known
            minimumFractionDigits = known.defaultFractionDigits.coerceAtLeast(0)
            maximumFractionDigits = maxOf(minimumFractionDigits, mostDecimals ?: 0)
        }.format(amount)
    }

    /** With its weekday while it is near, with its year once it is not. */
    fun day(day: LocalDate, today: LocalDate): String =
        if (day in today.minusDays(NEAR_DAYS)..today.plusDays(NEAR_DAYS)) weekday.format(day) else withYear.format(day)

    fun time(minuteOfDay: Int): String = clock.format(LocalTime.MIN.plusMinutes(minuteOfDay.toLong()))

    /** The time alone where it was today. */
    fun moment(moment: Instant, today: LocalDate): String {
        val local = moment.atZone(zone)
        val time = clock.format(local)
        return if (local.toLocalDate() == today) time else "${day(local.toLocalDate(), today)}, $time"
    }

    /** As the crow flies: metres by tens, and kilometres from one on. */
    fun distance(metres: Double): String =
        if (metres < METRES_MOST) "${whole((metres / 10).roundToLong() * 10)} m" else "${quantity(BigDecimal(metres / 1000).setScale(1, RoundingMode.HALF_UP))} km"

    private companion object {
        const val METRES_MOST = 995
        const val QUANTITY_DECIMALS = 3
        const val NEAR_DAYS = 180L
    }
}
