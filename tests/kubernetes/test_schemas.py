"""Every object is one that Kubernetes, KEDA, KServe and Prometheus' operator know, with no key that they do not."""

import re
from pathlib import Path
from typing import Any

import pytest

from hailo_piper.config.loading import load_config
from tests.kubernetes.conftest import BUILDS, KUBERNETES, Manifest, build, one, pod_of

VERSIONS = ("1.29", "1.37")
FOREIGN = {"ScaledObject", "ServiceMonitor", "InferenceService"}
"""Kinds that an operator's own definition describes."""
KSERVE_KEYS = {"minReplicas", "maxReplicas", "scaleMetric", "scaleTarget", "labels"}
"""What KServe 0.21's PredictorSpec has beside the pod's own keys, as far as it is used."""


def build_with(component: str, directory: Path) -> list[Manifest]:
    """The base with a component, as an operator's own kustomization has it."""
    own = KUBERNETES / "components" / component
    relative = [Path("../" * len(directory.parts[1:])) / str(path).lstrip("/") for path in (KUBERNETES / "base", own)]
    lines = f"resources: [{relative[0]}]\ncomponents: [{relative[1]}]\nnamespace: hailo-piper\n"
    (directory / "kustomization.yaml").write_text(lines, encoding="utf-8")
    return build(directory)


def check(manifest: Manifest, version: str) -> None:
    validator = pytest.importorskip("kubernetes_validate", reason="pip install kubernetes-validate, or: make k8s-check")
    validator.validate(manifest, version, strict=True)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", BUILDS)
def test_kubernetes_knows_every_key(name: str, version: str) -> None:
    for manifest in build(KUBERNETES / name):
        if manifest["kind"] not in FOREIGN:
            check(manifest, version)


@pytest.mark.parametrize("version", VERSIONS)
def test_kubernetes_knows_every_key_of_the_secret(version: str, tmp_path: Path) -> None:
    objects = build_with("keys", tmp_path)
    for manifest in objects:
        check(manifest, version)
    (mount,) = [found for found in pod_of(objects)["containers"][0]["volumeMounts"] if found["name"] == "keys"]
    variables = {entry["name"]: entry["value"] for entry in pod_of(objects)["containers"][0]["env"]}
    keys = Path(variables["HAILO_PIPER__SERVER__API_KEYS_FILE"])
    assert (str(keys.parent), keys.name) == (mount["mountPath"], *one(objects, "Secret")["stringData"])


def test_a_mistake_is_found() -> None:
    validator = pytest.importorskip("kubernetes_validate")
    wrong = {**one(build(KUBERNETES / "base"), "Service"), "specc": {}}
    with pytest.raises(validator.ValidationError):
        check(wrong, VERSIONS[0])


def unknown_keys(model: Any, manifest: Manifest, path: str = "") -> list[str]:
    """Keys of a manifest that a pydantic model does not know; the models themselves let them pass."""
    known = {field.alias or name: name for name, field in type(model).model_fields.items()}
    found = [f"{path}.{key}" for key in manifest if key not in known]
    for key, value in manifest.items():
        inner = getattr(model, known.get(key, ""), None)
        pairs = zip(inner, value, strict=True) if isinstance(inner, list) else [(inner, value)]
        for part, of in pairs:
            if hasattr(type(part), "model_fields") and isinstance(of, dict):
                found += unknown_keys(part, of, f"{path}.{key}")
    return found


@pytest.mark.parametrize(
    ("kind", "module"),
    [
        ("ScaledObject", "cloudcoil.models.keda.v1alpha1"),
        ("ServiceMonitor", "cloudcoil.models.prometheus_operator.v1"),
    ],
)
def test_the_operators_know_every_key(kind: str, module: str) -> None:
    models = pytest.importorskip(module, reason="they come with: make k8s-check")
    manifest = one(build(KUBERNETES / "overlays" / "keda"), kind)
    assert unknown_keys(getattr(models, kind).model_validate(manifest), manifest) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_an_inference_service_is_a_pod_with_what_kserve_adds(version: str) -> None:
    objects = build(KUBERNETES / "overlays" / "kserve")
    predictor = one(objects, "InferenceService")["spec"]["predictor"]
    pod = {key: value for key, value in predictor.items() if key not in KSERVE_KEYS}
    check({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x"}, "spec": pod}, version)
    images = {container["image"].partition(":")[0] for container in (*pod["containers"], *pod["initContainers"])}
    assert images == {"ghcr.io/example/hailo-piper"}
    (config,) = [volume["configMap"]["name"] for volume in pod["volumes"] if "configMap" in volume]
    assert config == one(objects, "ConfigMap")["metadata"]["name"]


def test_an_inference_service_runs_the_container_of_the_deployment() -> None:
    plain = pod_of(build(KUBERNETES / "base"))
    predictor = one(build(KUBERNETES / "overlays" / "kserve"), "InferenceService")["spec"]["predictor"]
    for key in ("securityContext", "initContainers", "volumes", "terminationGracePeriodSeconds"):
        assert predictor[key] == plain[key], key
    mine, its = plain["containers"][0], predictor["containers"][0]
    differing = {key for key in mine if mine[key] != its[key]}
    assert differing == {"name", "ports", "startupProbe", "readinessProbe", "livenessProbe"}


def test_the_configuration_is_a_right_one(tmp_path: Path) -> None:
    file = tmp_path / "hailo-piper.yaml"
    file.write_text(one(build(KUBERNETES / "base"), "ConfigMap")["data"][file.name], encoding="utf-8")
    load_config(file)


def test_the_pod_ends_after_the_service() -> None:
    pod = pod_of(build(KUBERNETES / "base"))
    container = pod["containers"][0]
    variables = {entry["name"]: float(entry["value"]) for entry in container["env"]}
    drain, stop = (variables[f"HAILO_PIPER__SERVER__{name}_SECONDS"] for name in ("DRAIN", "STOP"))
    assert (
        pod["terminationGracePeriodSeconds"]
        >= container["lifecycle"]["preStop"]["sleep"]["seconds"] + drain + stop + 15
    )
    # Two probes must have failed, and the news have gone round, before the pod takes no more.
    probe = container["readinessProbe"]
    assert drain > probe["periodSeconds"] * probe["failureThreshold"]


def test_everything_selects_the_pods() -> None:
    objects = build(KUBERNETES / "base")
    labels = one(objects, "Deployment")["spec"]["template"]["metadata"]["labels"].items()
    selectors = [one(objects, "Service")["spec"]["selector"]]
    selectors += [
        one(objects, kind)["spec"]["selector"]["matchLabels"] for kind in ("Deployment", "PodDisruptionBudget")
    ]
    selectors.append(one(objects, "NetworkPolicy")["spec"]["podSelector"]["matchLabels"])
    assert all(selector and selector.items() <= labels for selector in selectors)


STRUCTURE = {
    "apiVersion", "kind", "metadata", "name", "spec", "template", "data", "value", "pairs", "containers", "httpGet",
    "securityContext", "podSelector", "claimName", "containerResource", "resources",
}  # fmt: skip
"""Keys that only hold others, or name what is said elsewhere."""


def test_every_line_has_its_reason() -> None:
    reasons = (KUBERNETES / "README.md").read_text(encoding="utf-8")
    for path in (KUBERNETES / "base").glob("*.yaml"):
        keys = set(re.findall(r"^[ -]*([a-z][A-Za-z]+):", path.read_text(encoding="utf-8"), flags=re.MULTILINE))
        assert {key for key in keys - STRUCTURE if key not in reasons} == set(), path
