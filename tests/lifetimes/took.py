"""What the Python package lifetimes makes of sales: its summary, its fits and its CLV, and how long each takes.

As a program: milliseconds for CDNOW, as JSON.
"""

import json
import time
import warnings

import pandas as pd

warnings.filterwarnings("ignore")

from lifetimes import BetaGeoFitter, GammaGammaFitter  # noqa: E402
from lifetimes.datasets import load_dataset  # noqa: E402
from lifetimes.utils import summary_data_from_transaction_data  # noqa: E402

CDNOW_ENDS = "1998-06-30"


def cdnow():
    """A row a sale, as the package ships them."""
    columns = ["client", "date", "cds", "dollars"]
    frame = load_dataset("CDNOW_master.txt", sep=r"\s+", header=None, skiprows=1, names=columns)
    frame["date"] = pd.to_datetime(frame.date, format="%Y%m%d")
    return frame


def weeks(summary):
    """x, t_x and T of every client."""
    return summary.frequency, summary.recency / 7, summary["T"] / 7


def clv(events, spend, summary):
    x, t_x, T = weeks(summary)
    return spend.customer_lifetime_value(
        events, x, t_x, T, summary.monetary_value, time=12, discount_rate=0.01, freq="W"
    )


def fitted(frame, as_of):
    """Summary and both fits, and milliseconds of each step up to CLV."""
    began = time.perf_counter()
    summary = summary_data_from_transaction_data(
        frame, "client", "date", "dollars", observation_period_end=as_of, freq="D"
    )
    summed = time.perf_counter()
    events, spend = BetaGeoFitter(), GammaGammaFitter()
    events.fit(*weeks(summary))
    spenders = summary[(summary.frequency > 0) & (summary.monetary_value > 0)]
    spend.fit(spenders.frequency, spenders.monetary_value)
    done = time.perf_counter()
    clv(events, spend, summary)
    ended = time.perf_counter()
    took = {"summary": summed - began, "fits": done - summed, "clv": ended - done}
    return summary, events, spend, {name: 1e3 * seconds for name, seconds in took.items()}


def main():
    began = time.perf_counter()
    frame = cdnow()
    read = 1e3 * (time.perf_counter() - began)
    print(json.dumps({"read": read, **fitted(frame, CDNOW_ENDS)[3]}))


if __name__ == "__main__":
    main()
