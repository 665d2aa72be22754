"""Our fits, expectations and CLV beside those of the Python package lifetimes, on CDNOW and on generated data.

    compare.py --models PROGRAM
"""

import argparse
import datetime
import json
import pathlib
import subprocess
import sys

import numpy as np
import pandas as pd

import took

AHEAD_WEEKS = 26.0
FIRST_DAY = datetime.date(2024, 1, 1)

passed = failed = 0


def check(what, is_so, detail=""):
    global passed, failed
    if is_so:
        passed += 1
    else:
        failed += 1
        print(f"FAILED {what}: {detail}")


def close(what, ours, theirs, relative):
    ours, theirs = np.asarray(ours, float), np.asarray(theirs, float)
    off = np.max(np.abs(ours - theirs) / np.maximum(np.abs(theirs), 1e-9))
    check(what, bool(off <= relative), f"off by {off:.2e} of {relative:.0e}")
    return off


def generated(seed, clients, r, alpha, a, b, p, q, v, days):
    """Purchases of clients that live and spend as the models say."""
    random = np.random.default_rng(seed)
    rows = []
    for client in range(1, clients + 1):
        first = int(random.integers(0, days // 3))
        rate, dropout = random.gamma(r, 1 / alpha), random.beta(a, b)
        spend = random.gamma(q, 1 / v)
        at, dates = first / 7, {first}
        while random.random() >= dropout or at == first / 7:
            at += random.exponential(1 / rate)
            if at * 7 >= days:
                break
            dates.add(int(at * 7))
        for day in sorted(dates):
            cents = max(1, round(100 * random.gamma(p, 1 / spend)))
            rows.append((client, FIRST_DAY + datetime.timedelta(days=day), cents))
    return pd.DataFrame(rows, columns=["client", "date", "cents"]), FIRST_DAY + datetime.timedelta(days=days - 1)


def master():
    frame = took.cdnow()
    frame["date"] = frame.date.dt.date
    frame["cents"] = (frame.dollars * 100).round().astype(int)
    days = frame.groupby(["client", "date"], as_index=False).cents.sum()
    return days, datetime.date.fromisoformat(took.CDNOW_ENDS)


def compare(name, days, as_of, models):
    days = days.sort_values(["client", "date"])
    text = "".join(f"{row.client},{row.date},{row.cents}\n" for row in days.itertuples())
    run = subprocess.run([models, str(as_of), "91"], input=text, capture_output=True, text=True)
    check(f"{name}: the program answers", run.returncode == 0, run.stderr[-400:])
    if run.returncode:
        return
    ours = json.loads(run.stdout)

    frame = days.assign(date=pd.to_datetime(days.date), dollars=days.cents / 100)
    summary, events, spend, theirs_ms = took.fitted(frame, str(as_of))
    x, t_x, T = took.weeks(summary)

    mine = pd.DataFrame(ours["clients"])
    for column, theirs in [("x", x), ("t_x", t_x), ("T", T)]:
        close(f"{name}: {column}", mine[column], theirs, 1e-12)
    means = np.where(mine.x > 0, mine.net / np.maximum(mine.x, 1) / 100, 0)
    close(f"{name}: mean spend", means, summary.monetary_value, 1e-9)

    # Two optimisers stop in two places near one top: ours may not be lower.
    theirs = dict(events.params_)
    own = {key: ours["events"][key] for key in ("r", "alpha", "a", "b")}
    likelihood = lambda at: events._negative_log_likelihood(
        np.log([at["r"], at["alpha"], at["a"], at["b"]]), x.values, t_x.values, T.values, np.ones(len(x)), 0
    )
    check(f"{name}: likelihood", likelihood(own) <= likelihood(theirs) + 1e-9, f"{likelihood(own)} {likelihood(theirs)}")
    close(f"{name}: parameters of BG/NBD", list(own.values()), [theirs[key] for key in own], 5e-3)
    close(f"{name}: parameters of Gamma-Gamma", list(ours["spend"].values()), [spend.params_[key] for key in "pqv"], 5e-3)

    # With the very same parameters, formulas agree far better than fits do.
    for key, value in own.items():
        events.params_[key] = value
    for key, value in ours["spend"].items():
        spend.params_[key] = value
    alive = events.conditional_probability_alive(x, t_x, T)
    again = mine.x.values > 0
    close(f"{name}: P(alive)", mine.alive[again], np.asarray(alive)[again], 1e-9)
    check(f"{name}: too early to tell", mine.alive[~again].isna().all())
    expected = events.conditional_expected_number_of_purchases_up_to_time(AHEAD_WEEKS, x, t_x, T)
    close(f"{name}: events to come", mine.expected, expected, 1e-7)
    close(f"{name}: spend to come", mine.spend / 100, spend.conditional_expected_average_profit(x, summary.monetary_value), 1e-9)
    close(f"{name}: CLV", mine.clv / 100, took.clv(events, spend, summary), 1e-6)
    new = [events.expected_number_of_purchases_up_to_time(t) for t in (1.0, 10.0, 52.0, 200.0)]
    close(f"{name}: events of a new client", ours["new"], new, 1e-7)
    chances = [events.probability_of_n_purchases_up_to_time(AHEAD_WEEKS, n) for n in (0, 1, 5)]
    close(f"{name}: chances of a new client", ours["probability"], chances, 1e-9)

    ours_ms = ours["took_ms"]
    print(
        f"{name}: lifetimes {theirs_ms['summary']:.0f} ms summary, {theirs_ms['fits']:.0f} ms fits, "
        f"{theirs_ms['clv']:.0f} ms CLV; ours {ours_ms['read']} ms reading text, "
        f"{ours_ms['fit']} ms fits with those of the period held out, {ours_ms['clv']} ms summary and CLV"
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--models", required=True)
    arguments = parser.parse_args()
    compare("CDNOW", *master(), arguments.models)
    for seed, clients, shape in [
        (1, 4_000, dict(r=0.25, alpha=4.5, a=0.8, b=2.4, p=6.2, q=3.8, v=15.0, days=546)),
        (2, 2_000, dict(r=1.4, alpha=3.0, a=1.0, b=5.0, p=2.0, q=4.5, v=60.0, days=730)),
        (3, 3_000, dict(r=0.6, alpha=8.0, a=1.6, b=3.0, p=4.0, q=2.5, v=20.0, days=365)),
    ]:
        compare(f"seed {seed}", *generated(seed, clients, **shape), arguments.models)
    print(f"passed {passed} failed {failed} skipped 0")
    sys.exit(failed > 0)


main()
