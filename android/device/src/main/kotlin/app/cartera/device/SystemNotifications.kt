package app.cartera.device

import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.Context
import android.content.Intent
import app.cartera.state.device.Notifications

/** One channel, quiet: what was not taken waits until the person has a hand free. */
class SystemNotifications(
    private val context: Context,
    private val icon: Int,
    channelName: String,
    private val opens: Intent,
) : Notifications {
    private val manager = context.service<NotificationManager>()

    init {
        manager.createNotificationChannel(NotificationChannel(CHANNEL, channelName, NotificationManager.IMPORTANCE_LOW))
    }

    override fun notTaken(title: String, text: String) {
        val open = PendingIntent.getActivity(context, 0, opens, PendingIntent.FLAG_IMMUTABLE or PendingIntent.FLAG_UPDATE_CURRENT)
        val notification = Notification.Builder(context, CHANNEL)
            .setSmallIcon(icon)
            .setContentTitle(title)
            .setContentText(text)
            .setStyle(Notification.BigTextStyle().bigText(text))
            .setVisibility(Notification.VISIBILITY_PRIVATE) // a client's name does not stand on a locked screen
            .setContentIntent(open)
            .setAutoCancel(true)
            .build()
        manager.notify(NOT_TAKEN, notification)
    }

    override fun clear() = manager.cancel(NOT_TAKEN)

    private companion object {
        const val CHANNEL = "not_taken"
        const val NOT_TAKEN = 1
    }
}
