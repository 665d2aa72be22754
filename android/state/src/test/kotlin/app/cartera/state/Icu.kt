package app.cartera.state

import com.ibm.icu.text.DateTimePatternGenerator
import com.ibm.icu.text.PluralRules
import java.util.Locale

/** The same library that Android has in its framework. */
object Icu : LocaleData {
    override fun plural(locale: Locale, number: Long): String = PluralRules.forLocale(locale).select(number.toDouble())

    override fun pattern(locale: Locale, skeleton: String): String =
        DateTimePatternGenerator.getInstance(locale).getBestPattern(skeleton)
}
