"""What the schema of Kubernetes cannot say about the manifests; started by jobs/test-manifests."""

import os
import pathlib
import subprocess
import sys

import yaml

program, folder, files = sys.argv[1], pathlib.Path(sys.argv[2]).resolve(), sys.argv[3:]


def pods(document):
    """The pod of a document and, where it is one of many, its Job's spec."""
    spec = document["spec"] if document["kind"] in ("Job", "CronJob") else None
    if document["kind"] == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    return [(spec, spec["template"]["spec"])] if spec else []


def check_privileges(name, pod):
    assert pod["automountServiceAccountToken"] is False, name
    assert pod["restartPolicy"] == "Never", name
    assert pod["securityContext"]["runAsNonRoot"] is True, name
    assert pod["securityContext"]["fsGroupChangePolicy"] == "OnRootMismatch", name
    assert pod["securityContext"]["seccompProfile"]["type"] == "RuntimeDefault", name
    for host in ("hostNetwork", "hostPID", "hostIPC"):
        assert host not in pod, name
    for container in pod["containers"]:
        context = container["securityContext"]
        assert context["allowPrivilegeEscalation"] is False and "privileged" not in context, name
        assert context["readOnlyRootFilesystem"] is True and context["capabilities"] == {"drop": ["ALL"]}, name
        for variable in container.get("env", []):
            assert variable["name"] in ("SHARDS", "SHARD_INDEX"), f"{name}: secrets come as files"
    assert not any("hostPath" in volume for volume in pod["volumes"]), name


def words(container, index):
    """Runs the container's command with a shopmirror that says what it was called with."""
    stub = folder / "stub"
    stub.mkdir(exist_ok=True)
    (stub / "shopmirror").write_text('#!/bin/sh\necho "$*"\n')
    (stub / "shopmirror").chmod(0o755)
    environment = {v["name"]: v["value"] for v in container.get("env", []) if "value" in v}
    environment |= {"PATH": f"{stub}:{os.environ['PATH']}", "SHARD_INDEX": str(index)}
    return subprocess.run(container["command"], env=environment, check=True, capture_output=True, text=True).stdout


def check_shards(name, job, pod):
    container = pod["containers"][0]
    mount = container["volumeMounts"][0]
    if job.get("completionMode") != "Indexed":
        assert "--shard 1/4" in words(container, 0), name
        return
    count = job["completions"]
    assert job["parallelism"] == count, name
    assert mount["subPathExpr"] == "shard-$(SHARD_INDEX)", name
    for index in range(count):
        assert f"--shard {index + 1}/{count}\n" in words(container, index), name


def check_config(text):
    """Everything but the secrets themselves has to be right: the only thing missing may be a token."""
    place = folder / "config"
    place.mkdir(exist_ok=True)
    for secret in ("ne-id", "ne"):
        (place / secret).write_text("a-secret\n")
    text = text.replace("/run/secrets/shopmirror", str(place)).replace("/var/lib/shopmirror", str(place / "state"))
    (place / "config.toml").write_text(text)
    done = subprocess.run([program, "check", "--config", place / "config.toml"], capture_output=True, text=True)
    assert done.returncode == 3 and "needs_authorization" in done.stdout, done.stdout + done.stderr


for file in files:
    for document in yaml.safe_load_all(pathlib.Path(file).read_text()):
        name = f"{file}: {document['kind']} {document['metadata']['name']}"
        if document["kind"] == "ConfigMap":
            check_config(document["data"]["config.toml"])
        for job, pod in pods(document):
            check_privileges(name, pod)
            check_shards(name, job, pod)
        print("ok:", name)
