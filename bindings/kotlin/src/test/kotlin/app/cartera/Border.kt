package app.cartera

import app.cartera.ffi.Cartera
import app.cartera.ffi.OpenOptions
import app.cartera.ffi.Outcome
import app.cartera.ffi.Visit
import com.sun.jna.NativeLibrary

private const val ROUNDS = 200
private const val WARM_UP = 2_000
private val TYPED = listOf("b", "ba", "bar", "bar 12")

/** What the calls of `bindings/examples/border.rs` take from Kotlin, on the same database, under the same names. */
fun main(arguments: Array<String>) {
    val options = OpenOptions("${arguments[0]}/phone.db", "Europe/Madrid")
    // In a virtual machine that has just begun: its library is loaded, its classes are, and nothing is compiled.
    val start = System.nanoTime()
    Class.forName("com.sun.jna.Native")
    val jna = System.nanoTime()
    NativeLibrary.getInstance("cartera_ffi")
    val mapped = System.nanoTime()
    CarteraDatabase.prepare()
    val prepared = System.nanoTime()
    Cartera.open(options).use { phone ->
        phone.clients().use { it.page(null, 50u) }
        tell("open and first 50, first time", start)
        val parts = listOf("JNA's own" to jna - start, "library mapped" to mapped - jna, "functions found and checked" to prepared - mapped, "open and first 50" to System.nanoTime() - prepared)
        parts.forEach { (name, nanos) -> println("of which: %s\t%.3f".format(java.util.Locale.ROOT, name, nanos / 1e6)) }
        phone.shut()
    }
    var began = System.nanoTime()
    Cartera.open(options).use { phone ->
        phone.clients().use { clients ->
            val first = clients.page(null, 50u).rows.first().id
            tell("open and first 50, again", began)
            phone.search().use { search -> phone.visits().use { visits ->
                measure("page of 50", WARM_UP) { clients.page(null, 50u) }
                measure("search as you type", WARM_UP) { search.clients(TYPED[it % TYPED.size], 50u) }
                measure("log a visit", 200) { visits.log(first, visit()) }
            } }
        }
        phone.shut()
    }
}

private fun visit() = Visit(Outcome.ORDER, notes = "Pedido habitual, volver la semana que viene")

private fun tell(name: String, began: Long) = println("%s\t%.3f".format(java.util.Locale.ROOT, name, (System.nanoTime() - began) / 1e6))

private fun measure(name: String, warmUp: Int, work: (Int) -> Any) {
    repeat(warmUp) { work(it) }
    val took = LongArray(ROUNDS) {
        val began = System.nanoTime()
        work(it)
        System.nanoTime() - began
    }
    took.sort()
    println("%s\t%.3f".format(java.util.Locale.ROOT, name, took[ROUNDS / 2] / 1e6))
}
