package app.cartera.ui

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.runtime.Composable
import androidx.compose.ui.ImageComposeScene
import androidx.compose.ui.Modifier
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.platform.Font
import androidx.compose.ui.unit.Density
import app.cartera.state.formats
import app.cartera.ui.theme.CarteraTheme
import app.cartera.words.Language
import app.cartera.words.words
import java.io.File
import java.util.Locale
import kotlin.math.abs
import org.jetbrains.skia.Bitmap
import org.jetbrains.skia.EncodedImageFormat
import org.jetbrains.skia.Image

val Roboto = FontFamily(
    Font("fonts/Roboto_400Regular.ttf", FontWeight.Normal),
    Font("fonts/Roboto_500Medium.ttf", FontWeight.Medium),
    Font("fonts/Roboto_700Bold.ttf", FontWeight.Bold),
)

/** How a picture is taken: a small, common phone of 360 by 740 dp. */
data class Pose(val language: Language = Language.Spanish, val dark: Boolean = false, val fontScale: Float = 1f) {
    val suffix: String
        get() = listOfNotNull(language.tag, "dark".takeIf { dark }, "large".takeIf { fontScale > 1f }).joinToString("-")
}

fun picture(pose: Pose, content: @Composable (Sample) -> Unit): Image {
    val density = Density(DENSITY, pose.fontScale)
    val scene = ImageComposeScene((WIDTH_DP * DENSITY).toInt(), (HEIGHT_DP * DENSITY).toInt(), density) {
        CarteraTheme(words(pose.language, formats(pose.language)), pose.dark, Roboto) {
            Box(Modifier.fillMaxSize()) { content(Sample(pose.language)) }
        }
    }
    return try {
        scene.render() // lists lay themselves out
        scene.render(FRAME_NS)
    } finally {
        scene.close()
    }
}

/** Pictures are taken anew, to be looked at and kept. */
val recording = System.getenv("CARTERA_RECORD") == "1"

/** Holds a picture against the one that is kept; with CARTERA_RECORD=1 keeps it instead. Null when they agree. */
fun difference(name: String, taken: Image): String? {
    val kept = File(FOLDER, "$name.png")
    val bytes = checkNotNull(taken.encodeToData(EncodedImageFormat.PNG)).bytes
    if (recording) {
        kept.parentFile.mkdirs()
        kept.writeBytes(bytes)
        return null
    }
    if (!kept.exists()) return "$name: there is no such picture; CARTERA_RECORD=1 keeps it"
    val share = differing(Image.makeFromEncoded(kept.readBytes()), taken)
    if (share <= TOLERANCE) return null
    val beside = File(OUT, "$name.png").apply { parentFile.mkdirs() }
    beside.writeBytes(bytes)
    return "$name: ${"%.2f".format(Locale.ROOT, share * 100)} % of it is another; see ${beside.absolutePath}"
}

/** The share of pixels that differ by more than shading does. */
fun differing(one: Image, other: Image): Double {
    if (one.width != other.width || one.height != other.height) return 1.0
    val (a, b) = listOf(one, other).map(Bitmap::makeFromImage)
    var differ = 0
    for (y in 0 until one.height) {
        for (x in 0 until one.width) {
            val (left, right) = a.getColor(x, y) to b.getColor(x, y)
            val most = listOf(0, 8, 16).maxOf { abs((left shr it and 0xFF) - (right shr it and 0xFF)) }
            if (most > SHADING) differ++
        }
    }
    return differ.toDouble() / (one.width * one.height)
}

const val WIDTH_DP = 360
const val HEIGHT_DP = 740
private const val DENSITY = 1f
private const val FRAME_NS = 200_000_000L
private const val SHADING = 40
private const val TOLERANCE = 0.004
val FOLDER = File("../screens")

/** Where pictures lie that are not kept. */
val OUT = File(System.getProperty("cartera.target"), "screens")
