package app.cartera.ui

import app.cartera.state.Load
import app.cartera.ui.screens.SyncScreen
import app.cartera.words.Language
import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import org.jetbrains.skia.Color
import org.jetbrains.skia.EncodedImageFormat
import org.jetbrains.skia.Image
import org.jetbrains.skia.Paint
import org.jetbrains.skia.Rect
import org.jetbrains.skia.SamplingMode
import org.jetbrains.skia.Surface

class PicturesTest {
    @Test
    fun `every screen looks as it did`() {
        val wrong = mutableListOf<String>()
        val poses = Language.entries.flatMap { language ->
            listOf(false, true).flatMap { dark -> listOf(1f, 2f).map { Pose(language, dark, it) } }
        }
        val sheets = mutableMapOf<String, MutableList<Image>>()
        for ((name, screen) in Screens.main) {
            for (pose in poses) {
                val taken = picture(pose, screen)
                difference("$name-${pose.suffix}", taken)?.let(wrong::add)
                sheets.getOrPut(pose.suffix) { mutableListOf() } += taken
            }
        }
        for ((name, screen) in Screens.others) {
            val taken = picture(Pose(), screen)
            difference("$name-es", taken)?.let(wrong::add)
            sheets.getOrPut("others") { mutableListOf() } += taken
        }
        if (recording) File(FOLDER, "sheet.png").writeBytes(sheet(sheets.getValue("es") + sheets.getValue("others")))
        for ((name, pictures) in sheets) File(OUT, "sheet-$name.png").apply { parentFile.mkdirs() }.writeBytes(sheet(pictures))
        assertEquals(emptyList(), wrong)
    }

    @Test
    fun `the comparison sees a word that changed and overlooks nothing else`() {
        val one = picture(Pose()) { SyncScreen(Load.Ready(it.sync()), deaf()) }
        assertEquals(0.0, differing(one, picture(Pose()) { SyncScreen(Load.Ready(it.sync()), deaf()) }))
        val other = picture(Pose()) { SyncScreen(Load.Ready(it.sync().copy(headline = "Todo al día, de momento")), deaf()) }
        assertTrue(differing(one, other) > 0.004, "${differing(one, other)}")
        val scaled = picture(Pose(fontScale = 1.15f)) { SyncScreen(Load.Ready(it.sync()), deaf()) }
        assertTrue(differing(one, scaled) > 0.004)
    }
}

/** Pictures side by side, smaller than they are. */
private fun sheet(pictures: List<Image>): ByteArray {
    val (width, height) = pictures[0].width * SHEET_SCALE to pictures[0].height * SHEET_SCALE
    val gap = 12f
    val columns = minOf(pictures.size, SHEET_COLUMNS)
    val rows = (pictures.size + columns - 1) / columns
    val surface = Surface.makeRasterN32Premul((columns * (width + gap) + gap).toInt(), (rows * (height + gap) + gap).toInt())
    surface.canvas.clear(Color.makeRGB(120, 124, 122))
    Paint().use { paint ->
        pictures.forEachIndexed { index, picture ->
            val (x, y) = gap + index % columns * (width + gap) to gap + index / columns * (height + gap)
            surface.canvas.drawImageRect(
                picture,
                Rect.makeWH(picture.width.toFloat(), picture.height.toFloat()),
                Rect.makeXYWH(x, y, width, height),
                SamplingMode.MITCHELL,
                paint,
                true,
            )
        }
    }
    return checkNotNull(surface.makeImageSnapshot().encodeToData(EncodedImageFormat.PNG)).bytes
}

private const val SHEET_COLUMNS = 6
private const val SHEET_SCALE = 0.6f
