"""The files of `deploy/` and those for containers at the top: they can be read, and every setting,
metric, label and path in them exists in the code. Tools that are installed check them too."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from bot.commands.status.problems import RECEIVERS, TICKS
from bot.metrics import calls
from bot.setting_problems import env_name
from bot.settings import Settings
from bot.turns import Outcome
from tests.metric_names import (
    alerts,
    dashboard_queries,
    expressions,
    metric_names,
    named_metrics,
    series,
)
from tests.tools import ROOT, run

DEPLOY = ROOT / "deploy"
COMPOSE = [DEPLOY / "compose.yaml", ROOT / "compose.yaml", ROOT / "compose.postgresql.yaml"]
YAML = [*COMPOSE, *sorted(DEPLOY.rglob("*.yaml")), *sorted(DEPLOY.rglob("*.yml"))]
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
FIRING = ROOT / "tests" / "alerts.yaml"
GROWING = ROOT / "docs" / "growing.md"

SETTING = re.compile(r"PANELIK_[A-Z_]+")
LABEL = re.compile(r'(\w+)(?:=|!=|=~|!~)"([^"]*)"')
DYNAMIC = {"job", "instance"}
"""Labels that Prometheus adds."""


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def every_file() -> list[Path]:
    files = [path for path in DEPLOY.rglob("*") if path.is_file() and "secrets" not in path.parts]
    return [*sorted(files), ROOT / "compose.yaml", ROOT / "compose.postgresql.yaml"]


@pytest.mark.parametrize("path", YAML, ids=named)
def test_yaml_can_be_read(path: Path) -> None:
    assert yaml.safe_load(path.read_text("utf-8"))


@pytest.mark.parametrize("path", every_file(), ids=named)
def test_every_setting_in_a_file_exists(path: Path) -> None:
    known = {env_name(name) for name in Settings.model_fields}
    assert set(SETTING.findall(path.read_text("utf-8"))) - known == set()


@pytest.mark.parametrize("expression", [*expressions()])
def test_every_metric_of_alerts_and_dashboard_is_counted(expression: str) -> None:
    known = series()
    names = named_metrics(expression)
    assert names or 'job="panelik"' in expression
    assert names - set(known) == set()


def test_metrics_in_the_documentation_are_counted_and_all_of_ours_are_there() -> None:
    listed = re.findall(r"^\| `(panelik_\w+)` \|", GROWING.read_text("utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(metric_names())


def test_every_alert_says_what_is_wrong_and_is_explained() -> None:
    text = GROWING.read_text("utf-8")
    for alert in alerts():
        assert alert["annotations"]["summary"].endswith(".")
        assert alert["labels"]["severity"] in {"critical", "warning"}
        assert f"| `{alert['alert']}` |" in text
    explained = set(re.findall(r"^\| `(Panelik\w+)` \|", text, re.MULTILINE))
    assert explained == {alert["alert"] for alert in alerts()}


def words(pattern: str) -> set[str]:
    return set(pattern.split("|"))


def test_every_value_of_a_label_in_an_expression_exists() -> None:
    outcomes = {*Outcome, calls.OK, calls.FAILED, calls.CUT_OFF}
    outcomes |= {name for _, name in calls.OUTCOMES}
    known = {"outcome": outcomes, "tick": {*TICKS}, "lease": {*RECEIVERS}}
    for expression in expressions():
        for label, pattern in LABEL.findall(expression):
            if label in DYNAMIC:
                continue
            of_series = [labels.get(label, set()) for labels in series().values()]
            values = known.get(label) or set().union(*of_series)
            assert words(pattern) - values == set(), expression


def test_services_of_the_large_compose_file_are_bare_of_rights() -> None:
    file = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    for name, service in file["services"].items():
        assert service["read_only"] is True, name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["healthcheck"]["test"][0] == "CMD", name
    for name in ("web", "worker"):
        service = file["services"][name]
        assert service["user"] == "1000:1000"
        assert service["cap_drop"] == ["ALL"]
        assert "/health/ready" in service["healthcheck"]["test"][-1]
        metrics = service["environment"]["PANELIK_METRICS_PORT"]
        assert f":{metrics}/" in service["healthcheck"]["test"][-1]
        assert set(service["secrets"]) <= set(file["secrets"])
        assert not set(service["secrets"]) - {f"panelik_{one}" for one in Settings.model_fields}
    prometheus = (DEPLOY / "prometheus" / "prometheus.yml").read_text("utf-8")
    assert f"port: {file['services']['web']['environment']['PANELIK_METRICS_PORT']}" in prometheus


@pytest.mark.parametrize("unit", UNITS, ids=named)
def test_units_run_a_command_that_there_is_without_rights(unit: Path) -> None:
    text = unit.read_text("utf-8")
    assert re.search(r"^ExecStart=\S+/panelik (?:run|work)$", text, re.MULTILINE)
    for line in ("NoNewPrivileges=true", "ProtectSystem=strict", "CapabilityBoundingSet="):
        assert line in text.splitlines()


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
@pytest.mark.parametrize("unit", UNITS, ids=named)
def test_systemd_understands_its_units(unit: Path) -> None:
    said = run("systemd-analyze", "verify", unit).stderr.splitlines()
    assert [line for line in said if "is not executable" not in line] == []


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("promtool"), reason="Prometheus is not installed")
def test_prometheus_understands_its_rules() -> None:
    checked = run("promtool", "check", "config", DEPLOY / "prometheus" / "prometheus.yml")
    assert checked.returncode == 0, checked.stderr
    tested = run("promtool", "test", "rules", FIRING)
    assert tested.returncode == 0, tested.stderr


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("promtool"), reason="Prometheus is not installed")
def test_prometheus_understands_every_query_of_the_dashboard(tmp_path: Path) -> None:
    queries = [one.replace("$__rate_interval", "5m") for one in dashboard_queries()]
    rules = [{"record": f"query:{number}", "expr": one} for number, one in enumerate(queries)]
    file = tmp_path / "queries.yaml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))
    checked = run("promtool", "check", "rules", file)
    assert checked.returncode == 0, checked.stderr
    assert f"{len(queries)} rules found" in checked.stdout


def test_every_alert_is_tried_when_all_is_well_and_when_it_is_not() -> None:
    well, *others = yaml.safe_load(FIRING.read_text("utf-8"))["tests"]
    names = {alert["alert"] for alert in alerts()}
    assert {one["alertname"] for one in well["alert_rule_test"]} == names
    assert not any("exp_alerts" in one for one in well["alert_rule_test"])
    tried = [one for test in others for one in test["alert_rule_test"]]
    assert {one["alertname"] for one in tried if one["exp_alerts"]} == names


def has_compose() -> bool:
    return bool(shutil.which("docker")) and run("docker", "compose", "version").returncode == 0


@pytest.mark.slow
@pytest.mark.skipif(not has_compose(), reason="docker compose is not installed")
@pytest.mark.parametrize("files", [COMPOSE[:1], COMPOSE[1:2], COMPOSE[1:]], ids=str)
def test_docker_understands_its_files(files: list[Path], tmp_path: Path) -> None:
    shutil.copytree(DEPLOY, tmp_path / "deploy")
    for file in COMPOSE[1:]:
        shutil.copy(file, tmp_path)
    (tmp_path / ".env").touch()
    options = [part for file in files for part in ("--file", tmp_path / file.relative_to(ROOT))]
    settings = {"DOMAIN": "bot.example.com", "POSTGRES_PASSWORD": "x"}
    checked = run("docker", "compose", *options, "config", "--quiet", **settings)
    assert checked.returncode == 0, checked.stderr
