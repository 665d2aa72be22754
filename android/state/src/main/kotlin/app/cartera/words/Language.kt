package app.cartera.words

/** A language that the words are in. */
enum class Language(val tag: String) {
    Spanish("es"),
    English("en"),
    ;

    companion object {
        /** By the primary part of a BCP 47 tag; Spanish for all others, as the company speaks it. */
        fun of(tag: String): Language = entries.find { it.tag == tag.substringBefore('-').lowercase() } ?: Spanish
    }
}

/** How the platform writes whole numbers, and which plural it takes for one. */
interface Numbers {
    fun whole(number: Long): String

    /** A category of CLDR: `one`, `other`, … */
    fun plural(number: Long): String
}

fun words(language: Language, numbers: Numbers): Words = when (language) {
    Language.Spanish -> SpanishWords(numbers)
    Language.English -> EnglishWords(numbers)
}
