package app.cartera.state.device

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.StateFlow

// What the app needs of the device it runs on. View models know these alone; `device` implements them on Android.

/** All of it. */
class Device(
    val network: Network,
    val schedule: SyncSchedule,
    val whereabouts: Whereabouts,
    val handOver: HandOver,
    val notifications: Notifications,
    val dictation: Dictation,
)

/** The key of the database: 32 random bytes, kept wrapped by a key that does not leave the device's key store. */
interface DatabaseKey {
    /** Made at the first call. */
    fun get(): KeyAnswer

    /** A new key, for a new database: the old one is set aside, never deleted. */
    fun replace(): KeyAnswer
}

sealed interface KeyAnswer {
    /** No bytes: not encrypted, for tests. */
    class Key(val bytes: ByteArray?) : KeyAnswer

    /** The device was not unlocked since it started. Nothing is wrong; it is tried again. */
    data object NotYet : KeyAnswer

    /** The wrapping key is gone: the data on this device can no longer be read, and come again from the relay. */
    data object Lost : KeyAnswer
}

interface Network {
    /** Whether the system believes that the internet can be reached, now and whenever that changes. */
    val connected: Flow<Boolean>
}

/** Runs syncs while the app is not in sight. */
interface SyncSchedule {
    /** Now and then, when there is a network. */
    fun regularly()

    /** As soon as there is a network: something was saved. */
    fun soon()

    fun never()
}

/** Where the phone is, asked once and only when the person asks for it. */
interface Whereabouts {
    val permission: Permission

    suspend fun here(): Fix?
}

enum class Permission {
    Granted,

    /** May be asked for. */
    Askable,
    Denied,
}

data class Fix(val latitude: Double, val longitude: Double, val accuracyM: Float)

/** Hands something over to another app. False where no app takes it. */
interface HandOver {
    fun call(number: String): Boolean

    fun write(address: String): Boolean

    fun navigate(latitude: Double, longitude: Double, label: String): Boolean

    fun share(text: String): Boolean

    fun shareFile(name: String, bytes: ByteArray): Boolean
}

interface Notifications {
    /** Work that the office refused or declined; one at a time, replaced by the next. */
    fun notTaken(title: String, text: String)

    fun clear()
}

/** Speech to text, on the device where it can. */
interface Dictation {
    val available: Boolean

    /** What was said, piece by piece; ends when the person stops. */
    fun listen(languageTag: String): Flow<String>
}

enum class Theme { System, Light, Dark }

/** How the person wants the app. */
interface Preferences {
    /** A language tag; null: as the phone. */
    val language: StateFlow<String?>
    val theme: StateFlow<Theme>

    /** The device's credential is asked for after so long out of sight. */
    val lockAfterMinutes: StateFlow<Int>

    fun setLanguage(tag: String?)

    fun setTheme(theme: Theme)

    fun setLockAfterMinutes(minutes: Int)
}
