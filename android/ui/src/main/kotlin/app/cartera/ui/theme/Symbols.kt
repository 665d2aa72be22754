package app.cartera.ui.theme

import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.SolidColor
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.StrokeJoin
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.graphics.vector.PathBuilder
import androidx.compose.ui.graphics.vector.path
import androidx.compose.ui.unit.dp

/** Symbols that the small set of Material's icons lacks, drawn in lines on its grid of 24. */
object Symbols {
    val Minus = drawn("minus") { moveTo(5f, 12f); horizontalLineTo(19f) }
    val Plus = drawn("plus") { moveTo(5f, 12f); horizontalLineTo(19f); moveTo(12f, 5f); verticalLineTo(19f) }
    val Microphone = drawn("microphone") {
        moveTo(12f, 3f)
        curveTo(10.3f, 3f, 9f, 4.3f, 9f, 6f)
        verticalLineTo(11f)
        curveTo(9f, 12.7f, 10.3f, 14f, 12f, 14f)
        curveTo(13.7f, 14f, 15f, 12.7f, 15f, 11f)
        verticalLineTo(6f)
        curveTo(15f, 4.3f, 13.7f, 3f, 12f, 3f)
        close()
        moveTo(5.5f, 11f)
        curveTo(5.5f, 14.6f, 8.4f, 17.5f, 12f, 17.5f)
        curveTo(15.6f, 17.5f, 18.5f, 14.6f, 18.5f, 11f)
        moveTo(12f, 17.5f)
        verticalLineTo(21f)
    }
    val Barcode = drawn("barcode") {
        for (x in listOf(4f, 7f, 10.5f, 13f, 16.5f, 20f)) {
            moveTo(x, 5f)
            verticalLineTo(19f)
        }
    }
    val Chart = drawn("chart") {
        moveTo(4f, 20f); horizontalLineTo(20f)
        moveTo(7f, 16f); verticalLineTo(12f)
        moveTo(12f, 16f); verticalLineTo(5f)
        moveTo(17f, 16f); verticalLineTo(9f)
    }
    val OnPhone = drawn("on phone") {
        moveTo(8f, 3f); horizontalLineTo(16f); verticalLineTo(21f); horizontalLineTo(8f); close()
        moveTo(11f, 18f); horizontalLineTo(13f)
    }
    val Clock = drawn("clock") {
        moveTo(20f, 12f)
        curveTo(20f, 16.4f, 16.4f, 20f, 12f, 20f)
        curveTo(7.6f, 20f, 4f, 16.4f, 4f, 12f)
        curveTo(4f, 7.6f, 7.6f, 4f, 12f, 4f)
        curveTo(16.4f, 4f, 20f, 7.6f, 20f, 12f)
        close()
        moveTo(12f, 7.5f); verticalLineTo(12f); lineTo(15f, 14f)
    }
    val Flag = drawn("flag") {
        moveTo(6f, 21f); verticalLineTo(4f); horizontalLineTo(18f); lineTo(15f, 8f); lineTo(18f, 12f); horizontalLineTo(6f)
    }
    val Pencil = drawn("pencil") {
        moveTo(4f, 20f); lineTo(5f, 16f); lineTo(16.5f, 4.5f); lineTo(19.5f, 7.5f); lineTo(8f, 19f); close()
    }
    val People = drawn("people") {
        moveTo(12f, 11.5f)
        curveTo(9.8f, 11.5f, 8f, 9.7f, 8f, 7.5f)
        curveTo(8f, 5.3f, 9.8f, 3.5f, 12f, 3.5f)
        curveTo(14.2f, 3.5f, 16f, 5.3f, 16f, 7.5f)
        curveTo(16f, 9.7f, 14.2f, 11.5f, 12f, 11.5f)
        close()
        moveTo(4.5f, 20.5f)
        curveTo(4.5f, 16.9f, 7.9f, 14.5f, 12f, 14.5f)
        curveTo(16.1f, 14.5f, 19.5f, 16.9f, 19.5f, 20.5f)
    }
    val Sun = drawn("day") {
        moveTo(5f, 5.5f); horizontalLineTo(19f); verticalLineTo(20f); horizontalLineTo(5f); close()
        moveTo(5f, 10f); horizontalLineTo(19f)
        moveTo(9f, 3.5f); verticalLineTo(7f)
        moveTo(15f, 3.5f); verticalLineTo(7f)
    }

    private fun drawn(name: String, drawing: PathBuilder.() -> Unit): ImageVector =
        ImageVector.Builder(name, 24.dp, 24.dp, 24f, 24f).apply {
            path(
                stroke = SolidColor(Color.Black),
                strokeLineWidth = 2f,
                strokeLineCap = StrokeCap.Round,
                strokeLineJoin = StrokeJoin.Round,
                pathBuilder = drawing,
            )
        }.build()
}
