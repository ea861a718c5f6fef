"""Every metric that a scrape may get, and the alerts about them."""

import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.metrics.calls import CallCounts
from bot.metrics.database import DatabaseMetrics
from bot.metrics.meter import Meter
from bot.metrics.panel import PanelRequests
from bot.metrics.process import make_registry
from storage.leases import Lease
from tests.bot.commands.status.test_command import WELL
from tests.fakes import StillClock

PARTS = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}
"""What is added to the name of a metric of some kind."""


DEPLOY = Path(__file__).parents[1] / "deploy"
ALERTS = DEPLOY / "prometheus" / "alerts.yaml"
DASHBOARD = DEPLOY / "grafana" / "panelik.json"
METRIC = re.compile(r"\b(?:panelik|process|python)_[a-z_]+\b")


@cache
def alerts() -> list[Any]:
    """The rules that tell somebody."""
    (group,) = yaml.safe_load(ALERTS.read_text("utf-8"))["groups"]
    rules: list[Any] = group["rules"]
    return rules


def dashboard_queries() -> list[str]:
    """Every query of the dashboard."""
    panels = json.loads(DASHBOARD.read_text("utf-8"))["panels"]
    return [target["expr"] for panel in panels for target in panel.get("targets", ())]


def expressions() -> list[str]:
    """Every expression of the alerts and the dashboard."""
    return [*(alert["expr"] for alert in alerts()), *dashboard_queries()]


def named_metrics(expression: str) -> set[str]:
    """The metrics of an expression that are ours or a process's."""
    return set(METRIC.findall(re.sub(r'"[^"]*"', '""', expression))) - {"panelik"}


@cache
def series() -> dict[str, dict[str, set[str]]]:
    """Every series that a scrape may get, with the values of its labels that are known here."""
    meter = Meter(StillClock(), "1.0")
    CallCounts(meter)
    PanelRequests(meter)
    with meter.update("tap", 1), meter.tick("plan reminders"):
        pass
    lease = Lease("webhook 1", "a", WELL.at, WELL.leases[0].left)
    numbers = replace(WELL, leases=(*WELL.leases, lease))
    families = [*make_registry(meter).collect(), *DatabaseMetrics(numbers).collect()]
    known: dict[str, dict[str, set[str]]] = {}
    for family in families:
        for suffix in PARTS.get(family.type, ("",)):
            known[family.name + suffix] = {}
        for sample in family.samples:
            for label, value in sample.labels.items():
                known.setdefault(sample.name, {}).setdefault(label, set()).add(value)
    return known


def metric_names() -> set[str]:
    """Our own metrics; a histogram goes by its name alone."""
    ours = {name for name in series() if name.startswith("panelik_")}
    histograms = {name.removesuffix("_bucket") for name in ours if name.endswith("_bucket")}
    return {one for one in ours if not one.endswith(PARTS["histogram"])} | histograms
