package app.cartera.state

import app.cartera.ffi.ClientId
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

class NavigationTest {
    private val bar = Place.Client(ClientId("01ARZ3NDEKTSV4RRFFQ69G5FAV"))

    @Test
    fun `back leads where somebody came from, from a main place to the day, and from there out`() {
        val navigation = Navigation()
        navigation.go(Place.Clients)
        navigation.go(bar)
        navigation.go(bar)
        navigation.go(Place.Order(bar.id))
        assertEquals(listOf(Place.Today, Place.Clients, bar, Place.Order(bar.id)), navigation.places.value)
        assertTrue(navigation.back())
        assertEquals(bar, navigation.places.value.last())
        navigation.go(Place.Month)
        assertEquals(listOf(Place.Today, Place.Month), navigation.places.value)
        assertTrue(navigation.back())
        assertFalse(navigation.back())
        navigation.go(Place.Today)
        assertEquals(listOf<Place>(Place.Today), navigation.places.value)
    }

    @Test
    fun `what was done is not come back to`() {
        val navigation = Navigation()
        navigation.go(Place.NewClient)
        navigation.replace(bar)
        assertEquals(listOf(Place.Today, bar), navigation.places.value)
    }
}
