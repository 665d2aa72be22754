package app.cartera.state

import app.cartera.ffi.ClientId
import java.io.File
import java.io.IOException
import java.util.concurrent.TimeUnit
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.filterNotNull
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.merge
import kotlinx.coroutines.runBlocking

/** What the app does in a process that a test kills: `PATH WHAT CLIENT`. It says what is done, and does not end by itself. */
fun main(arguments: Array<String>) {
    val (path, what, client) = arguments
    val file = File(path)
    val phone = Phone(file.parentFile, file.nameWithoutExtension).open()
    when (what) {
        "visit" -> visit(phone, ClientId(client))
        "place" -> place(phone, ClientId(client))
        "full" -> full(phone, ClientId(client))
        in CHANGES.indices.map { "order-$it" } -> change(phone, ClientId(client), CHANGES[what.substringAfter('-').toInt()])
        else -> error("nothing is called $what")
    }
    Thread.currentThread().join()
}

private fun visit(phone: Phone, client: ClientId) {
    val visit = phone.show(VisitModel(phone.session, client, "Bar Ñandú"))
    visit.outcome("no_order")
    visit.reason("stock_left")
    visit.notes("Volver en marzo")
    visit.save()
    visit.saved.awaits { it != null }
    println("saved")
}

/** Changes of an order, one after the other, each by an app of its own. */
private val CHANGES: List<OrderModel.() -> Unit> = listOf(
    { more("A1") },
    { more("A1") },
    { more("A2") },
    { quantity("A2", "3,5") },
    { less("A1") },
    { less("A1") },
)

private fun change(phone: Phone, client: ClientId, change: OrderModel.() -> Unit) {
    val order = phone.show(OrderModel(phone.session, client))
    val before = order.state.ready().ordered
    order.change()
    order.state.ready { it.ordered != before }
    println("changed")
}

private fun place(phone: Phone, client: ClientId) {
    val order = phone.show(OrderModel(phone.session, client))
    order.state.ready()
    order.place()
    // Where it was placed before, there is nothing left to be placed.
    if (order.state.ready().ordered.isNotEmpty()) order.placed.awaits { it != null }
    println("placed")
}

/** Fills what is left of the disk, and makes room once saving was refused. */
private fun full(phone: Phone, client: ClientId) {
    phone.session.database.now { sync.stop() }
    val filler = File(phone.options.path).resolveSibling("filler")
    filler.outputStream().use { out ->
        try {
            while (true) out.write(ByteArray(512))
        } catch (_: IOException) {
            // Full.
        }
    }
    // The first may still find a place in the log.
    val visit = generateSequence {
        phone.show(VisitModel(phone.session, client, "Bar Ñandú")).apply {
            outcome("attended")
            notes(NOTES)
            save()
            runBlocking { merge(state.filter { it.problem != null }, saved.filterNotNull()).first() }
        }
    }.take(FILLING_MOST).first { it.saved.value == null }
    println(visit.state.value.problem?.text)
    check(visit.state.value.notes == NOTES && visit.state.value.canSave)
    filler.delete()
    visit.save()
    visit.saved.awaits { it != null }
    println("saved")
}

private val NOTES = "n".repeat(2_000)
private const val FILLING_MOST = 500

/** The app in a process of its own, which is killed as the system or a dead battery kills it: without a word. */
class KilledApp private constructor(private val process: Process) : AutoCloseable {
    private val said = process.inputStream.bufferedReader()

    fun awaits(line: String) {
        while (true) {
            val next = said.readLine() ?: error("the app ended before it said '$line'")
            if (next == line) return
        }
    }

    override fun close() {
        // A wrapper before it may not be the app itself.
        process.descendants().forEach(ProcessHandle::destroyForcibly)
        process.destroyForcibly().waitFor(KILL_S, TimeUnit.SECONDS)
    }

    companion object {
        private const val KILL_S = 30L

        /** Whether a disk of a few megabytes can be mounted here. */
        fun canMount(): Boolean = try {
            ProcessBuilder("unshare", "--mount", "sh", "-c", "mount -t tmpfs none /mnt").start().waitFor() == 0
        } catch (_: IOException) {
            false
        }

        /** On a copy of the database that has little room to grow. */
        fun onSmallDisk(path: String, what: String, client: String): KilledApp {
            val script = "mount -t tmpfs -o size=${'$'}(($(du -k '$path' | cut -f1) + 256))k none /mnt && cp '$path' /mnt/small.db && exec \"${'$'}@\""
            return KilledApp(
                ProcessBuilder(listOf("unshare", "--mount", "sh", "-c", script, "small") + command("/mnt/small.db", what, client))
                    .redirectError(ProcessBuilder.Redirect.INHERIT).start(),
            )
        }

        /** Whether a program can be told another time. */
        fun canFakeTime(): Boolean = try {
            ProcessBuilder("faketime", "-f", "+1d", "true").start().waitFor() == 0
        } catch (_: IOException) {
            false
        }

        /** On a phone whose clock somebody set, such as `+730d`; its time since boot nobody sets. */
        fun atOtherTime(path: String, what: String, client: String, shift: String) = KilledApp(
            ProcessBuilder(listOf("faketime", "-f", shift) + command(path, what, client))
                .apply { environment() += mapOf("FAKETIME_DONT_FAKE_MONOTONIC" to "1", "DONT_FAKE_MONOTONIC" to "1") }
                .redirectError(ProcessBuilder.Redirect.INHERIT).start(),
        )

        fun start(path: String, what: String, client: String) =
            KilledApp(ProcessBuilder(command(path, what, client)).redirectError(ProcessBuilder.Redirect.INHERIT).start())

        private fun command(path: String, what: String, client: String): List<String> {
            val java = File(System.getProperty("java.home"), "bin/java").path
            val library = System.getProperty("jna.library.path")
            return listOf(
                java, "-Djna.library.path=$library", "-cp", System.getProperty("java.class.path"),
                "app.cartera.state.KilledAppKt", path, what, client,
            )
        }
    }
}
