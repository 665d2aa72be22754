package app.cartera.state

import app.cartera.Nouns
import app.cartera.ffi.Freshness
import app.cartera.ffi.Holdings
import app.cartera.ffi.QuietHours
import app.cartera.state.device.Preferences
import app.cartera.state.device.Theme
import app.cartera.toInstant
import java.math.BigDecimal
import java.math.RoundingMode
import java.time.LocalDate
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine

data class SettingsState(
    val languages: List<Choice>,
    val themes: List<Choice>,
    val locks: List<Choice>,
    val quiet: List<Choice>,
    val holdings: List<Labelled>,
    val freshness: List<Labelled>,
)

/** Settings and help: how the app looks and locks, and what this phone holds. */
class SettingsModel(session: Session, private val preferences: Preferences) : Model(session) {
    private class Held(val holdings: Holdings, val freshness: List<Freshness>, val quiet: QuietHours?)

    val state: StateFlow<Load<SettingsState>> = combine(
        read(MutableStateFlow(Unit)) { held() }, preferences.language, preferences.theme, preferences.lockAfterMinutes,
    ) { load, language, theme, lock ->
        load.map { held ->
            SettingsState(
                languages = listOf(
                    Choice("", words.appSettingsSystem, language == null),
                    Choice("es", "Español", language == "es"),
                    Choice("en", "English", language == "en"),
                ),
                themes = Theme.entries.map { Choice(it.name, words.of("app-settings-theme_${it.name.lowercase()}")!!, it == theme) },
                locks = LOCKS.map { Choice("$it", if (it == 0) words.appSettingsLockAlways else words.appSettingsLockAfter(it.toLong()), it == lock) },
                quiet = QUIET.map { (from, to) ->
                    val text = if (from == to) words.appSettingsQuietNever else words.appSettingsQuietHours(formats.time(from), formats.time(to))
                    Choice("$from", text, held.quiet?.let { it.from.toInt() == from && it.to.toInt() == to } ?: (from == to))
                },
                holdings = holdings(held.holdings),
                freshness = freshness(held.freshness),
            )
        }
    }.shown()

    private fun Nouns.held() = Held(settings.holdings(), settings.freshness(), settings.quietHours())

    private fun holdings(held: Holdings) = listOf(
        Labelled(words.appTabClients, formats.whole(held.clients.toLong())),
        Labelled(words.appSettingsRecords, formats.whole(held.records.toLong())),
        Labelled(words.officeFeed, formats.whole(held.office.toLong())),
        Labelled(words.appSettingsStorage, megabytes(held.databaseBytes)),
    )

    private fun megabytes(bytes: ULong) =
        "${formats.quantity(BigDecimal(bytes.toLong()).divide(BigDecimal(1_000_000), 1, RoundingMode.HALF_UP))} MB"

    private fun freshness(feeds: List<Freshness>): List<Labelled> {
        val today = LocalDate.now(formats.zone)
        return feeds.map {
            Labelled(words.of("office-${it.what}") ?: words.appTabClients, formats.moment(it.at.toInstant(), today))
        }
    }

    fun language(id: String) = preferences.setLanguage(id.ifEmpty { null })

    fun theme(id: String) = preferences.setTheme(Theme.valueOf(id))

    fun lock(id: String) = preferences.setLockAfterMinutes(id.toInt())

    /** When nobody is told of anything. */
    fun quiet(id: String) = session.act {
        val (from, to) = QUIET.first { (from, _) -> "$from" == id }
        session.database.ask { settings.setQuietHours(if (from == to) null else QuietHours(from.toUInt(), to.toUInt())) }
    }

    /** For whoever helps: counts and times, nobody's name. */
    fun shareDiagnostics(version: String) = session.act {
        val told = session.database.ask { settings.diagnostics() }
        val text = (listOf("Cartera $version") + told.map { "${it.name} ${it.value}" }).joinToString("\n")
        if (!session.device.handOver.share(text)) session.tell(words.appClientNoApp)
    }

    private companion object {
        val LOCKS = listOf(0, 5, 30)

        /** Minutes after midnight; the first is never. */
        val QUIET = listOf(0 to 0, 20 * 60 to 8 * 60, 18 * 60 to 9 * 60)
    }
}
