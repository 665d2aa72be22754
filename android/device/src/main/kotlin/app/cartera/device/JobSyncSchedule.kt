package app.cartera.device

import android.app.job.JobInfo
import android.app.job.JobScheduler
import android.content.ComponentName
import android.content.Context
import android.os.Build
import app.cartera.state.device.SyncSchedule
import java.util.concurrent.TimeUnit

/** Syncs by the system's scheduler; `service` is the app's `JobService`. */
class JobSyncSchedule(context: Context, service: Class<*>) : SyncSchedule {
    private val jobs = context.service<JobScheduler>()
    private val component = ComponentName(context, service)

    override fun regularly() {
        // Scheduling anew would begin the period again.
        if (jobs.getPendingJob(REGULARLY) != null) return
        jobs.schedule(
            job(REGULARLY).setPeriodic(TimeUnit.HOURS.toMillis(PERIOD_H)).setPersisted(true).build(),
        )
    }

    override fun soon() {
        val job = job(SOON).setBackoffCriteria(TimeUnit.SECONDS.toMillis(BACKOFF_S), JobInfo.BACKOFF_POLICY_EXPONENTIAL)
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) job.setExpedited(true) else job.setPersisted(true)
        if (jobs.schedule(job.build()) == JobScheduler.RESULT_FAILURE) {
            // The quota of expedited jobs is used up: an ordinary one does it a little later.
            jobs.schedule(job(SOON).setPersisted(true).build())
        }
    }

    override fun never() {
        jobs.cancel(REGULARLY)
        jobs.cancel(SOON)
    }

    private fun job(id: Int) = JobInfo.Builder(id, component).setRequiredNetworkType(JobInfo.NETWORK_TYPE_ANY)

    private companion object {
        const val REGULARLY = 1
        const val SOON = 2
        const val PERIOD_H = 4L
        const val BACKOFF_S = 30L
    }
}
