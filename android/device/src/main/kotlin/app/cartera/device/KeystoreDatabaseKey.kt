package app.cartera.device

import android.content.Context
import android.os.UserManager
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.KeyProperties
import android.util.AtomicFile
import app.cartera.state.device.DatabaseKey
import app.cartera.state.device.KeyAnswer
import java.io.File
import java.io.FileNotFoundException
import java.io.IOException
import java.security.GeneralSecurityException
import java.security.KeyStore
import java.security.SecureRandom
import javax.crypto.AEADBadTagException
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/**
 * The database's key is random and lies wrapped in a file that is never backed up; what unwraps it never leaves the key
 * store. It can be used before a screen lock is set, so that a phone without one keeps its data when one is added.
 */
class KeystoreDatabaseKey(private val context: Context) : DatabaseKey {
    private val file = AtomicFile(File(context.noBackupFilesDir, "database.key"))

    override fun get(): KeyAnswer {
        val unlocked = context.getSystemService(UserManager::class.java)?.isUserUnlocked ?: true
        if (!unlocked) return KeyAnswer.NotYet
        val wrapped = try {
            file.readFully()
        } catch (_: FileNotFoundException) {
            return replace()
        }
        return unwrap(wrapped)
    }

    override fun replace(): KeyAnswer {
        setAside()
        val key = ByteArray(KEY_BYTES).also(SecureRandom()::nextBytes)
        val cipher = Cipher.getInstance(CIPHER).apply { init(Cipher.ENCRYPT_MODE, wrappingKey() ?: newWrappingKey()) }
        val wrapped = cipher.iv + cipher.doFinal(key)
        val out = file.startWrite()
        try {
            out.write(wrapped)
            file.finishWrite(out) // synced to the disk before any database is made with it
        } catch (failed: IOException) {
            file.failWrite(out)
            throw failed
        }
        return KeyAnswer.Key(key)
    }

    private fun unwrap(wrapped: ByteArray): KeyAnswer {
        val wrapping = try {
            wrappingKey()
        } catch (_: GeneralSecurityException) {
            return KeyAnswer.NotYet // the key store does not answer; that passes
        } ?: return KeyAnswer.Lost
        if (wrapped.size <= IV_BYTES) return KeyAnswer.Lost
        return try {
            val cipher = Cipher.getInstance(CIPHER)
            cipher.init(Cipher.DECRYPT_MODE, wrapping, GCMParameterSpec(TAG_BITS, wrapped, 0, IV_BYTES))
            KeyAnswer.Key(cipher.doFinal(wrapped, IV_BYTES, wrapped.size - IV_BYTES))
        } catch (_: KeyPermanentlyInvalidatedException) {
            KeyAnswer.Lost
        } catch (_: AEADBadTagException) {
            KeyAnswer.Lost
        } catch (_: GeneralSecurityException) {
            KeyAnswer.NotYet
        }
    }

    private fun wrappingKey(): SecretKey? =
        KeyStore.getInstance(STORE).apply { load(null) }.getKey(ALIAS, null) as SecretKey?

    private fun newWrappingKey(): SecretKey = KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, STORE).apply {
        init(
            KeyGenParameterSpec.Builder(ALIAS, KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT)
                .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
                .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
                .setKeySize(KEY_BYTES * Byte.SIZE_BITS)
                .build(),
        )
    }.generateKey()

    /** A wrapped key may yet be of use to somebody who recovers data: it is renamed, not deleted. */
    private fun setAside() {
        val old = file.baseFile
        if (!old.exists()) return
        var number = 1
        while (File(old.parentFile, "${old.name}.old-$number").exists()) number++
        old.renameTo(File(old.parentFile, "${old.name}.old-$number"))
    }

    private companion object {
        const val STORE = "AndroidKeyStore"
        const val ALIAS = "cartera.database"
        const val CIPHER = "AES/GCM/NoPadding"
        const val KEY_BYTES = 32
        const val IV_BYTES = 12
        const val TAG_BITS = 128
    }
}
