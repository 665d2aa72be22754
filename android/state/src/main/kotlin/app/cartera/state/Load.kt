package app.cartera.state

/** What a screen shows of something that is read from the phone. */
sealed interface Load<out T> {
    /** Not read yet; a few milliseconds, so nothing turns. */
    data object Reading : Load<Nothing>

    /** What went wrong, and what to do. */
    data class Failed(val text: String, val advice: String?) : Load<Nothing>

    data class Ready<T>(val value: T) : Load<T>
}

inline fun <A, B> Load<A>.map(change: (A) -> B): Load<B> = when (this) {
    is Load.Reading -> this
    is Load.Failed -> this
    is Load.Ready -> Load.Ready(change(value))
}

/** How something is to be seen at a glance. Never by colour alone: each has an icon or a word beside it. */
enum class Weight { Plain, Good, Notice, Warning, Danger }
