package app.cartera.device

import android.content.ActivityNotFoundException
import android.content.ClipData
import android.content.Context
import android.content.Intent
import android.net.Uri
import app.cartera.state.device.HandOver
import java.util.Locale

class IntentHandOver(private val context: Context) : HandOver {
    /** The dialler with the number in it: calling without a touch of the person would need a permission. */
    override fun call(number: String) = start(Intent(Intent.ACTION_DIAL, Uri.fromParts("tel", number, null)))

    override fun write(address: String) = start(Intent(Intent.ACTION_SENDTO, Uri.fromParts("mailto", address, null)))

    override fun navigate(latitude: Double, longitude: Double, label: String): Boolean {
        val at = String.format(Locale.ROOT, "%.6f,%.6f", latitude, longitude)
        return start(Intent(Intent.ACTION_VIEW, Uri.parse("geo:$at?q=$at(${Uri.encode(label)})")))
    }

    override fun share(text: String) =
        start(Intent.createChooser(Intent(Intent.ACTION_SEND).setType("text/plain").putExtra(Intent.EXTRA_TEXT, text), null))

    override fun shareFile(name: String, bytes: ByteArray): Boolean {
        val uri = SharedFiles.put(context, name, bytes)
        val send = Intent(Intent.ACTION_SEND).setType("application/octet-stream").putExtra(Intent.EXTRA_STREAM, uri)
            .addFlags(Intent.FLAG_GRANT_READ_URI_PERMISSION)
        // The grant goes by the clip, through the chooser to whoever is chosen.
        send.clipData = ClipData.newRawUri(name, uri)
        return start(Intent.createChooser(send, null).addFlags(Intent.FLAG_GRANT_READ_URI_PERMISSION))
    }

    private fun start(intent: Intent): Boolean = try {
        context.startActivity(intent.addFlags(Intent.FLAG_ACTIVITY_NEW_TASK))
        true
    } catch (_: ActivityNotFoundException) {
        false
    }
}
