package app.cartera.state

import app.cartera.words.Language
import java.math.BigDecimal
import java.time.Instant
import java.time.LocalDate
import kotlin.test.Test
import kotlin.test.assertEquals

class FormatsTest {
    private val spanish = formats(Language.Spanish)
    private val english = formats(Language.English)
    private val today = LocalDate.of(2026, 11, 25)

    private fun String.plainSpaces() = replace('\u00a0', ' ').replace('\u202f', ' ')

    @Test
    fun `amounts are written as the locale does, with the currency's own decimals`() {
        assertEquals("1.234,50 €", spanish.money(BigDecimal("1234.5"), "EUR").plainSpaces())
        assertEquals("€1,234.50", english.money(BigDecimal("1234.5"), "EUR").plainSpaces())
        assertEquals("1234 CLP", spanish.money(BigDecimal("1234"), "CLP").plainSpaces().replace(".", ""))
        assertEquals("0,1234 €", spanish.money(BigDecimal("0.12341"), "EUR", mostDecimals = 4).plainSpaces())
        assertEquals("12,5 ???", spanish.money(BigDecimal("12.5"), "???").plainSpaces())
    }

    @Test
    fun `a day has its weekday while it is near and its year once it is not`() {
        assertEquals("mié, 25 nov", spanish.day(today, today))
        assertEquals("Wed, 25 Nov", english.day(today, today))
        assertEquals("1 feb 2024", spanish.day(LocalDate.of(2024, 2, 1), today))
    }

    @Test
    fun `a moment of today is its time alone`() {
        val moment = Instant.parse("2026-11-25T06:05:00Z")
        assertEquals("7:05", spanish.moment(moment, today))
        assertEquals("07:05", english.moment(moment, today))
        assertEquals("mié, 25 nov, 7:05", spanish.moment(moment, today.plusDays(1)))
        assertEquals("9:30", spanish.time(570))
    }

    @Test
    fun `plurals are those of the language`() {
        assertEquals(listOf("other", "one", "other"), listOf(0L, 1L, 2L).map(spanish::plural))
    }
}
