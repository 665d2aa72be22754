package app.cartera

import java.io.Closeable
import java.io.File
import java.net.ServerSocket
import java.util.concurrent.TimeUnit

/** A relay process on a free port, with its command line. */
class Relay(private val folder: File) : Closeable {
    private val binary = System.getenv("CARTERA_RELAY")
    private val port = ServerSocket(0).use { it.localPort }
    private val log = folder.resolve("relay.log")
    private var process: Process? = null

    init {
        start()
    }

    fun start() {
        val started = builder("serve").redirectErrorStream(true).redirectOutput(log).start()
        process = started
        val end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_S)
        while (System.nanoTime() < end && started.isAlive) {
            if ("Relay at" in log.readText()) return
            Thread.sleep(20)
        }
        error("the relay did not start:\n${log.readText()}")
    }

    fun stop() {
        process?.run {
            destroy()
            waitFor()
        }
        process = null
    }

    fun run(words: String): String {
        val started = builder(*words.split(" ").toTypedArray()).redirectErrorStream(true).start()
        val out = started.inputStream.bufferedReader().readText()
        check(started.waitFor() == 0) { "$words: $out" }
        return out
    }

    fun invitation(person: String): String = Regex("\\S+/enrol#\\S+").find(run("enrol $person"))!!.value

    override fun close() = stop()

    private fun builder(vararg words: String) = ProcessBuilder(binary, *words).apply {
        environment() += mapOf(
            "CARTERA_DATA_DIR" to folder.resolve("relay").path,
            "CARTERA_LISTEN" to "127.0.0.1:$port",
            "CARTERA_TLS" to "off",
            "LANG" to "en_US.UTF-8",
        )
    }

    private companion object {
        const val START_S = 60L
    }
}
