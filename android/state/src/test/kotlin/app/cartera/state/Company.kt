package app.cartera.state

import app.cartera.Relay
import java.io.Closeable
import java.io.File
import kotlin.io.path.createTempDirectory

/** A company with a relay, a territory, two reps and a manager, a few clients and a small catalogue. */
class Company : Closeable {
    val folder: File = createTempDirectory("cartera").toFile()
    val relay = Relay(folder)
    private val phones = mutableListOf<Phone>()

    init {
        val north = Regex("^\\S+", RegexOption.MULTILINE).find(relay.run("territory add Norte"))!!.value
        for (rep in listOf("Ana", "Luis")) relay.run("people add $rep --role rep --territory $north")
        relay.run("people add Marta --role manager --all-territories")
        import("clients", CLIENTS)
        import("articles", ARTICLES)
    }

    fun import(kind: String, lines: String) {
        val file = folder.resolve("$kind.csv").apply { writeText(lines.trimIndent() + "\n") }
        relay.run("import --kind $kind --language es ${file.path}")
    }

    fun phone(name: String): Phone = Phone(folder, name).also(phones::add)

    /** A phone that is linked and has everything. */
    fun working(name: String) = phone(name).open().enrol(relay.invitation(name))

    /** Made before more than the quarter of an hour for which a code is good. */
    fun expiredInvitation(person: String): String {
        val made = ProcessBuilder("faketime", "-f", "-20m", System.getenv("CARTERA_RELAY"), "enrol", person)
            .apply { environment() += mapOf("CARTERA_DATA_DIR" to folder.resolve("relay").path, "CARTERA_TLS" to "off") }
            .redirectErrorStream(true).start()
        val said = made.inputStream.bufferedReader().readText()
        check(made.waitFor() == 0) { said }
        // It does not know where the relay listens; another invitation does.
        val code = Regex("\\S+/enrol#\\S+").find(said)!!.value
        val address = relay.invitation(person).substringBefore("/enrol#")
        return "$address/enrol#${code.substringAfter("/enrol#")}"
    }

    override fun close() {
        phones.forEach(Phone::close)
        relay.close()
        folder.deleteRecursively()
    }

    private companion object {
        const val CLIENTS = """
            codigo;nombre;sector;poblacion;telefono;email;zona
            C1;Bar Ñandú;Bar;Gijón;985 123 456;bar@example.org;Norte
            C2;Café Dindurra;Cafetería;Gijón;985 222 333;;Norte
            C3;Hotel Asturias;Hotel;Oviedo;;;Norte
        """
        const val ARTICLES = """
            referencia;descripcion;familia;unidad;precio;moneda
            A1;Café molido;Café;caja;12,50;EUR
            A2;Azúcar;Azúcar;saco;8,00;EUR
            A3;Café en grano;Café;caja;14,00;EUR
        """
    }
}
