package app.cartera.state

import app.cartera.ffi.Money
import app.cartera.ffi.MoneyFigure
import app.cartera.ffi.MyMonth
import app.cartera.ffi.Objective
import app.cartera.ffi.RatioFigure
import app.cartera.toLocalDate
import java.time.LocalDate
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.map

data class MonthState(val revenue: List<Comparison>, val objectives: List<Progress>, val work: List<Labelled>)

/** A figure beside the same days a year before; words where it cannot be said. */
data class Comparison(val label: String, val now: String, val before: String)

/** How far an objective is; `share` from 0 to 1, and null where it cannot be said. */
data class Progress(val label: String, val achieved: String, val target: String, val share: Float?, val days: String)

/** *Mi mes*: how the month goes. */
class MonthModel(session: Session) : Model(session) {
    val state: StateFlow<Load<MonthState>> = read(MutableStateFlow(Unit)) { figures.myMonth() to businessDate().toLocalDate() }
        .map { load -> load.map { (month, today) -> shown(month, today) } }.shown()

    private fun shown(month: MyMonth, today: LocalDate) = MonthState(
        revenue = month.byCurrency.map { Comparison(words.measureNetRevenue, said(it.net), said(it.yearBefore)) },
        objectives = month.objectives.map { progress(it, today) },
        work = listOf(
            Labelled(words.measureVisits, formats.whole(month.visits.toLong())),
            Labelled(words.appMonthEffective, said(month.effectiveness)),
            Labelled(words.wordVisitPlan, of(month.plannedDone, month.planned)),
            Labelled(words.appMonthCovered, of(month.covered, month.toCover)),
        ),
    )

    private fun said(figure: MoneyFigure) = when (figure) {
        is MoneyFigure.Value -> speech.money(figure.money)
        is MoneyFigure.Withheld -> words.of("withheld-${figure.code}") ?: words.valueUnknown
    }

    private fun said(figure: RatioFigure) = when (figure) {
        is RatioFigure.Value -> formats.percent(figure.ratio)
        is RatioFigure.Withheld -> words.of("withheld-${figure.code}") ?: words.valueUnknown
    }

    private fun of(part: ULong, whole: ULong) =
        if (whole == 0uL) words.withheldNoData else words.appMonthOf(formats.whole(part.toLong()), formats.whole(whole.toLong()))

    private fun progress(objective: Objective, today: LocalDate): Progress {
        val currency = objective.currency
        fun said(amount: Long) = if (currency == null) formats.whole(amount) else speech.money(Money(amount, currency))
        val achieved = objective.achieved
        return Progress(
            label = listOfNotNull(words.of("measure-${objective.measure}") ?: words.valueUnknown, objective.family).joinToString(" · "),
            achieved = achieved?.let(::said) ?: words.withheldNoData,
            target = said(objective.target),
            share = (objective.ratio as? RatioFigure.Value)?.ratio?.toFloat()?.coerceIn(0f, 1f),
            days = words.appMonthUntil(formats.day(objective.to.toLocalDate(), today)),
        )
    }
}
