package app.cartera.state

import app.cartera.code
import app.cartera.ffi.CarteraException
import app.cartera.ffi.Money
import app.cartera.ffi.Problem
import app.cartera.ffi.errorWords
import app.cartera.toBigDecimal
import app.cartera.words.Language
import app.cartera.words.Words
import app.cartera.words.words
import java.math.BigDecimal
import app.cartera.ffi.Language as EngineLanguage
import app.cartera.ffi.words as engineWords

/** How a person is spoken to: in the words of their language, with numbers and days as they write them. */
class Speech(language: Language, val formats: Formats) {
    val words: Words = words(language, formats)

    /** For what the engine says itself. */
    val engine: EngineLanguage = when (language) {
        Language.Spanish -> EngineLanguage.SPANISH
        Language.English -> EngineLanguage.ENGLISH
    }

    fun failure(error: CarteraException): Load.Failed {
        val problem = (error as? CarteraException.Invalid)?.problems?.firstOrNull()
        if (problem != null) return Load.Failed(problem(problem), words.of("problem-${problem.code}.advice"))
        return failure(error.code)
    }

    fun failure(code: String): Load.Failed = errorWords(code, engine).let { Load.Failed(it.text, it.advice) }

    /** Which field, and what is wrong with it. */
    fun problem(problem: Problem): String {
        val arguments = problem.limit?.let { mapOf("limit" to formats.whole(it)) }.orEmpty()
        val text = engineWords("problem-${problem.code}", engine, arguments)
        return field(problem.field.substringBefore('.'))?.let { "$it: ${text.replaceFirstChar(Char::lowercase)}" } ?: text
    }

    /** The words of a profile's field; null where this version has none. */
    fun field(key: String): String? {
        val parts = key.split('/')
        return when (parts.size) {
            1 -> words.of("client-$key")
            2 -> words.of("profile-${parts[0]}")?.let { "$it ${parts[1]}" }
            else -> words.of("${parts[0]}-${parts[2]}")
        }
    }

    fun money(money: Money): String =
        money.toBigDecimal()?.let { formats.money(it, money.currency) } ?: formats.money(BigDecimal(money.minor), money.currency)
}

/** The field of a form that a problem is about: of an address its part, of any other value the whole of it. */
internal val Problem.entry: String get() = field.removePrefix("address.").substringBefore('.')
