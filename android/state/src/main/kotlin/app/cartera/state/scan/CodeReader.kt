package app.cartera.state.scan

import com.google.zxing.BarcodeFormat
import com.google.zxing.BinaryBitmap
import com.google.zxing.DecodeHintType
import com.google.zxing.LuminanceSource
import com.google.zxing.MultiFormatReader
import com.google.zxing.NotFoundException
import com.google.zxing.PlanarYUVLuminanceSource
import com.google.zxing.ReaderException
import com.google.zxing.common.HybridBinarizer

/** Reads the codes in what a camera sees: the QR that links a phone, bar codes of articles. One thread at a time. */
class CodeReader {
    private val reader = MultiFormatReader().apply { setHints(mapOf(DecodeHintType.POSSIBLE_FORMATS to FORMATS)) }

    /** `luminance` has `rowStride` bytes a row, of which `width` are picture. Null where there is no code in it. */
    fun read(luminance: ByteArray, width: Int, height: Int, rowStride: Int): String? {
        if (luminance.size < rowStride.toLong() * (height - 1) + width) return null
        val upright = PlanarYUVLuminanceSource(luminance, rowStride, height, 0, 0, width, height, false)
        return decode(upright) ?: decode(upright.invert()) ?: decode(turned(luminance, width, height, rowStride))
    }

    /** A bar code is read along its rows: a phone held upright sees it turned. */
    private fun turned(luminance: ByteArray, width: Int, height: Int, rowStride: Int): LuminanceSource {
        val turned = ByteArray(width * height)
        for (y in 0 until height) {
            for (x in 0 until width) turned[x * height + (height - 1 - y)] = luminance[y * rowStride + x]
        }
        return PlanarYUVLuminanceSource(turned, height, width, 0, 0, height, width, false)
    }

    private fun decode(source: LuminanceSource): String? = try {
        reader.decodeWithState(BinaryBitmap(HybridBinarizer(source))).text
    } catch (_: NotFoundException) {
        null
    } catch (_: ReaderException) {
        null // seen, and damaged: the next picture is better
    } finally {
        reader.reset()
    }

    private companion object {
        val FORMATS = listOf(
            BarcodeFormat.QR_CODE, BarcodeFormat.EAN_13, BarcodeFormat.EAN_8, BarcodeFormat.UPC_A, BarcodeFormat.CODE_128,
        )
    }
}
