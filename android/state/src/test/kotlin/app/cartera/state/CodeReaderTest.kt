package app.cartera.state

import app.cartera.state.scan.CodeReader
import com.google.zxing.BarcodeFormat
import com.google.zxing.MultiFormatWriter
import com.google.zxing.common.BitMatrix
import kotlin.random.Random
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull

class CodeReaderTest {
    private val reader = CodeReader()

    /** As a camera gives it: rows longer than the picture, dark on light or the other way round. */
    private fun seen(code: BitMatrix, stride: Int = code.width + 24, inverted: Boolean = false) = ByteArray(stride * code.height) { at ->
        val (x, y) = at % stride to at / stride
        val dark = x < code.width && code[x, y]
        (if (dark != inverted) 20 else 235).toByte()
    }

    private fun write(text: String, format: BarcodeFormat, width: Int, height: Int) = MultiFormatWriter().encode(text, format, width, height)

    @Test
    fun `an invitation and a bar code are read, upright, turned and inverted`() {
        val invitation = "https://cartera.example.com/enrol#" + "k7".repeat(40)
        val qr = write(invitation, BarcodeFormat.QR_CODE, 480, 480)
        assertEquals(invitation, reader.read(seen(qr), 480, 480, 504))
        assertEquals(invitation, reader.read(seen(qr, inverted = true), 480, 480, 504))
        val ean = write("8410011234565".let { "841001123456" + check(it) }, BarcodeFormat.EAN_13, 400, 120)
        val read = reader.read(seen(ean), 400, 120, 424)
        assertEquals(13, read?.length)
        val turned = BitMatrix(120, 400).apply { for (y in 0 until 120) for (x in 0 until 400) if (ean[x, y]) set(y, x) }
        assertEquals(read, reader.read(seen(turned), 120, 400, 144))
    }

    private fun check(code: String): Int {
        val sum = code.take(12).mapIndexed { index, digit -> digit.digitToInt() * if (index % 2 == 0) 1 else 3 }.sum()
        return (10 - sum % 10) % 10
    }

    @Test
    fun `noise, nothing and too little are no code`() {
        val random = Random(7)
        repeat(20) { assertNull(reader.read(random.nextBytes(200 * 200), 200, 200, 200)) }
        assertNull(reader.read(ByteArray(200 * 200), 200, 200, 200))
        assertNull(reader.read(ByteArray(10), 200, 200, 200))
    }
}
