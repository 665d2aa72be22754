package app.cartera.state

import kotlin.test.Test
import kotlin.test.assertFalse
import kotlin.test.assertTrue

class LockModelTest {
    @Test
    fun `it is locked at first, and again after the time that was chosen out of sight`() {
        var now = 1_000_000L
        val preferences = TestPreferences()
        val lock = LockModel(preferences) { now }
        assertTrue(lock.locked.value)
        lock.unlocked()
        lock.inSight()
        assertFalse(lock.locked.value, "who never left is not asked")

        lock.outOfSight()
        now += 5 * 60_000 - 1
        lock.inSight()
        assertFalse(lock.locked.value)
        lock.outOfSight()
        now += 5 * 60_000
        lock.inSight()
        assertTrue(lock.locked.value)

        lock.unlocked()
        preferences.setLockAfterMinutes(0)
        lock.outOfSight()
        lock.inSight()
        assertTrue(lock.locked.value, "always")
    }
}
