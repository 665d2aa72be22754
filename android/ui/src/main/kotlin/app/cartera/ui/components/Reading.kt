package app.cartera.ui.components

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import app.cartera.ui.theme.Edge
import app.cartera.ui.theme.Tone
import app.cartera.ui.theme.now

/** The shape of a list for the few milliseconds before it is there. Nothing moves. */
@Composable
fun Reading() {
    Column {
        repeat(ROWS) {
            Column(Modifier.padding(horizontal = Edge, vertical = 14.dp)) {
                Bar(0.55f, 16.dp)
                Bar(0.8f, 12.dp)
            }
        }
    }
}

@Composable
private fun Bar(width: Float, height: Dp) {
    Box(
        Modifier.padding(vertical = 3.dp).fillMaxWidth(width).height(height).clip(RoundedCornerShape(6.dp))
            .background(Tone.Inset.now.ground),
    )
}

private const val ROWS = 7
