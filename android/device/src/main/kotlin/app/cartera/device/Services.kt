package app.cartera.device

import android.content.Context

/** A service that every device has. */
internal inline fun <reified T : Any> Context.service(): T = checkNotNull(getSystemService(T::class.java)) { "no ${T::class.java.name}" }
