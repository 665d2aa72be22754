package app.cartera.app

import android.app.Activity
import android.app.Application
import android.content.Intent
import app.cartera.R
import app.cartera.device.AppHost
import app.cartera.device.IntentHandOver
import app.cartera.device.JobSyncSchedule
import app.cartera.device.KeystoreDatabaseKey
import app.cartera.device.StoredPreferences
import app.cartera.device.SyncJob
import app.cartera.device.SystemDictation
import app.cartera.device.SystemLocaleData
import app.cartera.device.SystemNetwork
import app.cartera.device.SystemNotifications
import app.cartera.state.AppModel
import app.cartera.state.Formats
import app.cartera.state.LockModel
import app.cartera.state.Navigation
import app.cartera.state.Speech
import app.cartera.state.device.Device
import app.cartera.state.device.Fix
import app.cartera.state.device.Permission
import app.cartera.state.device.Whereabouts
import app.cartera.words.Language
import java.io.File
import java.time.ZoneId
import java.util.Locale
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob

/** What lives as long as the process: the one open database, and the way through the app. */
class CarteraApplication : Application(), AppHost {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    val preferences by lazy { StoredPreferences(this) }
    val navigation = Navigation()
    val lock by lazy { LockModel(preferences, android.os.SystemClock::elapsedRealtime) }

    /** Of the activity that is in sight; without one nobody asks where the phone is. */
    val whereabouts = PassedOn()

    val speech: Speech by lazy {
        val tag = preferences.language.value ?: Locale.getDefault().toLanguageTag()
        Speech(Language.of(tag), Formats(Locale.forLanguageTag(tag), SystemLocaleData, ZoneId.systemDefault()))
    }

    override val app: AppModel by lazy {
        val opens = Intent(this, MainActivity::class.java)
        val device = Device(
            SystemNetwork(this), JobSyncSchedule(this, SyncJob::class.java), whereabouts, IntentHandOver(this),
            SystemNotifications(this, R.drawable.notification, speech.words.appNotTakenChannel, opens), SystemDictation(this),
        )
        AppModel(
            File(noBackupFilesDir, "cartera.db").path, ZoneId.systemDefault().id, KeystoreDatabaseKey(this), speech, device, scope,
        )
    }

    class PassedOn : Whereabouts {
        @Volatile
        private var of: Pair<Activity, Whereabouts>? = null

        override val permission get() = of?.second?.permission ?: Permission.Denied

        override suspend fun here(): Fix? = of?.second?.here()

        fun from(activity: Activity, whereabouts: Whereabouts) {
            of = activity to whereabouts
        }

        fun gone(activity: Activity) {
            if (of?.first == activity) of = null
        }
    }
}
