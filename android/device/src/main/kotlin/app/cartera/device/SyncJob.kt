package app.cartera.device

import android.app.job.JobParameters
import android.app.job.JobService
import app.cartera.state.AppModel
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch

/** The process' application, which has the one model of the app. */
interface AppHost {
    val app: AppModel
}

/** One sync for the system's scheduler, over the database that the process has open. */
class SyncJob : JobService() {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.IO)

    override fun onStartJob(parameters: JobParameters): Boolean {
        val app = (application as AppHost).app
        scope.launch { jobFinished(parameters, app.syncOnce()) }
        return true
    }

    /** The network is gone, or the time is up: what was sent is sent, and the rest goes with the next. */
    override fun onStopJob(parameters: JobParameters) = true

    override fun onDestroy() {
        scope.cancel()
        super.onDestroy()
    }
}
