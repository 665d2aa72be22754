package app.cartera.words

import app.cartera.state.formats
import kotlin.io.path.createTempDirectory
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue

class WordsTest {
    private fun speaking(language: Language) =
        words(language, formats(language))

    /** What the engine's own Fluent library says of each message, with several numbers. */
    private fun examples(): List<List<String>> {
        val folder = createTempDirectory().toFile()
        val made = ProcessBuilder("${System.getProperty("cartera.bin")}/cartera-words", "examples", folder.path)
            .inheritIO().start().waitFor()
        assertEquals(0, made)
        return folder.resolve("examples.tsv").readLines().map { it.split("\t") }.also { folder.deleteRecursively() }
    }

    @Test
    fun `every text is what the engine says, in both languages and with every plural`() {
        val speakers = Language.entries.associate { it.tag to speaking(it) }
        var counted = 0
        for ((language, id, arguments, text) in examples()) {
            val words = speakers.getValue(language)
            val name = id.split('-', '_', '.').mapIndexed { index, part ->
                if (index == 0) part else part.replaceFirstChar(Char::uppercase)
            }.joinToString("")
            val given = arguments.split("|").filter(String::isNotEmpty)
            val said = if (given.isEmpty()) {
                assertEquals(words.of(id), words.javaClass.getMethod("get" + name.replaceFirstChar(Char::uppercase)).invoke(words))
                words.of(id)
            } else {
                val member = words.javaClass.methods.single { it.name == name && it.parameterCount == given.size }
                if (member.parameterTypes[0] == Long::class.javaPrimitiveType) counted++
                val passed = given.mapIndexed<String, Any> { index, value ->
                    if (member.parameterTypes[index] == Long::class.javaPrimitiveType) value.toLong() else value
                }
                member.invoke(words, *passed.toTypedArray())
            }
            assertEquals(text, said.toString().replace("\n", "\\n"), "$language $id")
        }
        assertTrue(counted > 50, "$counted")
    }

    @Test
    fun `an id without words is nothing`() = assertNull(speaking(Language.Spanish).of("outcome-nonesuch"))

    @Test
    fun `a phone in a third language speaks Spanish`() {
        assertEquals(Language.English, Language.of("en-GB"))
        assertEquals(Language.Spanish, Language.of("ca-ES"))
        assertEquals(Language.Spanish, Language.of(""))
    }
}
