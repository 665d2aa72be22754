package app.cartera.state

/** A mark on a row, for what is not as usual. */
data class Mark(val text: String, val weight: Weight)
