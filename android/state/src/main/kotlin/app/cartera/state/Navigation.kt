package app.cartera.state

import app.cartera.ffi.ClientId
import app.cartera.ffi.PlannedVisit
import app.cartera.ffi.RecordId
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update

/** Where in the app somebody can be. */
sealed interface Place {
    /** One of the main places. */
    sealed interface Main : Place

    data object Today : Main

    data object Clients : Main

    data object Review : Main

    data object Month : Main

    data object Settings : Main

    data object Sync : Place

    data object NewClient : Place

    data class Client(val id: ClientId) : Place

    data class Visit(
        val client: ClientId,
        val name: String,
        val planned: PlannedVisit? = null,
        val corrected: CorrectedVisit? = null,
    ) : Place

    /** What became of an order. */
    data class OrderState(val order: RecordId) : Place

    data class Order(val client: ClientId, val visit: RecordId? = null) : Place
}

/** The way from the start to where somebody is; the last is shown. */
class Navigation {
    private val way = MutableStateFlow<List<Place>>(listOf(Place.Today))
    val places: StateFlow<List<Place>> = way.asStateFlow()

    /** A main place has nothing behind it but the day; where somebody is already, nothing happens. */
    fun go(place: Place) = way.update { now ->
        when {
            place == now.last() -> now
            place is Place.Main -> listOf(Place.Today, place).distinct()
            else -> now + place
        }
    }

    /** Instead of where somebody is: what was done there is not come back to. */
    fun replace(place: Place) = way.update { it.dropLast(1) + place }

    /** False where there is nothing to go back to. */
    fun back(): Boolean {
        if (way.value.size == 1) return false
        way.update { it.dropLast(1).ifEmpty { listOf(Place.Today) } }
        return true
    }
}
