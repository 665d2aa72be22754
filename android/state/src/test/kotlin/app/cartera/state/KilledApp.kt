package app.cartera.state

import app.cartera.ffi.ClientId
import java.io.File
import java.util.concurrent.TimeUnit

/** What the app does in a process that a test kills: `PATH WHAT CLIENT`. It says what is done, and does not end by itself. */
fun main(arguments: Array<String>) {
    val (path, what, client) = arguments
    val file = File(path)
    val phone = Phone(file.parentFile, file.nameWithoutExtension).open()
    when (what) {
        "visit" -> visit(phone, ClientId(client))
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
        process.destroyForcibly().waitFor(KILL_S, TimeUnit.SECONDS)
    }

    companion object {
        private const val KILL_S = 30L

        fun start(path: String, what: String, client: String): KilledApp {
            val java = File(System.getProperty("java.home"), "bin/java").path
            val library = System.getProperty("jna.library.path")
            val command = listOf(
                java, "-Djna.library.path=$library", "-cp", System.getProperty("java.class.path"),
                "app.cartera.state.KilledAppKt", path, what, client,
            )
            return KilledApp(ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start())
        }
    }
}
