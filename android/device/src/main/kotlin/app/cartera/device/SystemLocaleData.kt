package app.cartera.device

import android.icu.text.DateTimePatternGenerator
import android.icu.text.PluralRules
import app.cartera.state.LocaleData
import java.util.Locale

/** The ICU of the framework. */
object SystemLocaleData : LocaleData {
    override fun plural(locale: Locale, number: Long): String = PluralRules.forLocale(locale).select(number.toDouble())

    override fun pattern(locale: Locale, skeleton: String): String =
        DateTimePatternGenerator.getInstance(locale).getBestPattern(skeleton)
}
