package app.cartera.state

import app.cartera.CarteraDatabase
import app.cartera.ffi.ClientId
import app.cartera.ffi.OpenOptions
import app.cartera.state.device.DatabaseKey
import app.cartera.state.device.Device
import app.cartera.state.device.Dictation
import app.cartera.state.device.Fix
import app.cartera.state.device.HandOver
import app.cartera.state.device.KeyAnswer
import app.cartera.state.device.Network
import app.cartera.state.device.Notifications
import app.cartera.state.device.Permission
import app.cartera.state.device.SyncSchedule
import app.cartera.state.device.Whereabouts
import app.cartera.words.Language
import java.io.Closeable
import java.io.File
import java.time.ZoneId
import java.util.Locale
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.atomic.AtomicInteger
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout

fun formats(language: Language) =
    Formats(Locale.forLanguageTag(if (language == Language.Spanish) "es-ES" else "en-GB"), Icu, ZoneId.of(ZONE))

fun speech(language: Language = Language.Spanish) = Speech(language, formats(language))

/** Tests use the library without SQLCipher: an empty key is none. */
val NO_KEY = KeyAnswer.Key(null)

const val ZONE = "Europe/Madrid"

/** What a person's phone is to the app, as a test says. */
class TestDevice : Whereabouts, HandOver, SyncSchedule, Dictation, Notifications {
    val connected = MutableStateFlow(true)
    override var permission = Permission.Askable
    var fix: Fix? = null
    val handed = CopyOnWriteArrayList<String>()
    val files = mutableMapOf<String, ByteArray>()
    var takes = true
    val hurried = AtomicInteger()
    val notified = AtomicInteger()
    var said = listOf<String>()

    val device = Device(object : Network { override val connected = this@TestDevice.connected }, this, this, this, this, this)

    override suspend fun here(): Fix? = fix

    private fun hand(what: String) = takes.also { if (it) handed += what }

    override fun call(number: String) = hand("call $number")

    override fun write(address: String) = hand("write $address")

    override fun navigate(latitude: Double, longitude: Double, label: String) = hand("navigate $label")

    override fun share(text: String) = hand("share $text")

    override fun shareFile(name: String, bytes: ByteArray) = hand("file $name").also { files[name] = bytes }

    override fun regularly() = Unit

    override fun soon() {
        hurried.incrementAndGet()
    }

    override fun never() = Unit

    override val available = true

    override fun listen(languageTag: String): Flow<String> = flowOf(*said.toTypedArray())

    override fun notTaken(title: String, text: String) {
        notified.incrementAndGet()
    }

    override fun clear() = Unit
}

/** A phone with its own database and nothing on its screen. */
class Phone(private val folder: File, private val name: String, private val language: Language = Language.Spanish) : Closeable {
    val device = TestDevice()
    private val scope = CoroutineScope(Job() + Dispatchers.Default)
    lateinit var session: Session
    private val opened = mutableListOf<Closeable>()

    val options get() = OpenOptions(folder.resolve("$name.db").path, ZONE)
    val words get() = session.speech.words

    fun open() = apply { session = Session(runBlocking { CarteraDatabase.open(options) }, speech(language), device.device, scope) }

    /** The whole app, as its first screen sees it. */
    fun start(key: DatabaseKey = TestKey(NO_KEY)) =
        AppModel(options.path, ZONE, key, speech(language), device.device, scope).apply { open() }

    fun <M : Model> show(model: M): M = model.also(opened::add)

    fun enrol(invitation: String) = apply {
        val enrolling = show(EnrolModel(session, name))
        enrolling.invitation(invitation)
        enrolling.link()
        enrolling.linked.awaits { it }
        synced()
    }

    /** Everything that the relay has is here, and everything of this phone there. */
    fun synced() = session.database.now { sync.now() }

    fun client(named: String): ClientId = session.database.now { clients.page(null, 500u).rows.single { it.name == named }.id }

    fun close(model: Model) {
        opened -= model
        model.close()
    }

    /** The app is closed as the system closes it. */
    fun shut() {
        opened.forEach(Closeable::close)
        opened.clear()
        session.close()
    }

    override fun close() {
        if (::session.isInitialized) shut()
        scope.cancel()
    }
}

/** Waits until something is so, as somebody who looks does. */
fun <T> StateFlow<T>.awaits(so: (T) -> Boolean): T = runBlocking {
    try {
        withTimeout(PATIENCE_MS) { first(so) }
    } catch (_: TimeoutCancellationException) {
        throw AssertionError("it stayed: ${this@awaits.value}")
    }
}

fun <T> StateFlow<Load<T>>.ready(so: (T) -> Boolean = { true }): T =
    (awaits { it is Load.Failed || it is Load.Ready && so(it.value) } as? Load.Ready ?: error("failed: $value")).value

private const val PATIENCE_MS = 60_000L
