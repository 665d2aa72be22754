"""Milliseconds that the Python package lifetimes takes for CDNOW's summary, its fits and its CLV, as JSON."""

import json
import time
import warnings

import pandas as pd

warnings.filterwarnings("ignore")

from lifetimes import BetaGeoFitter, GammaGammaFitter  # noqa: E402
from lifetimes.datasets import load_dataset  # noqa: E402
from lifetimes.utils import summary_data_from_transaction_data  # noqa: E402

frame = load_dataset("CDNOW_master.txt", sep=r"\s+", header=None, skiprows=1, names=["client", "date", "cds", "dollars"])
frame["date"] = pd.to_datetime(frame.date, format="%Y%m%d")
began = time.perf_counter()
summary = summary_data_from_transaction_data(
    frame, "client", "date", "dollars", observation_period_end="1998-06-30", freq="D"
)
summed = time.perf_counter()
x, t_x, T = summary.frequency, summary.recency / 7, summary["T"] / 7
events = BetaGeoFitter()
events.fit(x, t_x, T)
spenders = summary[(summary.frequency > 0) & (summary.monetary_value > 0)]
spend = GammaGammaFitter()
spend.fit(spenders.frequency, spenders.monetary_value)
fitted = time.perf_counter()
spend.customer_lifetime_value(events, x, t_x, T, summary.monetary_value, time=12, discount_rate=0.01, freq="W")
done = time.perf_counter()
parts = {"summary": summed - began, "fits": fitted - summed, "clv": done - fitted}
print(json.dumps({name: 1e3 * seconds for name, seconds in parts.items()}))
