package app.cartera.device

import android.content.ContentProvider
import android.content.ContentValues
import android.content.Context
import android.database.Cursor
import android.database.MatrixCursor
import android.net.Uri
import android.os.ParcelFileDescriptor
import android.provider.OpenableColumns
import java.io.File
import java.io.FileNotFoundException

/** Files that the person hands to another app; that app alone may read them, and they lie in the cache. */
class SharedFiles : ContentProvider() {
    override fun onCreate() = true

    override fun openFile(uri: Uri, mode: String): ParcelFileDescriptor {
        if (mode != "r") throw FileNotFoundException("read only")
        return ParcelFileDescriptor.open(file(uri), ParcelFileDescriptor.MODE_READ_ONLY)
    }

    override fun query(uri: Uri, projection: Array<out String>?, selection: String?, arguments: Array<out String>?, order: String?): Cursor {
        val file = file(uri)
        return MatrixCursor(arrayOf(OpenableColumns.DISPLAY_NAME, OpenableColumns.SIZE), 1).apply { addRow(arrayOf<Any>(file.name, file.length())) }
    }

    /** By its last name alone: no path leads out of the folder. */
    private fun file(uri: Uri): File {
        val name = uri.lastPathSegment?.takeIf(NAME::matches) ?: throw FileNotFoundException("no such file")
        return File(folder(checkNotNull(context)), name).takeIf(File::isFile) ?: throw FileNotFoundException("no such file")
    }

    override fun getType(uri: Uri) = "application/octet-stream"

    override fun insert(uri: Uri, values: ContentValues?): Uri? = null

    override fun update(uri: Uri, values: ContentValues?, selection: String?, arguments: Array<out String>?) = 0

    override fun delete(uri: Uri, selection: String?, arguments: Array<out String>?) = 0

    companion object {
        private val NAME = Regex("[a-z0-9-]{1,60}\\.sealed")

        private fun folder(context: Context) = File(context.cacheDir, "shared").apply { mkdirs() }

        fun put(context: Context, name: String, bytes: ByteArray): Uri {
            require(NAME.matches(name)) { "not a name for a shared file" }
            File(folder(context), name).writeBytes(bytes)
            return Uri.parse("content://${context.packageName}.shared/$name")
        }
    }
}
