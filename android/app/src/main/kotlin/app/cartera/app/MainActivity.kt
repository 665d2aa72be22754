package app.cartera.app

import android.Manifest
import android.app.KeyguardManager
import android.content.Intent
import android.content.pm.PackageManager
import android.os.Bundle
import android.view.WindowManager
import androidx.activity.ComponentActivity
import androidx.activity.compose.BackHandler
import androidx.activity.compose.setContent
import androidx.activity.result.contract.ActivityResultContracts.RequestPermission
import androidx.activity.result.contract.ActivityResultContracts.StartActivityForResult
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import app.cartera.device.ScanActivity
import app.cartera.device.SystemWhereabouts
import app.cartera.ui.App
import app.cartera.ui.LockedApp
import app.cartera.ui.Surroundings
import kotlin.coroutines.resume
import kotlinx.coroutines.suspendCancellableCoroutine

/** The only thing here that needs AndroidX: the window, the system's questions, and the way back. */
class MainActivity : ComponentActivity() {
    private val process get() = application as CarteraApplication

    private var answered: (() -> Unit)? = null
    private val question = registerForActivityResult(RequestPermission()) { answered?.also { answered = null }?.invoke() }

    private var scanned: ((String) -> Unit)? = null
    private val scan = registerForActivityResult(StartActivityForResult()) { result ->
        result.data?.getStringExtra(ScanActivity.TEXT)?.let { scanned?.invoke(it) }
        scanned = null
    }

    private val credential = registerForActivityResult(StartActivityForResult()) { result ->
        if (result.resultCode == RESULT_OK) process.lock.unlocked()
    }

    override fun onCreate(saved: Bundle?) {
        super.onCreate(saved)
        // Neither screenshots by other apps nor the list of recent ones show clients.
        window.setFlags(WindowManager.LayoutParams.FLAG_SECURE, WindowManager.LayoutParams.FLAG_SECURE)
        val located = Manifest.permission.ACCESS_FINE_LOCATION
        process.whereabouts.from(this, SystemWhereabouts(this, { process.preferences.wasAsked(located) }, ::ask))
        process.app.open()
        val around = Surroundings(
            android.os.Build.MODEL, packageManager.getPackageInfo(packageName, 0).versionName.orEmpty(), process.preferences, ::scan,
        )
        setContent {
            val locked by process.lock.locked.collectAsState()
            val places by process.navigation.places.collectAsState()
            BackHandler(enabled = places.size > 1) { process.navigation.back() }
            if (locked) {
                LockedApp(process.speech.words, around, ::unlock)
            } else {
                App(process.app, process.navigation, process.speech.words, around)
            }
        }
    }

    override fun onStart() {
        super.onStart()
        process.lock.inSight()
        if (process.lock.locked.value) unlock()
    }

    override fun onStop() {
        process.lock.outOfSight()
        super.onStop()
    }

    override fun onDestroy() {
        process.whereabouts.gone(this)
        super.onDestroy()
    }

    /** By the device's own credential; a device without one has nothing to ask for. */
    @Suppress("DEPRECATION") // the only way that Android 8 to 16 share without AndroidX' biometrics
    private fun unlock() {
        val ask = getSystemService(KeyguardManager::class.java)
            ?.createConfirmDeviceCredentialIntent(process.speech.words.appLockTitle, process.speech.words.appLockAdvice)
        if (ask == null) process.lock.unlocked() else credential.launch(ask)
    }

    private fun scan(onRead: (String) -> Unit, onDenied: () -> Unit) {
        val start = {
            if (checkSelfPermission(Manifest.permission.CAMERA) == PackageManager.PERMISSION_GRANTED) {
                scanned = onRead
                scan.launch(Intent(this, ScanActivity::class.java).putExtra(ScanActivity.SAID, process.speech.words.appScanAdvice))
            } else {
                onDenied()
            }
        }
        if (checkSelfPermission(Manifest.permission.CAMERA) == PackageManager.PERMISSION_GRANTED) return start()
        answered = start
        question.launch(Manifest.permission.CAMERA)
    }

    private suspend fun ask(permission: String) = suspendCancellableCoroutine { waiting ->
        answered = {
            process.preferences.asked(permission)
            if (waiting.isActive) waiting.resume(Unit)
        }
        question.launch(permission)
    }
}
