package app.cartera.device

import android.Manifest
import android.app.Activity
import android.content.pm.PackageManager
import android.location.Location
import android.location.LocationListener
import android.location.LocationManager
import android.os.Build
import android.os.Looper
import app.cartera.state.device.Fix
import app.cartera.state.device.Permission
import app.cartera.state.device.Whereabouts
import kotlin.coroutines.resume
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.withTimeoutOrNull

/**
 * One fix, never followed: nothing here runs but while a person waits for it. `ask` shows the system's question and comes
 * back once it was answered.
 */
class SystemWhereabouts(
    private val activity: Activity,
    private val wasAsked: () -> Boolean,
    private val ask: suspend (String) -> Unit,
) : Whereabouts {
    private val locations = activity.service<LocationManager>()

    override val permission: Permission
        get() = when {
            activity.checkSelfPermission(NEEDED) == PackageManager.PERMISSION_GRANTED -> Permission.Granted
            // After 'never again' the system would not ask any more, and the answer is no.
            wasAsked() && !activity.shouldShowRequestPermissionRationale(NEEDED) -> Permission.Denied
            else -> Permission.Askable
        }

    override suspend fun here(): Fix? {
        if (permission == Permission.Askable) ask(NEEDED)
        if (permission != Permission.Granted) return null
        val provider = PROVIDERS.firstOrNull { it in locations.allProviders && locations.isProviderEnabled(it) } ?: return null
        return withTimeoutOrNull(PATIENCE_MS) { fix(provider) }
    }

    private suspend fun fix(provider: String): Fix? = suspendCancellableCoroutine { waiting ->
        @Suppress("OVERRIDE_DEPRECATION") // of what Android 9 and older call
        val listener = object : LocationListener {
            override fun onLocationChanged(location: Location) {
                locations.removeUpdates(this)
                if (waiting.isActive) waiting.resume(Fix(location.latitude, location.longitude, location.accuracy))
            }

            // Without a body of its own on old systems, which call it.
            @Deprecated("Called by Android 9 and older")
            override fun onStatusChanged(provider: String?, status: Int, extras: android.os.Bundle?) = Unit

            override fun onProviderEnabled(provider: String) = Unit

            override fun onProviderDisabled(provider: String) = Unit
        }
        try {
            locations.requestLocationUpdates(provider, 0L, 0f, listener, Looper.getMainLooper())
        } catch (_: SecurityException) {
            waiting.resume(null) // taken back meanwhile
            return@suspendCancellableCoroutine
        }
        waiting.invokeOnCancellation { locations.removeUpdates(listener) }
    }

    private companion object {
        const val NEEDED = Manifest.permission.ACCESS_FINE_LOCATION
        const val PATIENCE_MS = 15_000L
        val PROVIDERS = listOfNotNull(
            LocationManager.FUSED_PROVIDER.takeIf { Build.VERSION.SDK_INT >= Build.VERSION_CODES.S },
            LocationManager.GPS_PROVIDER,
            LocationManager.NETWORK_PROVIDER,
        )
    }
}
